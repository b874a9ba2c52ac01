package vision

import (
	"fmt"
	"math"
)

// The rules of this file cut an image into equal patches and count them.

// patch fits the longest side, then a budget of patches, and counts the
// patches by a factor. Never enlarges.
//
// Monotone without MaxSide and Budget, otherwise as long as neither bites.
// Resizing again changes nothing.
//
// Source: OpenAI's guide "Images and vision"; without caps and with Plus it is
// the rule that xAI's usage numbers follow.
type patch struct {
	Patch      int `json:"patch"`                 // px
	MaxSide    int `json:"max_side,omitempty"`    // px that a longer side is scaled to; 0 is none
	Budget     int `json:"budget,omitempty"`      // patches that a larger image is scaled to; 0 is none
	Percent    int `json:"percent"`               // tokens for 100 patches
	Plus       int `json:"plus,omitempty"`        // tokens for every image
	MaxPatches int `json:"max_patches,omitempty"` // patches over which an image is rejected; 0 is none
}

func (r *patch) name() string { return "patch" }
func (r *patch) patch() int   { return r.Patch }

func (r *patch) check() error {
	return inRange(
		span{"patch", r.Patch, 8, mostPart}, span{"max_side", r.MaxSide, 0, mostSide},
		span{"budget", r.Budget, 0, mostCount}, span{"percent", r.Percent, 1, 10000},
		span{"plus", r.Plus, 0, mostCount}, span{"max_patches", r.MaxPatches, 0, mostCount})
}

func (r *patch) view(w, h int) (View, string) {
	p := r.Patch
	if long := max(w, h); r.MaxSide > 0 && long > r.MaxSide {
		s := float64(r.MaxSide) / float64(long)
		w = max(1, floor(float64(float64(w)*s)+0.5)) // half up: the guide does not say
		h = max(1, floor(float64(float64(h)*s)+0.5))
	}
	if r.Budget > 0 && ceilDiv(w, p)*ceilDiv(h, p) > r.Budget {
		s := sqrtRatio(p*p*r.Budget, w*h)
		cols, rows := float64(w)*s/float64(p), float64(h)*s/float64(p)
		s *= min(math.Floor(cols)/cols, math.Floor(rows)/rows)
		w, h = floor(float64(w)*s), floor(float64(h)*s)
		if w < 1 || h < 1 {
			return View{}, "one side would be scaled to nothing"
		}
	}
	n := ceilDiv(w, p) * ceilDiv(h, p)
	if r.MaxPatches > 0 && n > r.MaxPatches {
		return View{}, fmt.Sprintf("%d patches, want at most %d", n, r.MaxPatches)
	}
	// In integers: a float64 product is one too high at 127 counts for 1.62.
	return whole(w, h, ceilDiv(n*r.Percent, 100)+r.Plus), ""
}

func (r *patch) sizes(side int) []Size {
	most := side * side // no cap
	for _, limit := range []int{r.Budget, r.MaxPatches} {
		if limit > 0 {
			most = min(most, limit)
		}
	}
	if r.MaxSide > 0 {
		side = min(side, r.MaxSide)
	}
	return tallest(r.Patch, side, most, 100/gcd(r.Percent, 100))
}

func gcd(a, b int) int {
	for b > 0 {
		a, b = b, a%b
	}
	return a
}

// patchSearch finds by bisection the largest size of the same aspect that fits
// an edge and a number of tokens, and pads to patches at right and bottom.
//
// Monotone as long as it fits. Resizing again changes nothing.
//
// Source: Anthropic's reference code in "Vision" and "Vision coordinates".
type patchSearch struct {
	Patch     int `json:"patch"`      // px, one token each
	Edge      int `json:"edge"`       // px, padded
	MaxTokens int `json:"max_tokens"` // patches
}

func (r *patchSearch) name() string { return "patch-search" }
func (r *patchSearch) patch() int   { return r.Patch }

func (r *patchSearch) check() error {
	return inRange(span{"patch", r.Patch, 4, mostPart}, span{"edge", r.Edge, r.Patch, mostSide},
		span{"max_tokens", r.MaxTokens, 1, mostCount})
}

func (r *patchSearch) fits(w, h int) bool {
	cols, rows := ceilDiv(w, r.Patch), ceilDiv(h, r.Patch)
	return cols*r.Patch <= r.Edge && rows*r.Patch <= r.Edge && cols*rows <= r.MaxTokens
}

