package task

import (
	"regexp"
	"strconv"
	"strings"
	"sync"

	"github.com/glyphkit/glyph/internal/benchmark"
)

// SolveQuestion answers a question as the solver of its task does, for those
// who have only its wording, such as a server behind the wire protocol. It is
// not ok for a question that is worded as none of the tasks' here is, and for
// trec and lsht of LongBench, whose questions do not name the classes.
func SolveQuestion(question, transcript string) (answer string, ok bool) {
	for _, w := range wordings() {
		m := w.pattern.FindStringSubmatch(question)
		if m == nil {
			continue
		}
		if t, p := w.probe(m[1:]); t != nil {
			p.Question = question
			return t.Solve(p, transcript), true
		}
	}
	return "", false
}

// wording is how questions of a task are put. Probe is what the solver needs of
// the parts that differ, or nil if they are not such a question's.
type wording struct {
	pattern *regexp.Regexp
	probe   func(parts []string) (Task, *Probe)
}

// ask puts parts in the places of a form that are marked {}.
func ask(form string, parts ...string) string {
	for _, part := range parts {
		before, after, _ := strings.Cut(form, "{}")
		form = before + part + after
	}
	return form
}

// worded are the questions that ask makes of a form.
func worded(form string, probe func(parts []string) (Task, *Probe)) wording {
	pattern := strings.ReplaceAll(regexp.QuoteMeta(form), `\{\}`, `(.*)`)
	return wording{regexp.MustCompile(`(?s)^` + pattern + `\s*$`), probe}
}

var wordings = sync.OnceValue(func() []wording {
	whole := func(t Task) func([]string) (Task, *Probe) {
		return func(parts []string) (Task, *Probe) { return t, &Probe{Asked: parts} }
	}
	needle := func(parts []string) (Task, *Probe) {
		for _, value := range []needleKind{numberKind, uuidKind} {
			if parts[0] == value.noun() {
				return niah{kind: niahKind{value: value}}, &Probe{Asked: strings.Split(parts[1], ", ")}
			}
		}
		return nil, nil
	}
	all := []wording{
		worded(copyQuestion, whole(transcription{})),
		worded(oneNeedle, needle),
		worded(allNeedles, needle),
		worded(variablesQuestion, whole(variableTracking{})),
		worded(commonQuestion, whole(commonWords{})),
		worded(frequentQuestion, whole(frequentWords{})),
		worded(documentsQuestion, whole(questionAnswering{})),
		worded(plantedQuestion, whole(exactStrings{})),
		worded(naturalQuestion, func(parts []string) (Task, *Probe) {
			context, err := strconv.Unquote(parts[1])
			if err != nil {
				return nil, nil
			}
			return exactStrings{}, &Probe{Stratum: naturalStratum + parts[0], Asked: []string{context}}
		}),
		worded(QuestionPrefix+"{}", whole(questions{})),
		worded(conversationQuestion, func(parts []string) (Task, *Probe) { return mrcr{}, &Probe{Prefix: parts[0]} }),
	}
	for _, set := range benchmark.LongBenchSets() {
		if set != "trec" && set != "lsht" {
			all = append(all, worded(strings.ReplaceAll(longBenchPrompts[set], "{input}", "{}"), whole(longBench{set: set})))
		}
	}
	return all
})
