package corpus

// tongue is one language of the multilingual kind: words in frequency order
// and how sentences are put together.
type tongue struct {
	words zipf
	space string // between words
	comma string
	end   string
}

// speak returns a language whose words are the list plus pairs of them, so
// that the number of forms is not that of the list.
func speak(list, joint, space, comma, end string) tongue {
	w := fields(list)
	pairs := cross(w, w, joint)
	return tongue{words: newZipf(6, w, pairs[:min(len(pairs), 1500)]), space: space, comma: comma, end: end}
}

var tongues = []tongue{
	// French, German, Polish, Turkish and Vietnamese, composed letters.
	speak(`le la les de des un une et est à il elle nous vous où déjà été très après être même père mère forêt
château garçon français leçon cœur œuvre naïf Noël île août hôtel fenêtre lumière rivière château élève théâtre`, "-", " ", ", ", ". "),
	speak(`der die das und ist nicht für über auch können müssen wäre schön größer Straße Fluss Bücher Mädchen Tür
Schlüssel Übung Änderung Öl weiß heißt Grüße natürlich Geschichte Wissenschaft Gesellschaft Verantwortung`, "", " ", ", ", ". "),
	speak(`i w na z się nie jest że było już także człowiek życie dzień książka świat wiele ćwiczenie źródło żółty
łódź gęś jaźń dziękuję przyjaciel szczęście miłość pięć dziewięć`, "-", " ", ", ", ". "),
	speak(`bir ve bu için çok değil gün iyi şey çocuk güzel ışık ağaç öğretmen şehir yağmur göz düşünce dünya İstanbul
kitap sığınak büyük küçük`, "", " ", ", ", ". "),
	speak(`và là của có không người được những một trong để với cho đã này khi nước việc thời gian đường trường học
quyển sách tiếng Việt thành phố hạnh phúc`, " ", " ", ", ", ". "),
	// Latin letters with combining marks (decomposed), some with two.
	speak("cafe\u0301 nai\u0308ve re\u0301sume\u0301 an\u0303o u\u0308ber a\u030angstro\u0308m s\u030cpecia\u0301l z\u0307o\u0301\u0142w o\u0302\u0323 a\u0306\u0301 e\u0304\u0300 n\u0301a m\u0304 y\u0303 x\u0327 q\u0307",
		" ", " ", ", ", ". "),
	// Greek, Russian, Ukrainian.
	speak(`και το να του η ο με για από είναι στην που δεν άνθρωπος θάλασσα ήλιος χρόνος λόγος αλήθεια ουρανός ελευθερία
γράμμα βιβλίο πόλη δρόμος φιλοσοφία μουσική ζωή`, "", " ", ", ", ". "),
	speak(`и в не на я что он с как это по но они мы человек время жизнь день рука слово дело город дорога вода земля
свет письмо книга история наука общество правительство ответственность ёлка объект съезд`, "-", " ", ", ", ". "),
	speak(`і у не на що він як це але ми людина час життя день слово місто їжа є ґанок любов щастя вогонь пам'ять`, "-", " ", ", ", ". "),
	// Arabic, Hebrew: right to left.
	speak(`في من على إلى أن هذا التي كان مع عن لا ما كتاب مدرسة بيت ماء شمس قمر ليل نهار حياة سلام مدينة طريق كلمة علم تاريخ
لغة سؤال جواب مُحَمَّد السَّلَامُ لَا`, " و", " ", "، ", ". "),
	speak(`של את על לא הוא היא זה עם כי אני יש אם כל גם בית ספר מים שמש לילה יום חיים שלום עיר דרך מילה שאלה תשובה היסטוריה
שָׁלוֹם בְּרֵאשִׁית`, "־", " ", ", ", ". "),
	// Devanagari, Thai (no spaces between words), Korean.
	speak(`और है के में की से को का यह नहीं पर एक वह था लिए समय जीवन दिन किताब पानी सूर्य चन्द्रमा विद्यालय शिक्षा इतिहास
प्रश्न उत्तर मित्र स्वतंत्रता क्षेत्र ज्ञान श्री`, "-", " ", ", ", "। "),
	speak(`ที่ และ ใน เป็น ของ ไม่ ได้ มี จะ ว่า คน วัน บ้าน น้ำ เมือง หนังสือ โรงเรียน ประเทศ ภาษา ชีวิต เวลา ความรัก ผู้ใหญ่ เด็ก
พระอาทิตย์ ถนน`, "", "", " ", " "),
	speak(`이 그 저 것 수 나 우리 사람 시간 하루 학교 책 물 하늘 바다 산 나무 도시 길 말 이야기 역사 문제 대답 친구 사랑 평화 자유 과학 기술
한국 서울 있다 없다 했다 간다 읽었다`, "", " ", ", ", ". "),
}

// emoji: plain, with a skin tone, joined by U+200D, flags, a keycap.
var emoji = []string{
	"😀", "🎉", "🚀", "✅", "❤️", "🔥", "🌍", "📄", "👍", "👍🏽", "👩‍💻", "👨‍👩‍👧‍👦", "🏳️‍🌈", "🇫🇷", "🇯🇵", "1️⃣", "☕", "🐱",
}

// multilingualBlock appends a paragraph in one language, or one that mixes
// languages within a line.
func (g *generator) multilingualBlock() {
	home := g.n(len(tongues) + 4)
	for range 2 + g.n(4) {
		switch k := home; {
		case k < len(tongues):
			g.utter(&tongues[k])
		case k == len(tongues):
			g.utter(&tongues[g.n(len(tongues))])
		case k == len(tongues)+1:
			g.chineseClause()
			g.put("。")
		case k == len(tongues)+2:
			g.bare(&japaneseNouns)
			g.bare(&japaneseLinks)
			g.bare(&japaneseVerbs)
			g.put("。")
		default:
			g.sentence(prose)
			g.utter(&tongues[g.n(len(tongues))])
		}
		if g.one(6) {
			g.pick(emoji)
			g.put(" ")
		}
	}
	g.mark("\n")
	if g.one(3) {
		g.put("\n")
	}
}

func (g *generator) utter(t *tongue) {
	n := 5 + g.n(12)
	for i := range n {
		switch {
		case i == 0:
		case g.one(9):
			g.put(t.comma)
		default:
			g.put(t.space)
		}
		if g.one(30) {
			g.number(g.n(10_000), 0)
			continue
		}
		g.bare(&t.words)
	}
	g.put(t.end)
}
