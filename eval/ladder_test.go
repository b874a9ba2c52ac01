package eval

import (
	"context"
	"strings"
	"testing"

	"github.com/glyphkit/glyph/eval/read"
	"github.com/glyphkit/glyph/eval/task"
)

// knowStrips makes an oracle read every page that it does not know, such as
// strips, as text without digits.
func knowStrips(t testing.TB, o *oracle) {
	t.Helper()
	o.other = "a strip"
}

// layered reads pages under a width badly and others well.
type layered struct {
	*oracle
	width int
}

func (l layered) Name() string { return "layered" }

func (l layered) Read(ctx context.Context, page read.Page) (read.Reading, error) {
	r, err := l.oracle.Read(ctx, page)
	if page.Width < l.width {
		r.Text = strings.NewReplacer("3", "8", "6", "8", "1", "l", "0", "O").Replace(r.Text)
	}
	return r, err
}

func TestLadder(t *testing.T) {
	spec := small(t)
	spec.Tasks, spec.Arms, spec.DPIs, spec.Lengths = []string{"exact", "ruler/niah_single_3"}, []Arm{Image, Text, Adaptive}, []float64{72, 96, 120}, []int{2500}
	for name, test := range map[string]struct {
		width int // px under which pages are read badly
		last  float64
	}{
		"read well at base":     {0, 72},
		"read well at 96 dpi":   {650, 96},
		"never read well":       {10_000, 0},
		"read well at 120 dpi ": {900, 120},
	} {
		t.Run(name, func(t *testing.T) {
			res := run(t, t.TempDir(), spec, Options{Reader: layered{newOracle(t, spec, 0), test.width}})
			for _, o := range res.Outcomes {
				if o.Arm != Adaptive {
					continue
				}
				if o.Score.Value != 1 {
					t.Errorf("%s: %q after %d rungs", o.Probe, o.Answer, len(o.Rungs))
				}
				spent := int64(0)
				for i, r := range o.Rungs {
					spent += r.Tokens
					if r.Verified != (i == len(o.Rungs)-1) && r.DPI != 0 {
						t.Errorf("%s: rung %d of %d, verified %v", o.Probe, i, len(o.Rungs), r.Verified)
					}
					if i > 0 && r.DPI != 0 && len(r.Pages) == 0 || r.DPI == 0 && r.Bytes == 0 {
						t.Errorf("%s: rung %d read nothing", o.Probe, i)
					}
				}
				if spent != o.Tokens.Spent() {
					t.Errorf("%s: rungs took %d tokens, the outcome %d", o.Probe, spent, o.Tokens.Spent())
				}
				if last := o.Rungs[len(o.Rungs)-1]; last.DPI != test.last && len(o.Rungs) > 1 && !last.Verified {
					t.Errorf("%s: the ladder ends at %g dpi, want %g", o.Probe, last.DPI, test.last)
				}
			}
			image, text, adaptive := cell(t, res, "exact", Image), cell(t, res, "exact", Text), cell(t, res, "exact", Adaptive)
			if adaptive.Accuracy.Value != text.Accuracy.Value {
				t.Errorf("adaptive %s, text %s", adaptive.Accuracy, text.Accuracy)
			}
			if test.width == 0 && adaptive.Tokens.Spent() != image.Tokens.Spent() {
				t.Errorf("nothing to climb for, and %d tokens in place of %d", adaptive.Tokens.Spent(), image.Tokens.Spent())
			}
			sum, gained := 0, 0.0
			for _, r := range res.Ladder {
				if r.Task == "exact" {
					sum += r.Verified
					gained += r.Gain
				}
			}
			if sum != adaptive.Scored || gained != float64(adaptive.Scored) {
				t.Errorf("ladder %+v for %d outcomes", res.Ladder, adaptive.Scored)
			}
		})
	}
}

