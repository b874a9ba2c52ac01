package eval

import (
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/glyphkit/glyph/eval/read"
	"github.com/glyphkit/glyph/eval/task"
)

// At 7 px em the fact sheet and verification bring back every exact string that
// the sheet carries, and more than the pages alone.
//
// With tesseract 5.3.0 (eng, x3) and n = 96 strings in 6 texts (-run Seven,
// Probes 6): image 78.1 %, hybrid 100 %, difference 21.9 points [18.3, 25.5].
func TestHybridAtSevenPixels(t *testing.T) {
	spec := Spec{
		Tasks: []string{"exact"}, Configs: []Config{strips(t, "font-size=7", "line-height=8", "page-size=595,300")}, Model: profile(t),
		Arms: []Arm{Image, Hybrid}, Seed: 1, Probes: 3, ExactBudget: "4000",
	}
	res, err := Run(t.Context(), t.TempDir(), spec, Options{Reader: tesseract(t)})
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("\n%s", table(t, res))
	carried := 0
	for _, o := range res.Outcomes {
		if o.Arm != Hybrid {
			continue
		}
		carried += o.OnSheet
		if o.OnSheet > 0 && o.Score.Value != 1 {
			t.Errorf("%s: the sheet carries it, the answer is %q", o.Probe, o.Answer)
		}
	}
	if carried < 40 {
		t.Errorf("the sheets carry %d of 48 strings", carried)
	}
	if len(res.Differences) != 1 {
		t.Fatalf("%d differences, want hybrid less image alone", len(res.Differences))
	}
	if d := res.Differences[0]; d.A.Arm != Hybrid || d.Tie || d.Estimate.Low <= 0 {
		t.Errorf("%s less %s is %s, want an interval above 0", d.A, d.B, d.Estimate)
	}
}

// Every task from generator or file to score, with both readers.
func TestEveryTask(t *testing.T) {
	spec := Spec{
		Documents: []task.Document{{Name: "letter.txt", Text: "Invoice INV-20418-KQ7Z of 2031-05-17 was paid on the day after, from account 4711-0815.\n" +
			"The parcel left the warehouse in Tromsø a week before and came back twice.\n"}},
		Model: profile(t), Arms: []Arm{Image, Hybrid, Text}, Seed: 1, Probes: 1, ExactBudget: "2000",
	}
	ruler, err := task.Resolve("ruler")
	if err != nil {
		t.Fatal(err)
	}
	ruler = slices.DeleteFunc(ruler, func(name string) bool { return name == "ruler/cwe" })
	// The shortest lengths that the generators take.
	byLength := []struct {
		length int
		tasks  []string
	}{
		{320, append(ruler, "acuity", "exact", "ocr", task.Questions, "longbench")}, {512, []string{"mrcr/2"}},
		{560, []string{"ruler/cwe"}}, {704, []string{"mrcr/4"}}, {960, []string{"mrcr/8"}},
	}
	for _, test := range []struct {
		reader read.Reader
		scale  string  // horizontal: PP-OCR takes time by the width of lines
		ruler  float64 // least mean score from the pages
	}{{tesseract(t), "1", 0.8}, {paddle(t), "0.8", 0.6}} {
		t.Run(strings.Fields(test.reader.Name())[0], func(t *testing.T) {
			cells := 0
			for _, of := range byLength {
				spec := spec
				spec.Configs = []Config{strips(t, "page-size=595,300", "horizontal-scale="+test.scale)}
				spec.Tasks, spec.Lengths = of.tasks, []int{of.length}
				if slices.Contains(of.tasks, "longbench") {
					spec.Data = append(longBench(t), questions(t))
				}
				res, err := Run(t.Context(), t.TempDir(), spec, Options{Reader: test.reader})
				if err != nil {
					t.Fatal(err)
				}
				t.Logf("\n%s", table(t, res))
				cells += len(res.Cells)
				checkEveryTask(t, res, test.ruler)
			}
			if want := 3 * len(task.Names()); cells != want {
				t.Errorf("%d cells, want 3 for each task, %d", cells, want)
			}
		})
	}
}

// longBench has a record of ours for each data set.
func longBench(t *testing.T) (files []Data) {
	t.Helper()
	content, err := os.ReadFile("task/testdata/longbench.jsonl")
	if err != nil {
		t.Fatal(err)
	}
	names, err := task.Resolve("longbench")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range names {
		files = append(files, Data{name, "longbench.jsonl", content})
	}
	return files
}

// questions is a file as examine writes them.
func questions(t *testing.T) Data {
	t.Helper()
	content, err := os.ReadFile("task/testdata/questions.jsonl")
	if err != nil {
		t.Fatal(err)
	}
	return Data{task.Questions, "questions.jsonl", content}
}

func checkEveryTask(t *testing.T, res *Result, ruler float64) {
	t.Helper()
	for _, o := range res.Outcomes {
		if o.Score.Unscored != "" {
			t.Errorf("%s, %s: %s", o.Probe, o.Condition, o.Score.Unscored)
		}
		if o.Arm == Text && strings.HasPrefix(o.Task, "ruler/") && o.Score.Value != 1 {
			t.Errorf("%s from the text: %v", o.Probe, o.Score.Value)
		}
	}
	for _, c := range res.Groups {
		if c.Task == "ruler" && c.Arm == Image && c.Accuracy.Value < ruler {
			t.Errorf("ruler from the pages: %s, want %v or more", c.Accuracy, ruler)
		}
	}
	for _, c := range res.Cells {
		if (c.Task == "ocr" || c.Task == "acuity") && c.Arm == Image && (c.CER == nil || c.WER == nil || c.CER.Value > 0.15) {
			t.Errorf("%s: CER %v, WER %v", c.Task, c.CER, c.WER)
		}
	}
}