func (r *patchSearch) view(w, h int) (View, string) {
	long, short := max(w, h), min(w, h)
	if !r.fits(long, short) {
		aspect := float64(long) / float64(short)
		other := func(side int) int { return max(int(math.RoundToEven(float64(side)/aspect)), 1) }
		lo, hi := 1, long
		for lo+1 < hi {
			if mid := (lo + hi) / 2; r.fits(mid, other(mid)) {
				lo = mid
			} else {
				hi = mid
			}
		}
		long, short = lo, other(lo)
	}
	tokens := ceilDiv(long, r.Patch) * ceilDiv(short, r.Patch)
	if h > w {
		return whole(short, long, tokens), ""
	}
	return whole(long, short, tokens), ""
}

func (r *patchSearch) sizes(side int) []Size {
	return tallest(r.Patch, min(side, r.Edge), r.MaxTokens, 1)
}

// alignSearch rounds the sides up to patches. If those are too few it enlarges
// the image, if too many it finds by bisection the largest height that fits;
// then it pads.
//
// Monotone as long as neither bites. Resizing again changes nothing.
//
// Source: vLLM vllm/transformers_utils/processors/glm5next.py and its port in
// mlx-vlm.
type alignSearch struct {
	Patch     int `json:"patch"` // px, one token each
	MinTokens int `json:"min_tokens"`
	MaxTokens int `json:"max_tokens"`
}

func (r *alignSearch) name() string { return "align-search" }
func (r *alignSearch) patch() int   { return r.Patch }

func (r *alignSearch) check() error {
	return inRange(span{"patch", r.Patch, 4, mostPart}, span{"max_tokens", r.MaxTokens, 1, mostCount},
		span{"min_tokens", r.MinTokens, 0, r.MaxTokens})
}

func (r *alignSearch) view(w, h int) (View, string) {
	f := r.Patch
	sw, sh := w, h
	if least := r.MinTokens * f * f; align(w, f)*align(h, f) < least {
		s := sqrtRatio(least, w*h)
		sw, sh = max(1, ceil(float64(w)*s)), max(1, ceil(float64(h)*s))
	}
	if most := r.MaxTokens * f * f; align(sw, f)*align(sh, f) > most {
		sw, sh = 1, 1
		for lo, hi := 1, h; lo <= hi; {
			mid := (lo + hi) / 2
			if across := max(1, w*mid/h); align(across, f)*align(mid, f) <= most {
				sw, sh = across, mid
				lo = mid + 1
			} else {
				hi = mid - 1
			}
		}
	}
	v := whole(align(sw, f), align(sh, f), ceilDiv(sw, f)*ceilDiv(sh, f))
	v.SeenWidth, v.SeenHeight = sw, sh
	return v, ""
}

func (r *alignSearch) sizes(side int) []Size { return tallest(r.Patch, side, r.MaxTokens, 1) }

// padGrid scales an image of too many patches by the square root of the
// excess, in truncated px, and pads to merged patches.
//
// Monotone as long as nothing is scaled. Resizing again may change much: the
// padding of a scaled image can take it over the limit once more.
//
// Source: Moonshot's MoonViT processors of Kimi-VL, which rejects long sides,
// and of Kimi K2.5 and K3, which scale them.
type padGrid struct {
	Patch       int  `json:"patch"`       // px
	Merge       int  `json:"merge"`       // patches a side of a token
	MaxPatches  int  `json:"max_patches"` // before merging
	SidePatches int  `json:"side_patches"`
	RejectSide  bool `json:"reject_side,omitempty"` // a padded side of SidePatches patches is rejected, not a longer one scaled
}

func (r *padGrid) name() string { return "pad-grid" }
func (r *padGrid) patch() int   { return r.Patch * r.Merge }

func (r *padGrid) check() error {
	return inRange(span{"patch", r.Patch, 4, mostPart}, span{"merge", r.Merge, 1, 16},
		span{"max_patches", r.MaxPatches, r.Merge * r.Merge, mostCount}, span{"side_patches", r.SidePatches, 2 * r.Merge, mostCount})
}

