package benchmark

import "strings"

// QAF1 is the F1 of the answer's words and the gold answer's, as SQuAD has it:
// lower case, ASCII punctuation removed, then the articles a, an and the.
func QAF1(answer, gold string) float64 {
	return f1(squadWords(answer), squadWords(gold))
}

// QAF1Zh is the F1 of the words that jieba finds, in lower case, without white
// space and without Latin and Chinese punctuation.
func QAF1Zh(answer, gold string) float64 {
	return f1(chineseWords(answer), chineseWords(gold))
}

// f1 is the harmonic mean of precision and recall of words with their counts.
func f1(answer, gold []string) float64 {
	left := map[string]int{}
	for _, w := range gold {
		left[w]++
	}
	common := 0
	for _, w := range answer {
		if left[w] > 0 {
			left[w]--
			common++
		}
	}
	if common == 0 {
		return 0
	}
	precision := float64(common) / float64(len(answer))
	recall := float64(common) / float64(len(gold))
	return 2 * precision * recall / (precision + recall)
}

func squadWords(s string) []string {
	s = strings.Map(func(r rune) rune {
		if isASCIIPunct(r) {
			return -1
		}
		return r
	}, lower(s))
	var out strings.Builder
	for s != "" {
		end := strings.IndexFunc(s, func(r rune) bool { return !isWordRune(r) })
		if end < 0 {
			end = len(s)
		}
		switch word := s[:end]; word {
		case "a", "an", "the":
			out.WriteByte(' ')
		default:
			out.WriteString(word)
		}
		s = s[end:]
		next := strings.IndexFunc(s, isWordRune)
		if next < 0 {
			next = len(s)
		}
		out.WriteString(s[:next])
		s = s[next:]
	}
	return fields(out.String())
}

// chinesePunctuation is what LongBench removes beside ASCII punctuation.
const chinesePunctuation = "！？｡。＂＃＄％＆＇（）＊＋，－／：；＜＝＞＠［＼］＾＿｀｛｜｝～｟｠｢｣､、〃》「」『』【】〔〕〖〗〘〙〚〛〜〝〞〟〰〾〿–—‘’‛“”„‟…‧﹏."

func chineseWords(s string) []string {
	var words []string
	for _, w := range segment(s) {
		w = strings.Map(func(r rune) rune {
			if isASCIIPunct(r) || isSpace(r) || strings.ContainsRune(chinesePunctuation, r) {
				return -1
			}
			return r
		}, lower(w))
		if w != "" {
			words = append(words, w)
		}
	}
	return words
}
