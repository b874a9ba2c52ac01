package verb

import (
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"github.com/glyphkit/glyph"
	"github.com/glyphkit/glyph/internal/term"
)

// Fit fix one side of the trade between tokens and pixels.
type Fit struct {
	tokens int
	ratio  float64
	minPx  float64
}

// Add adds the flags.
func (t *Fit) Add(f Flags) {
	f.Count(&t.tokens, "target-tokens", 0, "")
	f.Number(&t.ratio, "ratio", 0, "")
	f.Number(&t.minPx, "min-px", 0, "without it type keeps the size of the config")
}

// Fit says how the page is chosen; fixed keeps the one of the config.
func (t *Fit) Fit(fixed bool) glyph.Fit {
	return glyph.Fit{Keep: fixed, Budget: int64(t.tokens), Ratio: t.ratio, MinPx: t.minPx}
}

// Check refuses values that no page can keep. Fixed says that the page is given.
func (t *Fit) Check(cmd *cobra.Command, fixed bool) error {
	changed := cmd.Flags().Changed
	for _, flag := range []string{"target-tokens", "ratio", "min-px"} {
		if fixed && changed(flag) {
			return fmt.Errorf("--%s chooses the page; accepted: it without --page-size and --patch-size", flag)
		}
	}
	switch {
	case changed("target-tokens") && t.tokens <= 0:
		return fmt.Errorf("--target-tokens %d; accepted: a number of tokens above 0", t.tokens)
	case changed("ratio") && !(t.ratio > 0):
		return fmt.Errorf("--ratio %v; accepted: a number above 0, such as 3", t.ratio)
	case changed("min-px") && !(t.minPx > 0):
		return fmt.Errorf("--min-px %v; accepted: a size in px above 0, such as 8", t.minPx)
	case changed("target-tokens") && changed("ratio"):
		return errors.New("--target-tokens and --ratio; accepted: one of them, as each gives the other")
	}
	return nil
}

// Planning is the state of the planner on a progress line.
func Planning(done float64) term.State {
	const whole = 1000
	return term.State{Done: int64(done * whole), Total: whole, Note: "choosing the page"}
}
