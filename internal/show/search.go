package show

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/glyphkit/glyph"
	"github.com/glyphkit/glyph/internal/search/probe"
	"github.com/glyphkit/glyph/internal/search/report"
	"github.com/glyphkit/glyph/internal/term"
)

// Search prints what a search found, and where it is kept.
func Search(out io.Writer, r *report.Report, dir string) error {
	fmt.Fprintf(out, "%s: stopped by %s after %s and %s; %s on the front\n", term.Clean(dir), r.Stop,
		term.Plural(r.Generations, "generation", "generations"), term.Plural(r.Spent.Attempts, "read", "reads"), term.Plural(len(r.Front), "config", "configs"))
	for _, m := range r.Measured {
		by := ""
		if len(m.Finalists) > 0 {
			a := m.Finalists[0].Accuracy
			by = fmt.Sprintf(", 95 %% intervals by %s (%s)", a.Unit, term.Thousands(a.Clusters))
		}
		fmt.Fprintf(out, "\nread by %s, %s held out%s:\n", term.Clean(m.Reader), term.Plural(r.HeldOutProbes, "probe", "probes"), by)
		t := term.NewTable("<<>>>>>>")
		t.Add("CONFIG", "PICK", "CHARS/TOKEN", "ACCURACY", "INTERVAL", "UNSCORED", "TIMES "+baselineName, "DIFFERENCE")
		for _, f := range m.Finalists {
			name, pick := f.ID, pickName(r.Picks, f.ID)
			if f.Name != "" {
				name, pick = f.Name, "-"
			}
			times, diff := "-", "-"
			for _, c := range f.Against {
				if c.Other == baselineName {
					times = fmt.Sprintf("%.2f", c.Compression)
					diff = fmt.Sprintf("%+.4f [%+.4f, %+.4f]", c.Accuracy.Mean, c.Accuracy.Low, c.Accuracy.High)
				}
			}
			t.Add(name, pick, fmt.Sprintf("%.2f", f.CharsPerToken), fmt.Sprintf("%.4f", f.Accuracy.Mean),
				fmt.Sprintf("[%.4f, %.4f]", f.Accuracy.Low, f.Accuracy.High), term.Thousands(f.Unscored), times, diff)
		}
		if err := t.Write(out); err != nil {
			return err
		}
		fmt.Fprintf(out, "hypervolume %.3f, of all presets together %.3f\n", m.Hypervolume, m.BaselineHypervolume)
	}
	if n := len(r.Unresolved); n > 0 {
		fmt.Fprintf(out, "\n%s on the front not told apart in accuracy at n = %d\n", term.Plural(n, "pair of neighbours", "pairs of neighbours"), r.Rung)
	}
	if r.Billed.Attempts > 0 {
		EndpointBill(out, r.Billed, billedMoney(r.Billed.Money))
	}
	for _, m := range r.Measured[1:] {
		if m.Billed.Attempts > 0 {
			EndpointBill(out, m.Billed, billedMoney(m.Billed.Money)+", by "+term.Clean(m.Reader))
		}
	}
	for _, d := range r.Degraded {
		fmt.Fprintf(out, "degraded: %s\n", term.Clean(d))
	}
	if r.Unscored > 0 {
		fmt.Fprintf(out, "unscored: the reader failed on %s\n", term.Plural(r.Unscored, "probe", "probes"))
	}
	_, err := fmt.Fprintf(out, "\nglyph compress FILE --config %s/front/balanced.json\n", term.Clean(dir))
	return err
}

// baselineName is the preset that is Glyph's published config.
const baselineName = glyph.DefaultPreset

func pickName(picks map[string]string, id string) string {
	var names []string
	for name, of := range picks {
		if of == id {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	if names == nil {
		return "-"
	}
	out := names[0]
	for _, n := range names[1:] {
		out += ", " + n
	}
	return out
}

// SearchBegins prints which probes a search reads, and for which model.
func SearchBegins(out io.Writer, r *probe.Reading, model string) {
	strata := map[string]int{}
	heldOut := 0
	for _, info := range r.Probes() {
		if info.HeldOut {
			heldOut++
		} else {
			strata[info.Stratum]++
		}
	}
	var parts []string
	for _, name := range probe.Strata() {
		if n := strata[name]; n > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", n, name))
		}
	}
	fmt.Fprintf(out, "%s reads for %s: %s probes, %d held out\n", term.Clean(r.Reader()), term.Clean(model), strings.Join(parts, ", "), heldOut)
	if r.Sampled {
		fmt.Fprintln(out, "documents are long: the search lays out their beginnings, its end all of them")
	}
	if r.Skipped > 0 {
		fmt.Fprintf(out, "%s left out, because pages show a character of it as something else\n", term.Plural(r.Skipped, "excerpt", "excerpts"))
	}
}

// billedMoney is what a bill comes to, at the prices of the flags.
func billedMoney(amount float64) string {
	if amount == 0 {
		return NoPrice
	}
	return fmt.Sprintf("%.4f at the prices given", amount)
}
