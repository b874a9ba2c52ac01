package task

import (
	"bytes"
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/glyphkit/glyph/internal/benchmark"
)

func load(t *testing.T, name, file string) *Set {
	t.Helper()
	f, err := os.Open(file)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	set, err := New(name, Options{Data: f, DataName: file, Count: count})
	if err != nil {
		t.Fatal(err)
	}
	return set
}

// testdata/longbench.jsonl has a record of ours for each data set. What the
// lexical solver must reach on it: where the answer is a label or a line all of
// it, where it is a phrase or a summary something.
func TestLongBenchIsLoadedAndSolved(t *testing.T) {
	whole := map[string]bool{"trec": true, "lsht": true, "passage_count": true, "passage_retrieval_en": true, "passage_retrieval_zh": true, "lcc": true, "repobench-p": true}
	for _, name := range benchmark.LongBenchSets() {
		set := load(t, "longbench/"+name, "testdata/longbench.jsonl")
		if len(set.Probes) != 1 || len(set.Notes) != 1 || !strings.Contains(set.Notes[0], "20 records") {
			t.Errorf("%s: %d probes, notes %q", name, len(set.Probes), set.Notes)
		}
		p := set.Probes[0]
		if strings.Contains(p.Question, "{input}") || strings.Contains(p.Question, p.Text) || p.Question == "" {
			t.Errorf("%s asks %q", name, p.Question)
		}
		want := 0.05
		if whole[name] {
			want = 1
		}
		if v := solved(set, asIs); v < want {
			t.Errorf("%s: solver has %v on the text itself, want %v; it says %q", name, v, want, set.Solve(p, p.Text))
		}
		gold := p.Gold[0]
		if v := set.Score(p, gold).Value; v < 0.999 {
			t.Errorf("%s: gold answer %q scores %v", name, gold, v)
		}
	}
}

func TestMRCRIsLoadedAndSolved(t *testing.T) {
	for needles, want := range map[int]int{2: 2, 4: 1, 8: 1} {
		set := load(t, fmt.Sprintf("mrcr/%d", needles), "testdata/mrcr.jsonl")
		if len(set.Probes) != want || len(set.Notes) != 1 {
			t.Errorf("%d needles: %d probes, notes %q", needles, len(set.Probes), set.Notes)
		}
		if v := solved(set, asIs); v != 1 {
			t.Errorf("%d needles: solver has %v, want 1", needles, v)
		}
		for _, p := range set.Probes {
			if !strings.HasPrefix(p.Text, "User: Write") || strings.Contains(p.Text, "Prepend") || !strings.HasPrefix(p.Question, "Prepend") {
				t.Errorf("%s draws %.40q and asks %q", p.ID, p.Text, p.Question)
			}
			gold := strings.TrimPrefix(p.Gold[0], p.Prefix)
			at := float64(strings.Index(p.Text, gold)) / float64(len(p.Text))
			if d := p.Depths[0] - at; d < -0.05 || d > 0.05 {
				t.Errorf("%s: answer at %v, depth says %v", p.ID, at, p.Depths[0])
			}
		}
	}
}

func TestUserQuestionFiles(t *testing.T) {
	const squad = `{"data":[{"paragraphs":[{"context":"Ava lives in Oslo. Bo lives in Turin.","qas":[` +
		`{"id":"1","question":"Where does Ava live?","answers":[{"text":"Oslo"},{"text":"Oslo"}]},` +
		`{"id":"2","question":"Where does Cy live?","answers":[],"is_impossible":true}]}]}]}`
	set, err := New("ruler/qa_1", Options{Data: strings.NewReader(squad), Probes: 2, Count: count})
	if err != nil {
		t.Fatal(err)
	}
	if v := solved(set, asIs); v != 1 || len(set.Probes) != 2 || len(set.Probes[0].Gold) != 1 {
		t.Errorf("%d probes solved to %v, gold %q", len(set.Probes), v, set.Probes[0].Gold)
	}
	if len(set.Notes) != 2 || !strings.Contains(set.Notes[0], "asked again") || !strings.Contains(set.Notes[1], "filler") {
		t.Errorf("notes %q", set.Notes)
	}
}

