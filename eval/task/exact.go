package task

import (
	"fmt"
	"math/rand/v2"
	"strconv"
	"strings"
	"time"

	"github.com/glyphkit/glyph/exact"
)

// exactStrings asks for single strings that must be right to the last
// character.
type exactStrings struct{ name string }

func (t exactStrings) Name() string   { return t.name }
func (t exactStrings) Metric() string { return "exact_match" }

// plantedKinds are the strings that are planted, by kind and length.
var plantedKinds = []struct {
	stratum string
	random  func(rng *rand.Rand) string
}{
	{"number/4", func(rng *rand.Rand) string { return digitString(rng, 4) }},
	{"number/8", func(rng *rand.Rand) string { return digitString(rng, 8) }},
	{"number/16", func(rng *rand.Rand) string { return digitString(rng, 16) }},
	{"hex/8", func(rng *rand.Rand) string { return randomString(rng, 8, hexDigits) }},
	{"hex/16", func(rng *rand.Rand) string { return randomString(rng, 16, hexDigits) }},
	{"hash/40", func(rng *rand.Rand) string { return randomString(rng, 40, hexDigits) }},
	{"hash/64", func(rng *rand.Rand) string { return randomString(rng, 64, hexDigits) }},
	{"base64/24", func(rng *rand.Rand) string {
		return randomString(rng, 22, lowerLetters+upperLetters+digits+"+/") + "=="
	}},
	{"uuid", uuid},
	{"identifier", func(rng *rand.Rand) string { return coin(rng) + "_" + coin(rng) + "_" + digitString(rng, 2) }},
	{"version", func(rng *rand.Rand) string {
		return fmt.Sprintf("v%d.%d.%d", rng.IntN(20), rng.IntN(100), rng.IntN(100))
	}},
	{"ip", func(rng *rand.Rand) string {
		return fmt.Sprintf("%d.%d.%d.%d", 1+rng.IntN(223), rng.IntN(256), rng.IntN(256), 1+rng.IntN(254))
	}},
	{"mac", func(rng *rand.Rand) string {
		octets := make([]string, 6)
		for i := range octets {
			octets[i] = randomString(rng, 2, hexDigits)
		}
		return strings.Join(octets, ":")
	}},
	{"email", func(rng *rand.Rand) string { return coin(rng) + "." + coin(rng) + "@example.org" }},
	{"path", func(rng *rand.Rand) string {
		return "/srv/" + coin(rng) + "/" + coin(rng) + "/" + digitString(rng, 3) + ".log"
	}},
	{"date", func(rng *rand.Rand) string {
		return time.Date(1970+rng.IntN(80), 1, 1+rng.IntN(365), 0, 0, 0, 0, time.UTC).Format(time.DateOnly)
	}},
}

const (
	sentencesBetween = 3 // of filler between two planted strings
	contextWords     = 5 // before a natural string, to say which is meant
	naturalProbes    = 20
)

// newExact plants one string of each kind in each of o.Probes texts, and takes
// up to naturalProbes strings from each of o.Documents.
func newExact(name string, o *Options) (*Set, error) {
	set := &Set{Task: exactStrings{name}}
	for i := range o.probes() {
		id := fmt.Sprintf("%s/planted/%d", name, i)
		rng := o.rng(id)
		next := essay(rng)
		var sentences []string
		labels := keys(rng, len(plantedKinds))
		order := rng.Perm(len(plantedKinds))
		values := make([]string, len(plantedKinds))
		for _, k := range order {
			for range sentencesBetween {
				sentences = append(sentences, next())
			}
			values[k] = plantedKinds[k].random(rng)
			sentences = append(sentences, capitalised(valueLead(labels[k]))+" "+values[k]+".")
		}
		text := prose(append(sentences, next()))
		for k, kind := range plantedKinds {
			set.Probes = append(set.Probes, &Probe{
				ID: id + "/" + kind.stratum, Task: name, Stratum: kind.stratum, Document: id, Cluster: id,
				Text: text, Asked: []string{labels[k]}, Gold: []string{values[k]},
				Question: ask(plantedQuestion, labels[k]),
				Depths:   []float64{float64(strings.Index(text, values[k])) / float64(len(text))},
			})
		}
	}
	for _, d := range o.Documents {
		set.addNatural(o, name, d)
	}
	return set, nil
}

const (
	exactAnswer     = "Answer with it alone, character by character as it stands, or with [illegible] if it cannot be read."
	plantedQuestion = "What is the value of {}? " + exactAnswer
	naturalQuestion = "Which {} follows directly after the words {}? " + exactAnswer

	// naturalStratum and a kind are the stratum of strings of a document.
	naturalStratum = "natural/"
)

