package vision

import "math"

// The rules of this file cut an image into few large tiles.

// shortSideTiles fits the longest side, then the shortest, and counts tiles.
// Never enlarges.
//
// Monotone as long as nothing is scaled down. Resizing again changes nothing.
//
// Source: OpenAI's guide "Images and vision", tile models at high detail.
type shortSideTiles struct {
	MaxLong    int `json:"max_long"`  // px
	MaxShort   int `json:"max_short"` // px
	Tile       int `json:"tile"`      // px
	Base       int `json:"base"`      // tokens for every image
	TileTokens int `json:"tile_tokens"`
}

func (r *shortSideTiles) name() string { return "short-side-tiles" }
func (r *shortSideTiles) patch() int   { return 0 }

func (r *shortSideTiles) check() error {
	return inRange(span{"tile", r.Tile, 4, mostPart}, span{"max_short", r.MaxShort, 1, mostSide},
		span{"max_long", r.MaxLong, r.MaxShort, r.Tile * mostTiles}, span{"base", r.Base, 0, mostCount},
		span{"tile_tokens", r.TileTokens, 1, mostCount})
}

func (r *shortSideTiles) view(w, h int) (View, string) {
	if long := max(w, h); long > r.MaxLong {
		s := float64(r.MaxLong) / float64(long)
		w, h = max(1, floor(float64(w)*s)), max(1, floor(float64(h)*s))
	}
	if short := min(w, h); short > r.MaxShort {
		s := float64(r.MaxShort) / float64(short)
		if w <= h {
			w, h = r.MaxShort, floor(float64(h)*s)
		} else {
			w, h = floor(float64(w)*s), r.MaxShort
		}
	}
	return whole(w, h, r.Base+r.TileTokens*ceilDiv(w, r.Tile)*ceilDiv(h, r.Tile)), ""
}

func (r *shortSideTiles) sizes(side int) []Size {
	sides := []int{r.MaxShort, r.MaxLong}
	for s := r.Tile; s <= min(side, r.MaxLong); s += r.Tile {
		sides = append(sides, s)
	}
	var out []Size
	for _, w := range sides {
		for _, h := range sides {
			out = append(out, Size{w, h})
		}
	}
	return out
}

// ratio is a number of tiles across and down.
type ratio struct{ cols, rows int }

// ratios lists all tilings of least to most tiles, fewest tiles first. The
// order among equal numbers does not matter: no two of them are neighbours in
// aspect for the parameters in use.
func ratios(least, most int) []ratio {
	var out []ratio
	for n := least; n <= most; n++ {
		for cols := 1; cols <= n; cols++ {
			if n%cols == 0 {
				out = append(out, ratio{cols, n / cols})
			}
		}
	}
	return out
}

// closest is the tiling of the aspect nearest to that of an image; of equal
// ones a larger only if the image has more than half of its area. The
// difference of the aspects, not their ratio: 4:1 is as far from 3:1 as 2:1 is
// from 1:1.
func closest(rs []ratio, tile, w, h int) ratio {
	best, found := math.Inf(1), ratio{1, 1}
	aspect := float64(w) / float64(h)
	for _, r := range rs {
		d := math.Abs(aspect - float64(r.cols)/float64(r.rows))
		if d < best || d == best && 2*w*h > tile*tile*r.cols*r.rows {
			best, found = d, r
		}
	}
	return found
}

// closestRatioTiles stretches an image to the tiling of the nearest aspect.
// More than one tile is joined by an overview of the whole page.
//
// Not monotone: the tiling follows the aspect. Resizing again changes nothing
// but for what stays one tile.
//
// Source: OpenGVLab/InternVL internvl/train/dataset.py; DeepSeek-OCR "Gundam"
// and DeepSeek-OCR-2, which leave small images whole.
type closestRatioTiles struct {
	Tile       int `json:"tile"`            // px
	MinTiles   int `json:"min_tiles"`       // 1 or more
	MaxTiles   int `json:"max_tiles"`       //
	Whole      int `json:"whole,omitempty"` // px: both sides up to it is not tiled; 0 is never
	Single     int `json:"single"`          // tokens of an image that is not tiled
	SingleSize int `json:"single_size"`     // px that it is scaled to
	Base       int `json:"base"`            // tokens of the overview
	TileTokens int `json:"tile_tokens"`
	RowTokens  int `json:"row_tokens,omitempty"` // for each row of tiles

	ratios []ratio
}