// Only the page that the answer stands on is read again, and with zoom only a
// strip of it.
func TestLadderReadsWhatTheAnswerStandsOn(t *testing.T) {
	text := strings.Repeat("Nothing of note was said in the hall that day.\n", 60)
	at := len(text) / 2
	text = text[:at] + "\nThe order is INV-204168-KQ7Z and was late.\n" + text[at:]
	for _, zoom := range []bool{false, true} {
		spec := Spec{
			Tasks: []string{"ocr"}, Documents: []task.Document{{Name: "a", Text: text}}, Configs: []Config{strips(t)}, Model: profile(t),
			DPIs: []float64{72, 96}, Arms: []Arm{Adaptive}, Zoom: zoom,
		}
		oracle := newOracle(t, spec, 0)
		oracle.other = "The order is INV-204168-KQ7Z and was late.\n"
		reader := misread{oracle, "INV-204168-KQ7Z", "INV-ZO9999-XX77", 250}
		res := run(t, t.TempDir(), spec, Options{Reader: reader})
		o := res.Outcomes[0]
		if o.Score.Exact.Right != 1 || len(o.Rungs) != 2 || !o.Rungs[1].Verified {
			t.Fatalf("zoom %v: %d rungs, exact %+v, verified %+v", zoom, len(o.Rungs), o.Score.Exact, o.Verified)
		}
		again := o.Rungs[1].Pages
		if len(again) != 1 || again[0].Strip != zoom || again[0].Start > int64(at) || again[0].End <= int64(at) {
			t.Fatalf("zoom %v: read again %+v, the string is at byte %d", zoom, again, at)
		}
		if whole := o.Pages[again[0].Number-1]; zoom && (again[0].Height > whole.Height/2 || again[0].Tokens >= whole.Tokens*2) {
			t.Errorf("a strip of %d px and %d tokens of a page of %d px", again[0].Height, again[0].Tokens, whole.Height)
		}
	}
}

// misread reads one string as another on pages under a width.
type misread struct {
	*oracle
	string, as string
	width      int
}

func (m misread) Read(ctx context.Context, page read.Page) (read.Reading, error) {
	r, err := m.oracle.Read(ctx, page)
	if page.Width < m.width {
		r.Text = strings.ReplaceAll(r.Text, m.string, m.as)
	}
	return r, err
}

func TestStandingLines(t *testing.T) {
	transcript := "first line\nsecond with INV-20\n4168 in it\nlast\n"
	for s, want := range map[string][2]int{"INV-204168": {1, 2}, "last": {3, 3}, "first line": {0, 0}} {
		first, last, ok := linesOf(transcript, s)
		if !ok || [2]int{first, last} != want {
			t.Errorf("%q is on lines %d to %d, %v; want %v", s, first, last, ok, want)
		}
	}
	if _, _, ok := linesOf(transcript, "absent"); ok {
		t.Error("what is not there was found")
	}
	if got := replaceLines("a\nb\nc\nd\n", 4, 1, 2, "x\ny\nz\n"); got != "a\nx\ny\nz\nd\n" {
		t.Errorf("%q", got)
	}
	if got := replaceLines("a b\nc d\n", 4, 2, 3, "x\n"); got != "a b\nx\n" {
		t.Errorf("of half as many lines: %q", got)
	}
}

func TestFromSheet(t *testing.T) {
	carried := []string{"INV-204168", "INV-204188", "10.0.0.17", "Tromsø", "f3a9c1e0"}
	for answer, want := range map[string]string{
		"INV-204168":                         "INV-204168",
		"lNV-2O4168":                         "INV-204168",
		"INV-204178":                         "INV-204178", // as near to one as to the other
		"paid to (1O.0.0.17), in spring":     "paid to (10.0.0.17), in spring",
		"f3a9cle0, 10.0.0.17":                "f3a9c1e0, 10.0.0.17",
		"an ordinary sentence without any":   "an ordinary sentence without any",
		"f3a9c1e0==":                         "f3a9c1e0==", // of which the sheet has a part
		"99999999":                           "99999999",
		"":                                   "",
		"  lines\n are   kept, 1O.0.0.17.\n": "  lines\n are   kept, 10.0.0.17.\n",
	} {
		if got := fromSheet(answer, carried); got != want {
			t.Errorf("%q becomes %q, want %q", answer, got, want)
		}
	}
}