func valueLead(key string) string { return "the value of " + key + " is" }

func capitalised(s string) string { return strings.ToUpper(s[:1]) + s[1:] }

// addNatural adds probes for exact strings of a document that the words before
// them tell apart, drawn at random.
func (s *Set) addNatural(o *Options, name string, d Document) {
	type candidate struct {
		exact.String
		context, passage string
		depth            float64
	}
	var candidates []candidate
	ambiguous := 0
	for _, text := range passages(d.Text) {
		for _, found := range exact.Find(text) {
			before := strings.Fields(text[:found.Start])
			if len(before) < contextWords || strings.ContainsFunc(found.Text, isLineEnd) || attached(text, int(found.Start)) {
				ambiguous++
				continue
			}
			context := strings.Join(before[len(before)-contextWords:], " ")
			if strings.Count(compact(text), compact(context)) != 1 {
				ambiguous++
				continue
			}
			candidates = append(candidates, candidate{found, context, text, float64(found.Start) / float64(len(text))})
		}
	}
	rng := o.rng(name + "/natural/" + d.Name)
	rng.Shuffle(len(candidates), func(i, j int) { candidates[i], candidates[j] = candidates[j], candidates[i] })
	taken := candidates[:min(len(candidates), naturalProbes)]
	for i, c := range taken {
		p := &Probe{
			ID: fmt.Sprintf("%s/natural/%s/%d", name, d.Name, i), Task: name, Stratum: naturalStratum + string(c.Kind), Document: d.Name, Cluster: d.Name,
			Text: c.passage, Asked: []string{c.context}, Gold: []string{c.Text}, Depths: []float64{c.depth},
			Question: ask(naturalQuestion, string(c.Kind), strconv.Quote(c.context)),
		}
		s.Probes = append(s.Probes, p)
	}
	s.Notes = append(s.Notes, fmt.Sprintf("%s: %d exact strings asked of %d; %d more have no words before them that tell them apart",
		d.Name, len(taken), len(candidates), ambiguous))
}

func isLineEnd(r rune) bool { return r == '\n' || r == '\r' }

// attached reports whether the byte before at is part of the same word.
func attached(text string, at int) bool {
	return at > 0 && !strings.ContainsRune(" \t\r\n", rune(text[at-1]))
}

func (t exactStrings) Score(p *Probe, answer string) Score {
	if len(p.Gold) == 0 {
		return noGold
	}
	answer = clean(answer)
	s := Score{Exact: Exact{Total: 1}}
	switch {
	case holds(answer, p.Gold[0]):
		s.Value, s.Exact.Right = 1, 1
	case abstains(answer):
		s.Abstained, s.Exact.Abstained = true, 1
	default:
		s.Exact.Wrong = 1
	}
	return s
}

// holds reports whether an answer gives value: in it value stands by itself, not
// inside of something longer.
func holds(answer, value string) bool {
	inside := func(c byte) bool {
		return c >= '0' && c <= '9' || c >= 'A' && c <= 'Z' || c >= 'a' && c <= 'z' || c >= 0x80 || strings.IndexByte("_-+/@:=", c) >= 0
	}
	for from := 0; ; {
		i := strings.Index(answer[from:], value)
		if i < 0 || value == "" {
			return false
		}
		start, end := from+i, from+i+len(value)
		if (start == 0 || !inside(answer[start-1])) && (end == len(answer) || !inside(answer[end])) &&
			!(end+1 < len(answer) && answer[end] == '.' && inside(answer[end+1])) &&
			!(start > 1 && answer[start-1] == '.' && inside(answer[start-2])) {
			return true
		}
		from = start + 1
	}
}

func (t exactStrings) Solve(p *Probe, transcript string) string {
	if !strings.HasPrefix(p.Stratum, naturalStratum) {
		values := valuesAfter(transcript, valueLead(p.asked()), longestValue)
		if len(values) == 0 {
			return ""
		}
		return values[0]
	}
	// What follows the words, with the kind that was asked for.
	words, pattern := strings.Fields(transcript), compact(p.asked())
	text := strings.Join(words, "")
	var hits []hit
	for limit := 0; len(hits) == 0 && limit <= len(pattern)/8; limit++ {
		hits = approximate(text, pattern, limit)
	}
	if len(hits) == 0 {
		return ""
	}
	at := 0
	for i, w := range words {
		if at >= hits[0].end {
			rest := strings.Join(words[i:min(len(words), i+12)], " ")
			for _, found := range exact.Find(rest) {
				if found.Start == 0 || string(found.Kind) == strings.TrimPrefix(p.Stratum, naturalStratum) {
					return found.Text
				}
			}
			return strings.TrimRight(w, ".,;:")
		}
		at += len(w)
	}
	return ""
}
