package task

import (
	"math/rand/v2"
	"regexp"
	"slices"
	"strings"

	"github.com/glyphkit/glyph/eval/metric"
)

// variableTracking is RULER's vt with its default of one chain of four hops:
// which variables hold a value that is passed on from one to the next.
type variableTracking struct{ matchAll }

const hops = 4

const variablesQuestion = "In the text variables are assigned values or other variables. Which variables have the value {} in the end? " +
	"Answer with their names alone, separated by commas."

func newVariableTracking(name string, o *Options) (*Set, error) {
	t := variableTracking{matchAll{name}}
	return o.generate(t, t.probe)
}

func (t variableTracking) probe(o *Options, rng *rand.Rand, length int) (*Probe, error) {
	p := &Probe{}
	value := digitString(rng, 5)
	for len(p.Gold) <= hops {
		name := randomString(rng, 5, upperLetters)
		if !slices.ContainsFunc(p.Gold, func(other string) bool { return distance(name, other) < 3 }) {
			p.Gold = append(p.Gold, name)
			p.Depths = append(p.Depths, rng.Float64())
		}
	}
	slices.Sort(p.Depths) // a variable is assigned before it is used
	p.Asked = []string{value}
	p.Question = ask(variablesQuestion, value)

	statements := []string{"VAR " + p.Gold[0] + " = " + value + "."}
	for i, name := range p.Gold[1:] {
		statements = append(statements, "VAR "+name+" = VAR "+p.Gold[i]+".")
	}
	next := noise()
	var sentences []string
	var err error
	p.Text, err = o.fit(length, 1<<20, p.Question, func(units int) string {
		for len(sentences) < units {
			sentences = append(sentences, next())
		}
		text := slices.Clone(sentences[:units])
		for i := len(statements) - 1; i >= 0; i-- {
			text = slices.Insert(text, int(p.Depths[i]*float64(units+1)), statements[i])
		}
		return prose(text)
	})
	return p, err
}

// assignment is a statement in compact text. A reader may take letters for
// digits and have VAR wrong, but not its length.
var assignment = regexp.MustCompile(`\w{3}(\w{5})[=:](?:\w{3}(\w{5})|(\w{5}))(?:\W|$)`)

func (t variableTracking) Solve(p *Probe, transcript string) string {
	statements := assignment.FindAllStringSubmatch(compact(transcript), -1)
	same := func(a, b string) bool { return distance(a, b) <= 1 }
	var holders []string
	for grown := true; grown; {
		grown = false
		for _, s := range statements {
			name, from, value := s[1], s[2], s[3]
			holds := value != "" && same(value, p.asked()) ||
				from != "" && slices.ContainsFunc(holders, func(h string) bool { return same(h, from) })
			if holds && !slices.Contains(holders, name) {
				holders, grown = append(holders, name), true
			}
		}
	}
	return strings.Join(holders, ", ")
}

func distance(a, b string) int { return metric.EditDistance([]byte(a), []byte(b)) }