func (r *closestRatioTiles) name() string { return "closest-ratio-tiles" }
func (r *closestRatioTiles) patch() int   { return 0 }

func (r *closestRatioTiles) check() error {
	err := inRange(span{"tile", r.Tile, 4, mostPart}, span{"max_tiles", r.MaxTiles, 1, mostTiles},
		span{"min_tiles", r.MinTiles, 1, r.MaxTiles}, span{"whole", r.Whole, 0, mostSide},
		span{"single", r.Single, 1, mostCount}, span{"single_size", r.SingleSize, 4, mostPart},
		span{"base", r.Base, 0, mostCount}, span{"tile_tokens", r.TileTokens, 1, mostCount},
		span{"row_tokens", r.RowTokens, 0, mostCount})
	if err == nil {
		r.ratios = ratios(r.MinTiles, r.MaxTiles)
	}
	return err
}

func (r *closestRatioTiles) view(w, h int) (View, string) {
	single := whole(r.SingleSize, r.SingleSize, r.Single)
	if w <= r.Whole && h <= r.Whole {
		return single, ""
	}
	g := closest(r.ratios, r.Tile, w, h)
	if g.cols*g.rows == 1 {
		return single, ""
	}
	return whole(g.cols*r.Tile, g.rows*r.Tile, r.Base+r.TileTokens*g.cols*g.rows+r.RowTokens*g.rows), ""
}

func (r *closestRatioTiles) sizes(int) []Size {
	return append(tilings(r.Tile, r.Tile, r.MaxTiles), Size{r.Whole, r.Whole}, Size{r.SingleSize, r.SingleSize})
}

// canvasTiles puts an image on the canvas of tiles that it needs least scaling
// for, enlarges it to one tile at most, and pads.
//
// Not monotone: the canvas follows the aspect. Resizing again changes nothing.
//
// Source: transformers mllama/image_processing_mllama.py (float64 scales) and
// llama4/image_processing_llama4_fast.py (float32).
type canvasTiles struct {
	Tile       int  `json:"tile"` // px
	MaxTiles   int  `json:"max_tiles"`
	Single     int  `json:"single"` // tokens of one tile
	Base       int  `json:"base"`   // tokens of several, once
	TileTokens int  `json:"tile_tokens"`
	Float32    bool `json:"float32,omitempty"` // scales are compared in single precision

	ratios []ratio
}

func (r *canvasTiles) name() string { return "canvas-tiles" }
func (r *canvasTiles) patch() int   { return 0 }

func (r *canvasTiles) check() error {
	err := inRange(span{"tile", r.Tile, 4, mostPart}, span{"max_tiles", r.MaxTiles, 1, mostTiles},
		span{"single", r.Single, 1, mostCount}, span{"base", r.Base, 0, mostCount},
		span{"tile_tokens", r.TileTokens, 0, mostCount})
	if err == nil {
		r.ratios = ratios(1, r.MaxTiles)
	}
	return err
}

func (r *canvasTiles) view(w, h int) (View, string) {
	// The smallest scale from 1 up, or else the largest; ratios come by area,
	// so the first of equal scales is the smallest.
	var best float64
	var g ratio
	for _, c := range r.ratios {
		sw, sh := float64(c.cols*r.Tile)/float64(w), float64(c.rows*r.Tile)/float64(h)
		if r.Float32 {
			sw, sh = float64(float32(sw)), float64(float32(sh))
		}
		s := min(sw, sh)
		if s >= 1 && (best < 1 || s < best) || s < 1 && s > best && best < 1 {
			best, g = s, c
		}
	}
	tokens := r.Single
	if n := g.cols * g.rows; n > 1 {
		tokens = r.Base + n*r.TileTokens
	}
	v := whole(g.cols*r.Tile, g.rows*r.Tile, tokens)
	aw, ah := min(max(w, r.Tile), v.Width), min(max(h, r.Tile), v.Height)
	if sw, sh := float64(aw)/float64(w), float64(ah)/float64(h); sw < sh {
		v.SeenWidth, v.SeenHeight = aw, max(1, min(floor(float64(h)*sw), ah))
	} else {
		v.SeenWidth, v.SeenHeight = max(1, min(floor(float64(w)*sh), aw)), ah
	}
	return v, ""
}