func (r *padGrid) view(w, h int) (View, string) {
	p, side := r.Patch, r.SidePatches*r.Patch
	sw, sh := w, h
	if r.RejectSide {
		if n := (w / p) * (h / p); n > r.MaxPatches {
			s := sqrtRatio(r.MaxPatches, n)
			sw, sh = int(float64(w)*s), int(float64(h)*s)
		}
		if sw < 1 || sh < 1 {
			return View{}, "one side would be scaled to nothing"
		}
	} else {
		s := min(1, sqrtRatio(r.MaxPatches, max(1, w/p)*max(1, h/p)),
			float64(side)/float64(w), float64(side)/float64(h))
		sw = min(max(1, int(float64(w)*s)), side)
		sh = min(max(1, int(float64(h)*s)), side)
	}
	f := p * r.Merge
	v := whole(align(sw, f), align(sh, f), ceilDiv(sw, f)*ceilDiv(sh, f))
	if r.RejectSide && max(v.Width, v.Height) >= side {
		return View{}, fmt.Sprintf("%d patches a side, want fewer than %d", max(v.Width, v.Height)/p, r.SidePatches)
	}
	v.SeenWidth, v.SeenHeight = sw, sh
	return v, ""
}

func (r *padGrid) sizes(side int) []Size {
	return tallest(r.patch(), min(side, r.SidePatches*r.Patch), r.MaxPatches/(r.Merge*r.Merge), 1)
}

// smartResize rounds both sides to the factor; if that leaves the range of
// areas it scales by the square root of the excess and rounds down, or of the
// lack and rounds up.
//
// Monotone within the range. Resizing again changes nothing, unless rounding
// took the aspect over its limit.
//
// Source: Qwen's qwen-vl-utils vision_process.py and transformers'
// image_processing_qwen2_vl.py; image_processing_glm4v.py; PaddleOCR-VL's
// processor. They differ in what they do to a side shorter than the factor.
type smartResize struct {
	Factor    int    `json:"factor"`           // px, one token each
	MinPixels int    `json:"min_pixels"`       // area
	MaxPixels int    `json:"max_pixels"`       // area
	Frames    int    `json:"frames,omitempty"` // a still counts as so many towards both areas; 0 is 1
	Short     string `json:"short,omitempty"`  // enlarge first so that both sides reach the factor: "truncate" or "round"; "" does not
}

// smartAspect is the same in all published versions.
const smartAspect = 200

func (r *smartResize) name() string { return "smart-resize" }
func (r *smartResize) patch() int   { return r.Factor }

func (r *smartResize) check() error {
	switch r.Short {
	case "", "truncate", "round":
	default:
		return fmt.Errorf(`key "short": got %q, want "truncate" or "round"`, r.Short)
	}
	return inRange(span{"factor", r.Factor, 4, mostPart}, span{"frames", r.Frames, 0, 16},
		span{"max_pixels", r.MaxPixels, r.Factor * r.Factor * max(1, r.Frames), mostArea},
		span{"min_pixels", r.MinPixels, 0, r.MaxPixels})
}

func (r *smartResize) view(w, h int) (View, string) {
	f, t := r.Factor, max(1, r.Frames)
	switch {
	case r.Short == "truncate" && min(w, h) < f:
		s := max(float64(f)/float64(h), float64(f)/float64(w))
		w, h = int(float64(w)*s), int(float64(h)*s)
	case r.Short == "round":
		if h < f {
			w, h = roundDiv(w*f, h), f
		}
		if w < f {
			w, h = f, roundDiv(h*f, w)
		}
	}
	if max(w, h) > smartAspect*min(w, h) {
		return View{}, fmt.Sprintf("want an aspect up to %d:1", smartAspect)
	}
	rw, rh := max(f, roundDiv(w, f)*f), max(f, roundDiv(h, f)*f)
	if t*rw*rh > r.MaxPixels {
		s := sqrtRatio(t*w*h, r.MaxPixels)
		rw = max(f, floor(float64(w)/s/float64(f))*f)
		rh = max(f, floor(float64(h)/s/float64(f))*f)
	} else if t*rw*rh < r.MinPixels {
		s := sqrtRatio(r.MinPixels, t*w*h)
		rw = ceil(float64(w)*s/float64(f)) * f
		rh = ceil(float64(h)*s/float64(f)) * f
	}
	return whole(rw, rh, rw/f*(rh/f)), ""
}

func (r *smartResize) sizes(side int) []Size {
	most := r.MaxPixels / max(1, r.Frames) / (r.Factor * r.Factor)
	var out []Size
	for _, s := range tallest(r.Factor, side, most, 1) {
		s.Height = min(s.Height, s.Width*smartAspect)
		out = append(out, s)
	}
	return out
}

