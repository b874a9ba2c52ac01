package corpus

import (
	"strings"

	"golang.org/x/text/encoding/japanese"
	"golang.org/x/text/encoding/simplifiedchinese"
)

// Chinese and Japanese word lists, most frequent first. Behind them stand, at
// low weight, all level-1 characters of GB 2312 (3755) and JIS X 0208 (2965):
// a glyph cache must meet as many different characters as in real text.
const (
	chineseWordList = `我们 他们 自己 时候 没有 已经 可以 问题 工作 生活 时间 地方 东西 孩子 学生 老师 朋友 先生 母亲 父亲
国家 社会 世界 历史 文化 经济 政府 公司 市场 技术 科学 研究 发展 方法 系统 数据 信息 网络 语言 文字 图像 模型 计算 机器
城市 农村 道路 房子 房间 窗户 桌子 椅子 书本 报纸 电影 音乐 春天 夏天 秋天 冬天 早晨 晚上 太阳 月亮 星星 天空 大海 高山
河流 森林 花园 树木 动物 植物 医生 病人 医院 身体 健康 食物 水果 蔬菜 米饭 茶叶 衣服 颜色 声音 光线 空气 温度 天气 风景
故事 小说 诗歌 作者 读者 内容 章节 标题 段落 句子 意思 思想 感情 希望 理想 原因 结果 条件 过程 目标 计划 项目 合同 法律
规定 权利 义务 责任 制度 组织 成员 会议 报告 文件 表格 数字 价格 成本 利润 银行 货币 贸易 工厂 产品 质量 标准 设备 材料
能源 石油 电力 交通 火车 飞机 汽车 车站 机场 港口 边境 军队 战争 和平 革命 改革 教育 学校 大学 课程 考试 知识 经验 能力
水平 机会 困难 危险 安全 速度 力量 影响 关系 变化 增长 下降 北京 上海 广州 南京 长江 黄河 中国 美国 英国 法国 德国 日本`
	chineseVerbList = `是 有 说 看 想 做 去 来 给 用 要 知道 觉得 认为 开始 继续 发现 提出 进行 需要 使用 解决 研究 讨论 决定
选择 支持 反对 参加 组织 准备 完成 实现 提高 降低 增加 减少 改变 保持 保护 影响 帮助 允许 禁止 要求 建议 介绍 说明 证明
表示 回答 询问 寻找 等待 离开 回到 走进 打开 关闭 拿起 放下 写下 读完 听见 看见 记得 忘记 喜欢 害怕 相信 怀疑 接受 拒绝`
	chineseSmallList = `的 的 了 在 和 也 就 都 而 很 又 不 把 被 从 对 向 与 及 其 这 那 一个 这个 那个 每个 所有 许多 几个 因为 所以 但是 如果 虽然 于是 然后 以及 或者 非常 更加 突然 慢慢 终于 曾经 正在 将要`
	chineseMarks     = `， ， ， 、 ； ：`
	chineseEnds      = `。 。 。 。 ！ ？`
	chineseLatinList = `API GPU CPU PDF HTML Linux Windows Python GDP WTO DNA App AI VLM OCR PNG Unicode Wi-Fi iPhone CEO 5G Web Server Java Go`
	japaneseNounList = `私 彼 彼女 人 時間 今日 明日 昨日 言葉 仕事 会社 学校 先生 学生 友達 家族 父 母 子供 世界 日本 東京 京都 大阪 北海道
社会 経済 政治 文化 歴史 科学 技術 研究 問題 方法 結果 理由 意味 情報 画像 文字 文章 物語 小説 作家 読者 音楽 映画 写真 新聞
電車 駅 車 道 町 村 山 川 海 空 雨 雪 風 春 夏 秋 冬 朝 昼 夜 花 木 森 鳥 犬 猫 魚 水 火 手 目 耳 口 心 声 部屋 窓 机 椅子 本
手紙 約束 夢 希望 不安 平和 戦争 法律 権利 責任 契約 条件 規則 会議 報告 資料 数字 価格 市場 銀行 工場 製品 品質 電気 機械`
	japaneseKanaList = `データ システム ソフトウェア コンピュータ ネットワーク サービス プログラム ファイル ページ テキスト モデル ライセンス ユーザー
サーバー テーブル コーヒー レストラン ホテル バス タクシー テレビ ニュース スポーツ チーム メンバー プロジェクト アイデア イメージ
デザイン カメラ ドア ガラス ポケット ノート ペン メール インターネット ウェブサイト バージョン パッケージ ディレクトリ`
	japaneseVerbList  = `した している しました します でした です である ではない と思う と言った を見た を読んだ を書いた に行った から来た が始まった が終わった を考える を使う を作る を調べる を変える に気づいた を忘れた を待っている が必要だ ができる かもしれない ことになった ようだった`
	japaneseParticles = `は が を に で と も の の の へ から まで より には では という について によって として`
	japaneseSmallList = `この その あの ある しかし そして また だから もし とても すぐに やがて ずっと まだ もう 少し たくさん きっと たぶん ゆっくり`
)