func (r *canvasTiles) sizes(int) []Size { return tilings(r.Tile, r.Tile, r.MaxTiles) }

// sliced shows an image as an overview of about one slice's area and, if it is
// larger, as a grid of slices of about that area each.
//
// Not monotone: the grid follows the aspect. Resizing again may move a slice
// by a patch.
//
// Source: MiniCPM-V's image processor.
type sliced struct {
	Slice     int `json:"slice"`      // px, side of a square slice
	Patch     int `json:"patch"`      // px that sides of slices are multiples of
	MaxSlices int `json:"max_slices"` // 1 to 9
	Tokens    int `json:"tokens"`     // for a slice, markers included; a row break is one more
}

func (r *sliced) name() string { return "slices" }
func (r *sliced) patch() int   { return 0 }

func (r *sliced) check() error {
	return inRange(span{"slice", r.Slice, 4, mostPart}, span{"patch", r.Patch, max(4, r.Slice/64), r.Slice},
		span{"max_slices", r.MaxSlices, 1, 9}, span{"tokens", r.Tokens, 1, mostCount})
}

// fit is the size of about a slice's area with the aspect of w x h.
func (r *sliced) fit(w, h int) (int, int) {
	aspect := float64(w) / float64(h)
	fh := int(float64(r.Slice) / math.Sqrt(aspect))
	fw := int(float64(fh) * aspect)
	return r.snap(fw, r.Patch), r.snap(fh, r.Patch)
}

func (r *sliced) snap(x, step int) int { return max(roundDiv(x, step)*step, step) }

func (r *sliced) view(w, h int) (View, string) {
	n := min(ceilDiv(w*h, r.Slice*r.Slice), r.MaxSlices)
	if n <= 1 {
		fw, fh := r.fit(w, h)
		return whole(fw, fh, r.Tokens), ""
	}
	g := r.grid(n, w, h)
	fw, fh := r.fit(r.snap(w, g.cols)/g.cols, r.snap(h, g.rows)/g.rows)
	return whole(fw*g.cols, fh*g.rows, r.Tokens*(1+g.cols*g.rows)+g.rows-1), ""
}

// grid is the one of about n slices whose aspect is nearest by ratio. The
// published code compares float64 logarithms and keeps the first of equals;
// in whole numbers all but two ties come out alike, where the rounding of a
// logarithm makes the later grid win: 3x2 before 2x3, 8x1 before 4x2.
func (r *sliced) grid(n, w, h int) ratio {
	best := ratio{1, 1}
	num, den := 0, 0 // the ratio of the aspects, at least 1
	for k := max(n-1, 2); k <= min(n+1, r.MaxSlices); k++ {
		for cols := 1; cols <= k; cols++ {
			if k%cols != 0 {
				continue
			}
			a, b := w*(k/cols), h*cols
			if a < b {
				a, b = b, a
			}
			g := ratio{cols, k / cols}
			later := g == ratio{3, 2} || g == ratio{8, 1}
			if den == 0 || a*den < num*b || a*den == num*b && later {
				num, den, best = a, b, g
			}
		}
	}
	return best
}

// sizes tries slices of about the right area and keeps what resizes to itself.
func (r *sliced) sizes(side int) []Size {
	var out []Size
	slice := r.Slice / r.Patch // in patches
	for _, g := range ratios(1, r.MaxSlices) {
		for a := max(1, slice/2); a <= 2*slice; a++ {
			for b := slice * slice * 9 / 10 / a; b <= slice*slice*11/10/a; b++ {
				s := Size{g.cols * a * r.Patch, g.rows * b * r.Patch}
				if max(s.Width, s.Height) > side || s.Height == 0 {
					continue
				}
				if v, _ := r.view(s.Width, s.Height); v.Width == s.Width && v.Height == s.Height {
					out = append(out, s)
				}
			}
		}
	}
	return out
}

