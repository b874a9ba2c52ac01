package cli

import (
	"fmt"
	"io"
	"slices"

	"github.com/glyphkit/glyph/search"
)

// printSearch tells what was found.
func printSearch(out io.Writer, r *search.Report, dir string) error {
	fmt.Fprintf(out, "%s: stopped by %s after %s and %s; %s on the front\n", clean(dir), r.Stop,
		plural(r.Generations, "generation", "generations"), plural(r.Spent.Attempts, "read", "reads"), plural(len(r.Front), "config", "configs"))
	for _, m := range r.Measured {
		by := ""
		if len(m.Finalists) > 0 {
			a := m.Finalists[0].Accuracy
			by = fmt.Sprintf(", 95 %% intervals by %s (%s)", a.Unit, thousands(a.Clusters))
		}
		fmt.Fprintf(out, "\nread by %s, %s held out%s:\n", clean(m.Reader), plural(r.HeldOutProbes, "probe", "probes"), by)
		t := &table{right: []bool{false, false, true, true, true, true, true, true}}
		t.add("CONFIG", "PICK", "CHARS/TOKEN", "ACCURACY", "INTERVAL", "UNSCORED", "TIMES "+baselineName, "DIFFERENCE")
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
			t.add(name, pick, fmt.Sprintf("%.2f", f.CharsPerToken), fmt.Sprintf("%.4f", f.Accuracy.Mean),
				fmt.Sprintf("[%.4f, %.4f]", f.Accuracy.Low, f.Accuracy.High), thousands(f.Unscored), times, diff)
		}
		if err := t.print(out); err != nil {
			return err
		}
		fmt.Fprintf(out, "hypervolume %.3f, of all presets together %.3f\n", m.Hypervolume, m.BaselineHypervolume)
	}
	if n := len(r.Unresolved); n > 0 {
		fmt.Fprintf(out, "\n%s on the front not told apart in accuracy at n = %d\n", plural(n, "pair of neighbours", "pairs of neighbours"), r.Rung)
	}
	if r.Billed.Attempts > 0 {
		tellBill(out, r.Billed, billedMoney(r.Billed.Money))
	}
	for _, m := range r.Measured[1:] {
		if m.Billed.Attempts > 0 {
			tellBill(out, m.Billed, billedMoney(m.Billed.Money)+", by "+clean(m.Reader))
		}
	}
	for _, d := range r.Degraded {
		fmt.Fprintf(out, "degraded: %s\n", clean(d))
	}
	if r.Unscored > 0 {
		fmt.Fprintf(out, "unscored: the reader failed on %s\n", plural(r.Unscored, "probe", "probes"))
	}
	_, err := fmt.Fprintf(out, "\nglyph compress FILE --config %s/front/balanced.json\n", clean(dir))
	return err
}

// baselineName is the preset that is Glyph's published config.
const baselineName = defaultConfig

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

// billedMoney is what a bill comes to, at the prices of the flags.
func billedMoney(amount float64) string {
	if amount == 0 {
		return noPrice
	}
	return fmt.Sprintf("%.4f at the prices given", amount)
}
