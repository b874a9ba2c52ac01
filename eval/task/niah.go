package task

import (
	"cmp"
	"math/rand/v2"
	"slices"
	"strings"

	"github.com/glyphkit/glyph/internal/benchmark"
)

// haystack is what needles are hidden in.
type haystack string

const (
	noiseHaystack  haystack = "noise"
	essayHaystack  haystack = "essay"
	needleHaystack haystack = "needle" // of needles that are not asked for
)

// needleKind is what a key or value is.
type needleKind string

const (
	wordKind   needleKind = "word"
	numberKind needleKind = "number" // of seven digits
	uuidKind   needleKind = "uuid"
)

// niahKind is one of RULER's eight needle tasks (Hsieh et al. 2024, table 5).
type niahKind struct {
	name               string
	haystack           haystack
	key, value         needleKind
	keys, values, asks int // keys planted, values of each, keys asked for
}

var niahKinds = []niahKind{
	{"niah_single_1", noiseHaystack, wordKind, numberKind, 1, 1, 1},
	{"niah_single_2", essayHaystack, wordKind, numberKind, 1, 1, 1},
	{"niah_single_3", essayHaystack, wordKind, uuidKind, 1, 1, 1},
	{"niah_multikey_1", essayHaystack, wordKind, numberKind, 4, 1, 1},
	{"niah_multikey_2", needleHaystack, wordKind, numberKind, 1, 1, 1},
	{"niah_multikey_3", needleHaystack, uuidKind, uuidKind, 1, 1, 1},
	{"niah_multivalue", essayHaystack, wordKind, numberKind, 1, 4, 1},
	{"niah_multiquery", essayHaystack, wordKind, numberKind, 4, 1, 4},
}

type niah struct {
	matchAll
	kind niahKind
}

func newNIAH(name string, o *Options) (*Set, error) {
	i := slices.IndexFunc(niahKinds, func(k niahKind) bool { return "ruler/"+k.name == name })
	t := niah{matchAll{name}, niahKinds[i]}
	return o.generate(t, t.probe)
}

// matchAll is the scoring of RULER's tasks but for its questions.
type matchAll struct{ name string }

func (t matchAll) Name() string   { return t.name }
func (t matchAll) Metric() string { return "string_match_all" }

func (t matchAll) Score(p *Probe, answer string) Score {
	if len(p.Gold) == 0 {
		return noGold
	}
	answer = clean(answer)
	return scored(benchmark.StringMatchAll(answer, p.Gold), answer)
}

// noun is what a value is called in needles and questions.
func (k needleKind) noun() string {
	if k == uuidKind {
		return "access code"
	}
	return "access number"
}

func (k needleKind) random(rng *rand.Rand) string {
	if k == uuidKind {
		return uuid(rng)
	}
	return digitString(rng, 7)
}

func (t niah) lead(key string) string { return "the " + t.kind.value.noun() + " for " + key + " is" }

func (t niah) needle(key, value string) string {
	return "Note that " + t.lead(key) + " " + value + "."
}

func (t niah) probe(o *Options, rng *rand.Rand, length int) (*Probe, error) {
	k := t.kind
	p := &Probe{}
	atMost := 1 << 20
	// Keys of the needles and, after them, of a haystack of needles.
	var key func(i int) string
	if k.key == uuidKind {
		seed := rng.Uint64()
		key = func(i int) string { return uuid(rand.New(rand.NewPCG(seed, uint64(i)))) }
	} else {
		all := keys(rng, len(adjectives)*len(nouns))
		key = func(i int) string { return all[i] }
		if k.haystack == needleHaystack {
			atMost = len(all) - k.keys
		}
	}
	type needle struct {
		sentence, value string
		depth           float64
	}
	var needles []needle
	for i := range k.keys {
		if i < k.asks {
			p.Asked = append(p.Asked, key(i))
		}
		for range k.values {
			n := needle{value: k.value.random(rng), depth: rng.Float64()}
			n.sentence = t.needle(key(i), n.value)
			needles = append(needles, n)
			if i < k.asks {
				p.Gold, p.Depths = append(p.Gold, n.value), append(p.Depths, n.depth)
			}
		}
	}
	p.Question = t.question(p.Asked)

	var sentences []string
	var next func() string
	switch k.haystack {
	case noiseHaystack:
		next = noise()
	case essayHaystack:
		next = essay(rng)
	case needleHaystack:
		i := k.keys
		next = func() string {
			i++
			return t.needle(key(i-1), k.value.random(rng))
		}
	}
	// From the end, so that places stay while needles are put in.
	slices.SortStableFunc(needles, func(a, b needle) int { return cmp.Compare(b.depth, a.depth) })
	var err error
	p.Text, err = o.fit(length, atMost, p.Question, func(units int) string {
		for len(sentences) < units {
			sentences = append(sentences, next())
		}
		text := slices.Clone(sentences[:units])
		for _, n := range needles {
			text = slices.Insert(text, int(n.depth*float64(units+1)), n.sentence)
		}
		return prose(text)
	})
	return p, err
}

const (
	oneNeedle  = "What is the {} for {} in the text? Answer with it alone."
	allNeedles = "What are all the {}s for {} in the text? Answer with them alone, separated by commas."
)

func (t niah) question(asked []string) string {
	form := allNeedles
	if len(asked) == 1 && t.kind.values == 1 {
		form = oneNeedle
	}
	return ask(form, t.kind.value.noun(), strings.Join(asked, ", "))
}

// longestValue is longer than any planted value.
const longestValue = 96

func (t niah) Solve(p *Probe, transcript string) string {
	var values []string
	for _, key := range p.Asked {
		values = append(values, valuesAfter(transcript, t.lead(key), longestValue)...)
	}
	return strings.Join(values, ", ")
}
