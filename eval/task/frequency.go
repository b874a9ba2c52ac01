package task

import (
	"cmp"
	"fmt"
	"math"
	"math/rand/v2"
	"regexp"
	"slices"
	"strings"
)

// commonWords is RULER's cwe: ten words that stand 30 times each in a numbered
// list, among others that stand three times each.
type commonWords struct{ matchAll }

const (
	commonCount      = 10
	commonFrequency  = 30
	uncommonTimes    = 3
	shortList        = 4096 // under it the common words would be most of the list
	shortFrequency   = 6    // RULER's setting for lists that short
	frequentCount    = 3
	frequentExponent = 2.0
)

var (
	commonQuestion = fmt.Sprintf("The numbered list repeats its words. Which %d words stand in it most often? "+
		"Answer with these words alone, separated by commas.", commonCount)
	frequentQuestion = fmt.Sprintf("The text is made of coded words. Which %d of them stand in it most often? "+
		"Do not count the dots. Answer with these words alone, separated by commas.", frequentCount)
)

func newCommonWords(name string, o *Options) (*Set, error) {
	t := commonWords{matchAll{name}}
	return o.generate(t, t.probe)
}

func (t commonWords) probe(o *Options, rng *rand.Rand, length int) (*Probe, error) {
	p := &Probe{Gold: distinctWords(rng, commonCount, nil)}
	frequency := commonFrequency
	if length < shortList {
		frequency = shortFrequency
	}
	p.Question = commonQuestion

	shuffle := rng.Uint64()
	var uncommon []string
	seen := map[string]bool{}
	for _, w := range p.Gold {
		seen[w] = true
	}
	var err error
	p.Text, err = o.fit(length, 1<<17, p.Question, func(units int) string {
		for len(uncommon) < units {
			w := coin(rng)
			if !seen[w] && !slices.ContainsFunc(p.Gold, func(g string) bool { return distance(g, w) < 3 }) {
				seen[w] = true
				uncommon = append(uncommon, w)
			}
		}
		var list []string
		for _, w := range p.Gold {
			list = append(list, slices.Repeat([]string{w}, frequency)...)
		}
		for _, w := range uncommon[:units] {
			list = append(list, slices.Repeat([]string{w}, uncommonTimes)...)
		}
		r := rand.New(rand.NewPCG(shuffle, 0))
		r.Shuffle(len(list), func(i, j int) { list[i], list[j] = list[j], list[i] })
		var b strings.Builder
		for i, w := range list {
			if i > 0 {
				b.WriteByte(' ')
			}
			fmt.Fprintf(&b, "%d. %s", i+1, w)
		}
		return b.String()
	})
	return p, err
}

// distinctWords are n coined words, each at least three edits from the others
// and from avoid.
func distinctWords(rng *rand.Rand, n int, avoid []string) []string {
	var words []string
	for len(words) < n {
		w := coin(rng)
		if !slices.ContainsFunc(slices.Concat(words, avoid), func(other string) bool { return distance(w, other) < 3 }) {
			words = append(words, w)
		}
	}
	return words
}

var listItem = regexp.MustCompile(`[0-9]+[.,:]\s*([A-Za-z]+)`)

func (t commonWords) Solve(p *Probe, transcript string) string {
	var words []string
	for _, m := range listItem.FindAllStringSubmatch(transcript, -1) {
		words = append(words, m[1])
	}
	return strings.Join(mostFrequent(words, commonCount), ", ")
}

// mostFrequent are the n words that stand most often, counting with each its
// misreadings: rarer words at one edit from it.
func mostFrequent(words []string, n int) []string {
	counts := map[string]int{}
	for _, w := range words {
		counts[strings.ToLower(w)]++
	}
	type counted struct {
		word  string
		count int
	}
	var ranked []counted
	for w, c := range counts {
		ranked = append(ranked, counted{w, c})
	}
	byCount := func(a, b counted) int {
		return cmp.Or(cmp.Compare(b.count, a.count), cmp.Compare(a.word, b.word))
	}
	slices.SortFunc(ranked, byCount)
	// What is far down the list cannot be among the first by its misreadings.
	head := ranked[:min(len(ranked), 4*n)]
	for i := range head {
		for _, other := range ranked[i+1:] {
			if gap := len(other.word) - len(head[i].word); gap >= -1 && gap <= 1 && distance(head[i].word, other.word) == 1 {
				head[i].count += other.count
			}
		}
	}
	slices.SortFunc(head, byCount)
	var out []string
	for _, h := range head[:min(len(head), n)] {
		out = append(out, h.word)
	}
	return out
}

// frequentWords is RULER's fwe: coded words whose counts fall with the square
// of their rank. The first rank is dots, which do not count, and the next three
// are asked for.
type frequentWords struct{ matchAll }

func newFrequentWords(name string, o *Options) (*Set, error) {
	t := frequentWords{matchAll{name}}
	return o.generate(t, t.probe)
}

const dots = "..."

func (t frequentWords) probe(o *Options, rng *rand.Rand, length int) (*Probe, error) {
	p := &Probe{Question: frequentQuestion}
	vocabulary := []string{dots}
	for size := max(length/50, 10); len(vocabulary) < size; {
		w := randomString(rng, 6, lowerLetters)
		near := vocabulary[1:min(len(vocabulary), 8)] // the ranks that a misreading could change
		if !slices.ContainsFunc(near, func(other string) bool { return distance(w, other) < 3 }) {
			vocabulary = append(vocabulary, w)
		}
	}
	p.Gold = vocabulary[1 : 1+frequentCount]
	shuffle := rng.Uint64()
	var err error
	p.Text, err = o.fit(length, 1<<20, p.Question, func(units int) string {
		// As many words as 32 a unit, in zeta proportions.
		zeta := math.Pi * math.Pi / 6
		var text []string
		for i, w := range vocabulary {
			count := int(float64(32*units) * math.Pow(float64(i+1), -frequentExponent) / zeta)
			text = append(text, slices.Repeat([]string{w}, count)...)
		}
		r := rand.New(rand.NewPCG(shuffle, 0))
		r.Shuffle(len(text), func(i, j int) { text[i], text[j] = text[j], text[i] })
		return strings.Join(text, " ")
	})
	return p, err
}

var codedWord = regexp.MustCompile(`[A-Za-z]{3,}`)

func (t frequentWords) Solve(p *Probe, transcript string) string {
	return strings.Join(mostFrequent(codedWord.FindAllString(transcript, -1), frequentCount), ", ")
}
