package task

import (
	"fmt"
	"slices"
	"strings"

	"github.com/glyphkit/glyph/eval/metric"
	"github.com/glyphkit/glyph/internal/benchmark"
)

// maker makes the set of the task of that name.
type maker struct {
	name string
	make func(name string, o *Options) (*Set, error)
}

func makers() []maker {
	all := []maker{{"acuity", newAcuity}, {"exact", newExact}, {"ocr", newOCR}, {Questions, newQuestions}}
	for _, needles := range mrcrNeedles {
		all = append(all, maker{fmt.Sprintf("mrcr/%d", needles), newMRCR})
	}
	for _, kind := range niahKinds {
		all = append(all, maker{"ruler/" + kind.name, newNIAH})
	}
	all = append(all, maker{"ruler/vt", newVariableTracking}, maker{"ruler/cwe", newCommonWords}, maker{"ruler/fwe", newFrequentWords},
		maker{"ruler/qa_1", newQA}, maker{"ruler/qa_2", newQA})
	for _, set := range benchmark.LongBenchSets() {
		all = append(all, maker{"longbench/" + set, newLongBench})
	}
	return all
}

// Names are the names of all tasks.
func Names() []string {
	var names []string
	for _, m := range makers() {
		names = append(names, m.name)
	}
	return names
}

// Resolve is the tasks that a name stands for: a task itself, or all of a
// group, which is what stands before the slash. An unknown name is an error
// that says the nearest known one.
func Resolve(name string) ([]string, error) {
	var found, known []string
	for _, n := range Names() {
		group, _, grouped := strings.Cut(n, "/")
		if n == name || grouped && group == name {
			found = append(found, n)
		}
		known = append(known, n)
		if grouped && !slices.Contains(known, group) {
			known = append(known, group)
		}
	}
	if found != nil {
		return found, nil
	}
	clipped := []rune(name[:min(len(name), 64)])
	nearest := slices.MinFunc(known, func(a, b string) int {
		return metric.EditDistance([]rune(a), clipped) - metric.EditDistance([]rune(b), clipped)
	})
	return nil, fmt.Errorf("no task %q: did you mean %q?", name, nearest)
}

// New makes the probes of the task of that name, one of Names. The same name
// and options give the same set. An error names the task and, in a file of the
// user's, the line.
func New(name string, o Options) (*Set, error) {
	for _, m := range makers() {
		if m.name != name {
			continue
		}
		if err := o.check(); err != nil {
			return nil, fmt.Errorf("making task %q: %w", name, err)
		}
		set, err := m.make(name, &o)
		if err != nil {
			return nil, fmt.Errorf("making task %q: %w", name, err)
		}
		return set, nil
	}
	group, err := Resolve(name)
	if err != nil {
		return nil, err
	}
	return nil, fmt.Errorf("%q is a group of %d tasks: take one, such as %q, or Resolve it", name, len(group), group[0])
}