// anyresTiles fits an image into the canvas of tiles that wastes least, drops
// what is padding from the features and pools what is over a number of tiles.
//
// Not monotone: canvas and padding follow the aspect. Resizing again changes
// nothing. Pooling keeps the pixels of a large page but spends few tokens on
// them; the pixels for a token say little here.
//
// Source: transformers llava_onevision/processing_llava_onevision.py, "anyres_max_9".
type anyresTiles struct {
	Tile     int `json:"tile"`      // px
	Side     int `json:"side"`      // tiles, most across and down
	Features int `json:"features"`  // a side of a tile; its square is the price of the overview
	MaxTiles int `json:"max_tiles"` // worth of features that are not pooled
}

func (r *anyresTiles) name() string { return "anyres-tiles" }
func (r *anyresTiles) patch() int   { return 0 }

func (r *anyresTiles) check() error {
	return inRange(span{"tile", r.Tile, 4, mostPart}, span{"side", r.Side, 1, 8},
		span{"features", r.Features, 1, 128}, span{"max_tiles", r.MaxTiles, 1, mostTiles})
}

func (r *anyresTiles) view(w, h int) (View, string) {
	most, waste := 0, math.MaxInt
	var g ratio
	var scale float64
	for rows := 1; rows <= r.Side; rows++ {
		for cols := 1; cols <= r.Side; cols++ {
			cw, ch := cols*r.Tile, rows*r.Tile
			s := min(float64(cw)/float64(w), float64(ch)/float64(h))
			used := min(int(float64(w)*s)*int(float64(h)*s), w*h)
			if left := cw*ch - used; used > most || used == most && left < waste {
				most, waste, g, scale = used, left, ratio{cols, rows}, s
			}
		}
	}

	cols, rows := g.cols*r.Features, g.rows*r.Features
	if float64(w)/float64(h) > float64(cols)/float64(rows) {
		rows -= (rows - truncate7(float64(float64(h)*(float64(cols)/float64(w))))) / 2 * 2
	} else {
		cols -= (cols - truncate7(float64(float64(w)*(float64(rows)/float64(h))))) / 2 * 2
	}
	if over := math.Sqrt(float64(rows*cols) / float64(r.MaxTiles*r.Features*r.Features)); over > 1.1 {
		cols, rows = floorDiv(float64(cols), over), floorDiv(float64(rows), over)
	}
	v := whole(g.cols*r.Tile, g.rows*r.Tile, cols*rows+rows+r.Features*r.Features)
	v.SeenWidth = min(ceil(float64(w)*scale), v.Width)
	v.SeenHeight = min(ceil(float64(h)*scale), v.Height)
	return v, ""
}

// sizes fills the tiles one way; the other way it ends on the last px before
// the next row or column of features is kept.
func (r *anyresTiles) sizes(int) []Size {
	var out []Size
	for full := r.Tile; full <= r.Side*r.Tile; full += r.Tile {
		out = append(out, Size{full, r.Side * r.Tile}, Size{r.Side * r.Tile, full})
		for n := 2; n <= r.Side*r.Features; n++ {
			other := ceilDiv(n*r.Tile, r.Features) - 1
			out = append(out, Size{full, other}, Size{other, full})
		}
	}
	return out
}

// truncate7 rounds to seven decimals and then down, as Python's
// int(round(x, 7)).
func truncate7(x float64) int {
	n := floor(x)
	if float64(n+1)-x < 5e-8 {
		return n + 1
	}
	return n
}

// floorDiv is Python's a // b of floats: exact where a/b would round up.
func floorDiv(a, b float64) int {
	return int(math.Round((a - math.Mod(a, b)) / b))
}

// maskedCrops covers an image with crops, enlarges it to fill them one way,
// pads the other and drops the padding, in patches, from the price.
//
// Not monotone: where one side does not fill its crops the image is enlarged.
// Resizing again changes nothing.
//
// Source: transformers phi4_multimodal/image_processing_phi4_multimodal_fast.py.
type maskedCrops struct {
	Crop     int `json:"crop"`  // px
	Patch    int `json:"patch"` // px; two a side make a token
	MaxCrops int `json:"max_crops"`
	Base     int `json:"base"`     // tokens of the overview and the separators
	MinSide  int `json:"min_side"` // px that a scaled side must have

	ratios []ratio
}

func (r *maskedCrops) name() string { return "masked-crops" }
func (r *maskedCrops) patch() int   { return 0 }