// rowBreak scales the longest side down, rounds the sides up to patches and
// adds a token to every row: wide pages are cheaper than tall ones.
//
// Monotone as long as nothing is scaled down. Resizing again changes nothing
// if MaxSide is a multiple of Patch.
//
// Source: mistral-common. The port in transformers rounds the scaled side
// down, which can differ by a column.
type rowBreak struct {
	Patch   int `json:"patch"`    // px, one token each
	MaxSide int `json:"max_side"` // px
}

func (r *rowBreak) name() string { return "row-break" }
func (r *rowBreak) patch() int   { return r.Patch }

func (r *rowBreak) check() error {
	return inRange(span{"patch", r.Patch, 4, mostPart}, span{"max_side", r.MaxSide, r.Patch, mostSide})
}

func (r *rowBreak) view(w, h int) (View, string) {
	if s := float64(max(w, h)) / float64(r.MaxSide); s > 1 {
		w = int(math.RoundToEven(float64(w) / s))
		h = int(math.RoundToEven(float64(h) / s))
		if w < 1 || h < 1 {
			return View{}, "one side would be scaled to nothing"
		}
	}
	cols, rows := ceilDiv(w, r.Patch), ceilDiv(h, r.Patch)
	return whole(cols*r.Patch, rows*r.Patch, (cols+1)*rows), ""
}

func (r *rowBreak) sizes(side int) []Size {
	return tallest(r.Patch, min(side, r.MaxSide), math.MaxInt32, 1)
}

// rowBreakBudget enlarges a small image to an area, rounds up to patches,
// merges them, adds a token to every row and two to the image, and scales what
// is over the tokens so that both sides stay on merged patches.
//
// Monotone as long as nothing is scaled. Resizing again changes nothing, unless
// the image was very narrow or enlarged. Whether the sides are stretched or
// padded to patches is not known; stretched is assumed.
//
// Source: vLLM vllm/models/deepseek_v41/common/mm_preprocess.py.
type rowBreakBudget struct {
	Patch     int `json:"patch"` // px
	Merge     int `json:"merge"` // patches a side of a token
	MinPixels int `json:"min_pixels"`
	MaxTokens int `json:"max_tokens"`
}

func (r *rowBreakBudget) name() string { return "row-break-budget" }
func (r *rowBreakBudget) patch() int   { return r.Patch * r.Merge }

func (r *rowBreakBudget) check() error {
	return inRange(span{"patch", r.Patch, 4, mostPart}, span{"merge", r.Merge, 1, 16},
		span{"min_pixels", r.MinPixels, 0, mostCount}, span{"max_tokens", r.MaxTokens, 4, mostCount})
}

func (r *rowBreakBudget) view(w, h int) (View, string) {
	p, f := r.Patch, r.Patch*r.Merge
	if w*h < r.MinPixels {
		s := sqrtRatio(r.MinPixels, w*h)
		w, h = int(float64(w)*s), int(float64(h)*s)
	}
	tokens := func(w, h int) int { return ceilDiv(h/p, r.Merge)*(ceilDiv(w/p, r.Merge)+1) + 2 }
	rw, rh := align(w, p), align(h, p)
	if tokens(rw, rh) > r.MaxTokens {
		ratio := float64(h) / float64(w)
		cols := math.Sqrt(float64(r.MaxTokens-2)/ratio+0.25) - 0.5
		rows := cols * ratio
		switch {
		case cols < 1:
			rw, rh = f, (r.MaxTokens-2)/2*f
		case rows < 1:
			rw, rh = (r.MaxTokens-3)*f, f
		default:
			s := min(float64(floor(cols)*f)/float64(w), float64(floor(rows)*f)/float64(h))
			rw = floor(float64(w)*s/float64(p)) * p
			rh = floor(float64(h)*s/float64(p)) * p
		}
	}
	if rw < 1 || rh < 1 {
		return View{}, "one side would be scaled to nothing"
	}
	return whole(rw, rh, tokens(rw, rh)), ""
}

func (r *rowBreakBudget) sizes(side int) []Size {
	f := r.patch()
	var out []Size
	for cols := 1; cols*f <= side; cols++ {
		if rows := min(side/f, (r.MaxTokens-2)/(cols+1)); rows > 0 {
			out = append(out, Size{cols * f, rows * f})
		}
	}
	return out
}
