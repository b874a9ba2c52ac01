package task

import (
	"fmt"
	"math/rand/v2"
	"strings"

	"github.com/glyphkit/glyph/eval/metric"
)

// transcription is the scoring of what is read aloud: 1 less the character
// error rate, at least 0.
type transcription struct{ name string }

func (t transcription) Name() string   { return t.name }
func (t transcription) Metric() string { return "1 - CER" }

func (t transcription) Score(p *Probe, answer string) Score {
	if len(p.Gold) == 0 {
		return noGold
	}
	answer = clean(answer)
	gold := p.Gold[0]
	s := Score{
		Characters: metric.CharacterErrors(gold, answer),
		Words:      metric.WordErrors(gold, answer),
		Abstained:  abstains(answer) && len(answer) < len(gold)/2,
	}
	if s.Characters.Length == 0 {
		s.Unscored = "there is nothing to read"
		return s
	}
	s.Value = max(0, 1-s.Characters.Rate())
	return s
}

func (t transcription) Solve(_ *Probe, transcript string) string { return transcript }

const copyQuestion = "Copy the text of the images exactly, character by character. Write [illegible] for what cannot be read. Add nothing."

// The acuity charts: a page of strings without context, from which no character
// can be guessed.
const (
	acuityWords      = 60 // strings a chart: with 8 characters each, CER of 5 % has a standard error of 1 %
	acuityWordLength = 8
)

// confusables are groups whose members look alike when small.
var confusables = [][]string{
	{"cl", "d"}, {"rn", "m"}, {"vv", "w"}, {"il", "u", "li"}, {"0", "O", "o"}, {"1", "l", "I", "i"}, {"5", "S", "s"}, {"8", "B"},
	{"2", "Z", "z"}, {"6", "b", "G"}, {"9", "g", "q"}, {"nn", "m"}, {"c", "e", "o"}, {"u", "v"}, {"h", "b"}, {"f", "t"}, {".", ","},
	{":", ";"}, {"'", "`"}, {"-", "_"}, {"(", "{", "["}, {")", "}", "]"},
}

func newAcuity(name string, o *Options) (*Set, error) {
	set := &Set{Task: transcription{name}}
	for _, stratum := range []string{"random", "confusable"} {
		for i := range o.probes() {
			id := fmt.Sprintf("%s/%s/%d", name, stratum, i)
			rng := o.rng(id)
			words := make([]string, acuityWords)
			for w := range words {
				if stratum == "random" {
					words[w] = randomString(rng, acuityWordLength, lowerLetters+upperLetters+digits)
				} else {
					words[w] = confusable(rng)
				}
			}
			text := strings.Join(words, " ")
			set.Probes = append(set.Probes, &Probe{
				ID: id, Task: name, Stratum: stratum, Document: id, Cluster: id,
				Text: text, Question: copyQuestion, Gold: []string{text},
			})
		}
	}
	return set, nil
}

func confusable(rng *rand.Rand) string {
	var b strings.Builder
	for b.Len() < acuityWordLength {
		group := confusables[rng.IntN(len(confusables))]
		b.WriteString(group[rng.IntN(len(group))])
	}
	return b.String()[:acuityWordLength]
}