func (r *maskedCrops) check() error {
	err := inRange(span{"crop", r.Crop, 4, mostPart}, span{"patch", r.Patch, 1, r.Crop / 2},
		span{"max_crops", r.MaxCrops, 1, mostTiles}, span{"base", r.Base, 0, mostCount},
		span{"min_side", r.MinSide, 1, r.Crop})
	if err == nil {
		r.ratios = ratios(1, r.MaxCrops)
	}
	return err
}

func (r *maskedCrops) view(w, h int) (View, string) {
	g := ratio{ceilDiv(w, r.Crop), ceilDiv(h, r.Crop)}
	if g.cols*g.rows > r.MaxCrops {
		g = closest(r.ratios, r.Crop, w, h)
	}
	cw, ch := g.cols*r.Crop, g.rows*r.Crop
	sw, sh := float64(cw)/float64(w), float64(ch)/float64(h)
	fw, fh := cw, ch
	if sw < sh {
		fh = int(float64(h) * sw)
	} else {
		fw = int(float64(w) * sh)
	}
	if min(fw, cw) < r.MinSide || min(fh, ch) < r.MinSide {
		return View{}, "one side would be scaled to almost nothing"
	}
	across := ceilDiv(cw/r.Patch-(cw-fw)/r.Patch, 2)
	down := ceilDiv(ch/r.Patch-(ch-fh)/r.Patch, 2)
	return whole(fw, fh, r.Base+(across+1)*down), ""
}

// sizes fills the crops one way and ends on a token the other.
func (r *maskedCrops) sizes(side int) []Size {
	var out []Size
	for full := r.Crop; full <= side; full += r.Crop {
		for other := 2 * r.Patch; other <= side; other += 2 * r.Patch {
			if full/r.Crop*ceilDiv(other, r.Crop) > r.MaxCrops {
				break
			}
			out = append(out, Size{full, other}, Size{other, full})
		}
	}
	return out
}

// longestSideTiles enlarges or reduces the longest side to one length, rounds
// both up to tiles and adds an overview: a small image costs what a large one
// does.
//
// Not monotone: the price follows the aspect. Resizing again changes nothing.
//
// Source: transformers idefics3/image_processing_idefics3.py.
type longestSideTiles struct {
	Tile       int `json:"tile"`        // px
	Longest    int `json:"longest"`     // px
	TileTokens int `json:"tile_tokens"` // also of the overview
	TileWrap   int `json:"tile_wrap"`   // overhead of each tile
	RowWrap    int `json:"row_wrap"`    // overhead of each row of tiles
}

func (r *longestSideTiles) name() string { return "longest-side-tiles" }
func (r *longestSideTiles) patch() int   { return 0 }

func (r *longestSideTiles) check() error {
	return inRange(span{"tile", r.Tile, 4, mostPart}, span{"longest", r.Longest, r.Tile, r.Tile * mostTiles},
		span{"tile_tokens", r.TileTokens, 1, mostCount}, span{"tile_wrap", r.TileWrap, 0, mostCount},
		span{"row_wrap", r.RowWrap, 0, mostCount})
}

func (r *longestSideTiles) view(w, h int) (View, string) {
	aspect := float64(w) / float64(h)
	if w >= h {
		w, h = r.Longest, int(float64(r.Longest)/aspect)
		h = max(1, h+h%2)
	} else {
		w, h = int(float64(r.Longest)*aspect), r.Longest
		w = max(1, w+w%2)
	}
	aspect = float64(w) / float64(h)
	if w >= h {
		w = align(w, r.Tile)
		h = align(int(float64(w)/aspect), r.Tile)
	} else {
		h = align(h, r.Tile)
		w = align(int(float64(h)*aspect), r.Tile)
	}
	w, h = max(w, r.Tile), max(h, r.Tile)
	tiles, rows := w/r.Tile*(h/r.Tile), h/r.Tile
	if tiles == 1 {
		tiles, rows = 0, 0
	}
	v := whole(w, h, r.TileTokens*(tiles+1))
	v.Overhead = r.TileWrap*tiles + r.RowWrap*rows
	return v, ""
}

func (r *longestSideTiles) sizes(int) []Size {
	long := align(r.Longest, r.Tile)
	var out []Size
	for s := r.Tile; s <= long; s += r.Tile {
		out = append(out, Size{long, s}, Size{s, long})
	}
	return out
}
