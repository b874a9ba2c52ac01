package vision

import (
	"encoding/json"
	"fmt"
	"maps"
	"math"
	"slices"
)

// Rule is one of the named rules with its parameters. Its JSON is an object of
// "name" and the parameters. The zero Rule prices nothing.
type Rule struct{ rule }

// rule is what every named rule can do. Sizes given to view are from 1 to
// maxInput; a rule is not changed once check has accepted it.
type rule interface {
	name() string

	// check says which parameter is out of range, and prepares tables.
	check() error

	// patch is the grid in px of unpadded images, 0 if there is none.
	patch() int

	// view leaves Overhead to the profile but for what grows with the number
	// of tiles. The string says why a size is rejected.
	view(w, h int) (View, string)

	// sizes lists sizes up to a side in px, such that the unresampled ones
	// among them make the list of Profile.Candidates.
	sizes(side int) []Size
}

// rules makes a rule of every name, with no parameters set.
var rules = map[string]func() rule{
	"patch":               func() rule { return new(patch) },
	"patch-search":        func() rule { return new(patchSearch) },
	"align-search":        func() rule { return new(alignSearch) },
	"pad-grid":            func() rule { return new(padGrid) },
	"smart-resize":        func() rule { return new(smartResize) },
	"row-break":           func() rule { return new(rowBreak) },
	"row-break-budget":    func() rule { return new(rowBreakBudget) },
	"grid":                func() rule { return new(grid) },
	"crop-unit":           func() rule { return new(cropUnit) },
	"pan-and-scan":        func() rule { return new(panAndScan) },
	"short-side-tiles":    func() rule { return new(shortSideTiles) },
	"closest-ratio-tiles": func() rule { return new(closestRatioTiles) },
	"canvas-tiles":        func() rule { return new(canvasTiles) },
	"slices":              func() rule { return new(sliced) },
	"anyres-tiles":        func() rule { return new(anyresTiles) },
	"masked-crops":        func() rule { return new(maskedCrops) },
	"longest-side-tiles":  func() rule { return new(longestSideTiles) },
	"fixed":               func() rule { return new(fixed) },
	"table":               func() rule { return new(table) },
	"unpublished":         func() rule { return new(unpublished) },
}

// ruleList lists the names of all rules in alphabetical order.
func ruleList() []string { return slices.Sorted(maps.Keys(rules)) }

// Name is the name of the rule, empty for the zero Rule.
func (r Rule) Name() string {
	if r.rule == nil {
		return ""
	}
	return r.rule.name()
}

// String is the rule as its JSON.
func (r Rule) String() string {
	b, err := r.MarshalJSON()
	if err != nil {
		return r.Name()
	}
	return string(b)
}

// MarshalJSON writes what [Load] reads: the name and then the parameters.
func (r Rule) MarshalJSON() ([]byte, error) {
	if r.rule == nil {
		return []byte("null"), nil
	}
	params, err := json.Marshal(r.rule)
	if err != nil {
		return nil, err
	}
	out := fmt.Appendf(nil, `{"name":%q`, r.rule.name())
	if len(params) > len("{}") {
		out = append(out, ',')
	}
	return append(out, params[1:]...), nil
}

// Upper bounds of parameters, far above every real one: with sides up to
// maxInput nothing overflows, and pages of MaxPageSide can hold a tile.
const (
	mostPart  = 1 << 12 // px, side of a patch or tile
	mostSide  = 1 << 20 // px, side of an image
	mostArea  = 1 << 30 // px
	mostCount = 1 << 20 // tokens, patches, images
	mostTiles = 64
)

// span is the range that a parameter is checked against.
type span struct {
	key           string
	value, lo, hi int
}

func inRange(spans ...span) error {
	for _, s := range spans {
		if s.value < s.lo || s.value > s.hi {
			return fmt.Errorf("key %q: got %d, want %d to %d", s.key, s.value, s.lo, s.hi)
		}
	}
	return nil
}

// whole is a view of w x h px that holds no padding.
func whole(w, h, tokens int) View {
	return View{Width: w, Height: h, SeenWidth: w, SeenHeight: h, Tokens: tokens}
}

// ceilDiv is a/b rounded up, for positive numbers.
func ceilDiv(a, b int) int { return (a + b - 1) / b }

// roundDiv is a/b rounded to the nearest integer and half to even, as Python's
// round does, for positive numbers.
func roundDiv(a, b int) int {
	q, r := a/b, a%b
	if 2*r > b || 2*r == b && q%2 == 1 {
		q++
	}
	return q
}

// align rounds a up to a multiple of f.
func align(a, f int) int { return ceilDiv(a, f) * f }

// Floating point below follows the published code operation by operation, so
// that it rounds alike. A product that is added to is wrapped in float64(),
// or an arm64 compiler would fuse the two and skip the rounding between.

func floor(x float64) int { return int(math.Floor(x)) }
func ceil(x float64) int  { return int(math.Ceil(x)) }

// sqrtRatio is sqrt(a/b).
func sqrtRatio(a, b int) float64 { return math.Sqrt(float64(a) / float64(b)) }

// tallest lists, for every width that is a multiple of patch px, the tallest
// pages with at most most patches and a side up to side px: the periods
// tallest, because a price that is rounded up once for all patches is best at
// every periods-th count of them.
func tallest(patch, side, most, periods int) []Size {
	var out []Size
	for cols := 1; cols*patch <= side && cols <= most; cols++ {
		rows := min(side/patch, most/cols)
		for i := 0; i < periods && rows-i > 0; i++ {
			out = append(out, Size{cols * patch, (rows - i) * patch})
		}
	}
	return out
}

// tilings lists the sizes of at most most tiles of w x h px.
func tilings(w, h, most int) []Size {
	var out []Size
	for i := 1; i <= most; i++ {
		for j := 1; i*j <= most; j++ {
			out = append(out, Size{i * w, j * h})
		}
	}
	return out
}