var (
	chineseWords = newZipf(4, fields(chineseWordList), rows(chineseDecode, 0xB0, 0xD7))
	chineseVerbs = newZipf(8, fields(chineseVerbList))
	chineseSmall = newZipf(3, fields(chineseSmallList))
	cjkLatin     = newZipf(4, fields(chineseLatinList), fields(termNounList))

	japaneseNouns = newZipf(4, fields(japaneseNounList), fields(japaneseKanaList), rows(japaneseDecode, 0xB0, 0xCF))
	japaneseVerbs = newZipf(4, fields(japaneseVerbList))
	japaneseWords = newZipf(3, fields(japaneseSmallList))
	japaneseLinks = newZipf(3, fields(japaneseParticles))
)

func chineseDecode(b string) (string, error) {
	return simplifiedchinese.GBK.NewDecoder().String(b)
}

func japaneseDecode(b string) (string, error) {
	return japanese.EUCJP.NewDecoder().String(b)
}

// rows returns the characters of the rows first..last of a 94×94 character
// set, which decode understands in its EUC form.
func rows(decode func(string) (string, error), first, last int) []string {
	var out []string
	for row := first; row <= last; row++ {
		for cell := 0xA1; cell <= 0xFE; cell++ {
			s, err := decode(string([]byte{byte(row), byte(cell)}))
			if err != nil || strings.ContainsRune(s, '\uFFFD') || s >= "\ue000" && s < "\uf900" {
				continue
			}
			out = append(out, s)
		}
	}
	// The standards order characters by sound. A stride puts frequent and
	// rare sounds side by side.
	mixed := make([]string, len(out))
	for i := range out {
		mixed[i] = out[i*1009%len(out)]
	}
	return mixed
}

var (
	chineseMark = strings.Fields(chineseMarks)
	chineseEnd  = strings.Fields(chineseEnds)
)

// chineseBlock appends a paragraph of simplified Chinese.
func (g *generator) chineseBlock() {
	if g.step%30 == 0 {
		g.put("第")
		g.number(g.step/30+1, 0)
		g.put("章 ")
		g.bare(&chineseWords)
		g.put("的")
		g.bare(&chineseWords)
		g.put("\n\n")
	}
	if g.one(2) {
		g.put("　　")
	}
	for range 2 + g.n(6) {
		for c := 1 + g.n(4); c > 0; c-- {
			g.chineseClause()
			if c > 1 {
				g.pick(chineseMark)
			}
		}
		g.pick(chineseEnd)
	}
	g.put("\n\n"[:1+g.n(2)])
}

func (g *generator) chineseClause() {
	g.bare(&chineseSmall)
	g.bare(&chineseWords)
	for range 1 + g.n(3) {
		switch g.n(24) {
		case 0:
			g.put(" ")
			g.bare(&cjkLatin)
			g.put(" ")
		case 1:
			g.number(1900+g.n(130), 0)
			g.put("年")
			g.number(1+g.n(12), 0)
			g.put("月")
		case 2:
			g.pick([]string{"“", "《", "（"})
			end := map[string]string{"“": "”", "《": "》", "（": "）"}[string(g.buf[len(g.buf)-3:])]
			g.bare(&chineseWords)
			g.bare(&chineseWords)
			g.put(end)
		case 3:
			g.number(g.n(1000), 0)
			g.put("%")
		default:
			g.bare(&chineseVerbs)
			g.bare(&chineseSmall)
			g.bare(&chineseWords)
		}
	}
}

// japaneseBlock appends a paragraph of Japanese.
func (g *generator) japaneseBlock() {
	if g.one(2) {
		g.put("　")
	}
	for range 2 + g.n(6) {
		if g.one(3) {
			g.bare(&japaneseWords)
			g.put("、")
		}
		for c := 1 + g.n(4); c > 0; c-- {
			switch g.n(16) {
			case 0:
				g.bare(&cjkLatin)
			case 1:
				g.number(g.n(3000), 0)
				g.put("年")
			case 2:
				g.put("「")
				g.bare(&japaneseNouns)
				g.bare(&japaneseNouns)
				g.put("」")
			default:
				g.bare(&japaneseNouns)
			}
			g.bare(&japaneseLinks)
			if g.one(5) {
				g.put("、")
			}
		}
		g.bare(&japaneseNouns)
		g.bare(&japaneseVerbs)
		g.put("。")
	}
	g.put("\n\n"[:1+g.n(2)])
}
