package eval

import (
	"bytes"
	"fmt"
	"strings"

	"github.com/glyphkit/glyph/eval/task"
	"github.com/glyphkit/glyph/model/tokens"
)

// makeSets makes the probes of all tasks of a completed spec.
func (s *Spec) makeSets(counter tokens.Counter) ([]*task.Set, error) {
	var sets []*task.Set
	var countErr error
	count := func(text string) int {
		n, err := counter.Count(strings.NewReader(text))
		if err != nil {
			countErr = err
		}
		return int(n)
	}
	for _, name := range s.Tasks {
		o := task.Options{Seed: s.Seed, Probes: s.Probes, Lengths: s.Lengths, Documents: s.Documents, Count: count}
		for _, d := range s.Data {
			if d.Task == name {
				o.Data, o.DataName = bytes.NewReader(d.Content), d.Name
			}
		}
		set, err := task.New(name, o)
		if err == nil {
			err = countErr
		}
		if err != nil {
			return nil, err
		}
		seen := map[string]bool{}
		for _, p := range set.Probes {
			if seen[p.ID] {
				return nil, fmt.Errorf("task %q has two probes %q; accepted: documents whose names differ", name, p.ID)
			}
			seen[p.ID] = true
		}
		sets = append(sets, set)
	}
	return sets, nil
}

// group is the probes of a task about one text.
type group struct {
	task   task.Task
	text   string
	name   string // of the document
	probes []*task.Probe
}

// groups are all probes in their order, by task and text.
func groups(sets []*task.Set) []*group {
	var out []*group
	for _, set := range sets {
		of := map[string]*group{}
		for _, p := range set.Probes {
			g := of[p.Text]
			if g == nil {
				g = &group{task: set.Task, text: p.Text, name: p.Document}
				of[p.Text] = g
				out = append(out, g)
			}
			g.probes = append(g.probes, p)
		}
	}
	return out
}

// allProbes are the probes of all tasks in their order.
func allProbes(sets []*task.Set) (all []*task.Probe) {
	for _, set := range sets {
		all = append(all, set.Probes...)
	}
	return all
}

// inShard are the texts whose probes a shard asks: whole texts, so that none is
// read for two shards. Texts are counted in the order of their first probes.
func inShard(s Shard, probes []*task.Probe) map[string]bool {
	has := map[string]bool{}
	n := 0
	for _, p := range probes {
		if _, seen := has[p.Text]; !seen {
			has[p.Text] = s.Has(n)
			n++
		}
	}
	return has
}
