package task

import (
	"math"
	"slices"
	"strings"
	"unicode"
)

// The lexical solver answers questions with the sentences that share the most
// words with them, rare words counting more. It understands nothing.

// terms are the words of s in lower case, without endings; a Han character is a
// word.
func terms(s string) []string {
	var out []string
	var word []rune
	flush := func() {
		if len(word) > 0 {
			out = append(out, stem(string(word)))
			word = word[:0]
		}
	}
	for _, r := range s {
		switch {
		case unicode.Is(unicode.Han, r):
			flush()
			out = append(out, string(r))
		case unicode.IsLetter(r) || unicode.IsDigit(r):
			word = append(word, unicode.ToLower(r))
		default:
			flush()
		}
	}
	flush()
	return out
}

func stem(w string) string {
	for _, ending := range []string{"ing", "ed", "es", "s", "e"} {
		if short, ok := strings.CutSuffix(w, ending); ok && len(short) >= 3 {
			return short
		}
	}
	return w
}

// sentences splits text at full stops, question marks, exclamation marks and
// empty lines, in Latin and Chinese.
func sentences(text string) []string {
	var out []string
	start := 0
	add := func(end int) {
		if s := strings.Join(strings.Fields(text[start:end]), " "); s != "" {
			out = append(out, s)
		}
		start = end
	}
	for i, r := range text {
		end := i + len(string(r))
		switch {
		case strings.ContainsRune("。？！", r),
			strings.ContainsRune(".?!", r) && (end == len(text) || unicode.IsSpace(rune(text[end]))),
			r == '\n' && end < len(text) && text[end] == '\n':
			add(end)
		}
	}
	add(len(text))
	return out
}

// index weighs the terms of units by how few of them have each.
type index struct {
	units  []map[string]bool
	weight map[string]float64
}

func newIndex(units []string) index {
	x := index{weight: map[string]float64{}}
	for _, u := range units {
		set := map[string]bool{}
		for _, t := range terms(u) {
			if !set[t] {
				set[t] = true
				x.weight[t]++
			}
		}
		x.units = append(x.units, set)
	}
	for t, n := range x.weight {
		x.weight[t] = math.Log(1 + float64(len(units))/n)
	}
	return x
}

// rank are the units that share the most with query, best first, ties in order.
func (x index) rank(query string) []int {
	asked := terms(query)
	slices.Sort(asked)
	asked = slices.Compact(asked)
	scores := make([]float64, len(x.units))
	order := make([]int, len(x.units))
	for i, unit := range x.units {
		order[i] = i
		for _, t := range asked {
			if unit[t] {
				scores[i] += x.weight[t]
			}
		}
		scores[i] /= math.Sqrt(10 + float64(len(unit))) // a long unit has many words by chance
	}
	slices.SortStableFunc(order, func(a, b int) int {
		switch {
		case scores[a] > scores[b]:
			return -1
		case scores[a] < scores[b]:
			return 1
		}
		return 0
	})
	return order
}

// answerFrom is the sentence nearest to question and the one nearest to both,
// which is where a second step of the question leads.
func answerFrom(text, question string) string {
	all := sentences(text)
	if len(all) == 0 {
		return ""
	}
	x := newIndex(all)
	first := x.rank(question)[0]
	for _, second := range x.rank(question + " " + all[first]) {
		if second != first {
			return all[first] + " " + all[second]
		}
	}
	return all[first]
}