func TestLoadersNameTheLineAndWhatIsAccepted(t *testing.T) {
	const user, assistant = `{\"role\":\"user\",\"content\":\"a\"}`, `{\"role\":\"assistant\",\"content\":\"b\"}`
	mrcrLine := func(prompt, answer, prefix string) string {
		return `{"prompt":"` + prompt + `","answer":"` + answer + `","random_string_to_prepend":"` + prefix + `","n_needles":2}`
	}
	for _, c := range []struct{ name, task, data, want string }{
		{"broken", "longbench/lcc", "\n{", "file, line 2: byte 1"},
		{"type", "longbench/lcc", `{"dataset":"lcc","context":7}`, "line 1"},
		{"no context", "longbench/lcc", `{"dataset":"lcc","answers":["a"]}`, `no "context"`},
		{"no answers", "longbench/lcc", `{"dataset":"lcc","context":"a"}`, `no "answers"`},
		{"no classes", "longbench/trec", `{"dataset":"trec","context":"a","answers":["a"]}`, "all_classes"},
		{"other set", "longbench/lcc", `{"dataset":"trec"}`, "no record"},
		{"empty", "longbench/lcc", "", "no record"},
		{"not UTF-8", "longbench/lcc", "{\"dataset\":\"\xff\"}", "not UTF-8"},
		{"prompt", "mrcr/2", mrcrLine("x", "pa", "p"), "prompt"},
		{"short prompt", "mrcr/2", mrcrLine("["+user+"]", "pa", "p"), "1 messages"},
		{"role", "mrcr/2", mrcrLine(strings.ReplaceAll("["+user+","+assistant+","+user+"]", "assistant", "system"), "pa", "p"), "role"},
		{"prefix", "mrcr/2", mrcrLine("["+user+","+assistant+","+user+"]", "a", "p"), "random_string_to_prepend"},
		{"no needles", "mrcr/4", mrcrLine("[]", "a", "p"), "4 needles among 1"},
		{"shape", "ruler/qa_1", `{}`, "shape of SQuAD"},
		{"list", "ruler/qa_1", `[]`, "file"},
		{"pair", "ruler/qa_2", `[{"answer":"a","context":[["t"]]}]`, "pair"},
		{"no answer", "ruler/qa_2", `[{"context":[["t",["s"]]]}]`, "question 1"},
		{"no question", "ruler/qa_1", `{"data":[{"paragraphs":[{"context":"a"}]}]}`, "no question"},
	} {
		_, err := New(c.task, Options{Data: strings.NewReader(c.data), DataName: "file", Count: count})
		if err == nil || !strings.Contains(err.Error(), c.want) || !strings.Contains(err.Error(), c.task) {
			t.Errorf("%s: %v, want %q in it", c.name, err, c.want)
		}
	}
}

func FuzzLoad(f *testing.F) {
	for i, file := range []string{"testdata/longbench.jsonl", "testdata/mrcr.jsonl", "data/squad.json", "data/hotpot.json"} {
		b, err := os.ReadFile(file)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(i, b[:bytes.IndexByte(append(b, '\n'), '\n')])
	}
	names := []string{"longbench/trec", "mrcr/2", "ruler/qa_1", "ruler/qa_2", "longbench/passage_count", "longbench/repobench-p"}
	f.Fuzz(func(t *testing.T, which int, data []byte) {
		name := names[uint(which)%uint(len(names))]
		set, err := New(name, Options{Data: bytes.NewReader(data), Count: count, Probes: 1, Lengths: []int{1024}})
		if err != nil {
			return
		}
		for _, p := range set.Probes {
			if s := set.Score(p, set.Solve(p, p.Text)); s.Unscored == "" && !(s.Value >= 0 && s.Value <= 1) {
				t.Errorf("%s scores %+v", p.ID, s)
			}
		}
	})
}

// Whatever a reader makes up, solvers and scores stand it.
func FuzzAnswer(f *testing.F) {
	f.Add("Note that the access number for x is 12.", "VAR ABCDE = 12345.")
	f.Add("User: Write\nAssistant: a", "1. word 2. word [illegible]")
	var sets []*Set
	documents := []Document{{"d", "See invoice INV-2041 of 2024-05-01 for the sum of 12.50 EUR at 10.0.0.1 today."}}
	for _, name := range Names() {
		if !strings.HasPrefix(name, "longbench/") {
			o := Options{Probes: 1, Lengths: []int{2048}, Count: count, Documents: documents}
			if name == Questions {
				o.Data = strings.NewReader(validLine)
			}
			set, err := New(name, o)
			if err != nil {
				f.Fatal(err)
			}
			set.Probes = set.Probes[len(set.Probes)-1:]
			sets = append(sets, set)
		}
	}
	f.Fuzz(func(t *testing.T, transcript, answer string) {
		for _, set := range sets {
			for _, a := range []string{answer, set.Solve(set.Probes[0], transcript)} {
				if s := set.Score(set.Probes[0], a); s.Unscored != "" || !(s.Value >= 0 && s.Value <= 1) {
					t.Errorf("%s: %q scores %+v", set.Name(), a, s)
				}
			}
		}
	})
}
