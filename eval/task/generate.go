package task

import (
	"fmt"
	"math/rand/v2"
	"strconv"
)

// generate makes a task's probes at every length. Each has a stream of random
// numbers of its own.
func (o *Options) generate(t Task, probe func(o *Options, rng *rand.Rand, length int) (*Probe, error)) (*Set, error) {
	set := &Set{Task: t}
	for _, length := range o.lengths() {
		for i := range o.probes() {
			id := fmt.Sprintf("%s/%d/%d", t.Name(), length, i)
			p, err := probe(o, o.rng(id), length)
			if err != nil {
				return nil, fmt.Errorf("probe %s: %w", id, err)
			}
			p.ID, p.Task, p.Length = id, t.Name(), length
			p.Stratum = strconv.Itoa(length)
			p.Document = id
			if p.Cluster == "" {
				p.Cluster = id
			}
			set.Probes = append(set.Probes, p)
		}
	}
	return set, nil
}

// answerReserve is the part of a length that is kept for the answer, as RULER
// keeps up to 128 tokens.
const answerReserve = 128

// fit returns the text of the most units whose tokens, with the question's, are
// within length, or at most half a per cent below. Build must give longer texts
// for more units, from at least one.
func (o *Options) fit(length, atMost int, question string, build func(units int) string) (string, error) {
	if o.Count == nil {
		return "", errNoCount
	}
	budget := length - answerReserve - o.Count(question)
	units := min(32, atMost)
	low, high := 0, atMost+1 // units that fit, units that do not
	best := ""
	for {
		text := build(units)
		tokens := o.Count(text)
		if tokens <= budget {
			low, best = units, text
		} else {
			high = units
		}
		if high-low <= 1 || tokens <= budget && tokens >= budget-budget/200 {
			break
		}
		units = min(max(int(float64(units)*float64(budget)/float64(max(tokens, 1))), low+1), high-1)
	}
	switch {
	case low == 0:
		return "", fmt.Errorf("nothing fits in %d tokens beside the question", length)
	case low == atMost:
		return "", fmt.Errorf("%d tokens are more than the %d units that there are: shorter lengths are accepted", length, atMost)
	}
	return best, nil
}
