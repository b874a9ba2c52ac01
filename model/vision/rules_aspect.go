package vision

import (
	"fmt"
)

// The rules of this file look at the aspect of an image more than at its size,
// or at neither.

// grid enlarges or reduces every image to the grid of cells that is nearest to
// its aspect and within the budget: the price depends on the aspect alone, and
// a small image costs what a large one does.
//
// Not monotone. Resizing again may give a larger grid where one side is a few
// cells only.
//
// Source: Gemma 4's get_aspect_ratio_preserving_size in transformers. That
// Gemini 3 follows it is inferred: it gives every usage number that was found.
type grid struct {
	Cell   int `json:"cell"`   // px, one token each
	Budget int `json:"budget"` // cells
}

func (r *grid) name() string { return "grid" }
func (r *grid) patch() int   { return 0 }

func (r *grid) check() error {
	side := maxPageSide / max(r.Cell, 4) // so that a page can be as large as a grid
	return inRange(span{"cell", r.Cell, 4, mostPart}, span{"budget", r.Budget, 1, min(side*side, mostCount)})
}

func (r *grid) view(w, h int) (View, string) {
	s := sqrtRatio(r.Budget*r.Cell*r.Cell, w*h)
	cols, rows := floor(s*float64(w)/float64(r.Cell)), floor(s*float64(h)/float64(r.Cell))
	switch {
	case cols == 0 && rows == 0:
		return View{}, "the grid would be empty"
	case rows == 0:
		cols, rows = min(w/h, r.Budget), 1
	case cols == 0:
		cols, rows = 1, min(h/w, r.Budget)
	}
	return whole(cols*r.Cell, rows*r.Cell, cols*rows), ""
}

// sizes lists the grids that resize to themselves. An image of cols x rows
// cells stays so many columns wide if sqrt(Budget*cols/rows) is below cols+1.
func (r *grid) sizes(side int) []Size {
	var out []Size
	for cols := 1; cols*r.Cell <= side; cols++ {
		for rows := min(r.Budget/cols, side/r.Cell); rows > 0; rows-- {
			if rows*(cols+1)*(cols+1) <= r.Budget*cols || cols*(rows+1)*(rows+1) <= r.Budget*rows {
				break
			}
			out = append(out, Size{cols * r.Cell, rows * r.Cell})
		}
	}
	return out
}

// cropUnit covers an image with squares of two thirds of its short side and
// scales each to the size of a tile; the number of squares depends on the
// aspect. An image that is small on both sides is one tile.
//
// Not monotone. The image as a whole keeps its size. Its documentation calls
// the rule rough.
//
// Source: ai.google.dev "Image understanding" and "Understand and count
// tokens".
type cropUnit struct {
	Small  int `json:"small"`  // px: both sides up to it is one tile
	Tile   int `json:"tile"`   // px that a square is scaled to
	Tokens int `json:"tokens"` // for a tile
}

func (r *cropUnit) name() string { return "crop-unit" }
func (r *cropUnit) patch() int   { return 0 }

func (r *cropUnit) check() error {
	return inRange(span{"small", r.Small, 1, mostSide}, span{"tile", r.Tile, 4, mostPart},
		span{"tokens", r.Tokens, 1, mostCount})
}

func (r *cropUnit) view(w, h int) (View, string) {
	if w <= r.Small && h <= r.Small {
		return whole(w, h, r.Tokens), ""
	}
	unit := min(w, h) * 2 / 3
	if unit == 0 {
		return View{}, "a side of 1 px has no crop unit"
	}
	v := whole(w, h, r.Tokens*ceilDiv(w, unit)*ceilDiv(h, unit))
	v.SeenWidth, v.SeenHeight = w*r.Tile/unit, h*r.Tile/unit
	return v, ""
}

// sizes has pages whose unit is a tile: the short side is one and a half tiles
// (or a px more, which rounds down to the same unit), the long side any number
// of whole ones.
func (r *cropUnit) sizes(side int) []Size {
	out := []Size{{r.Small, r.Small}}
	for short := ceilDiv(r.Tile*3, 2); short*2/3 == r.Tile; short++ {
		out = append(out, Size{short, short})
		for long := 2 * r.Tile; long <= side; long += r.Tile {
			out = append(out, Size{short, long}, Size{long, short})
		}
	}
	return out
}

// panAndScan scales every image to one square and, if it is long, adds crops
// along its long side, each scaled to the square too.
//
// Not monotone. Resizing again gives a square.
//
// Source: transformers gemma3/image_processing_gemma3.py.
type panAndScan struct {
	Size        int `json:"size"`              // px, side of the square
	Tokens      int `json:"tokens"`            // for a square
	MaxCrops    int `json:"max_crops"`         // from 2
	RatioPct    int `json:"min_ratio_percent"` // long side to short side from which there are crops
	MinCropSize int `json:"min_crop"`          // px: no crops if they would be smaller
}

func (r *panAndScan) name() string { return "pan-and-scan" }
func (r *panAndScan) patch() int   { return 0 }

func (r *panAndScan) check() error {
	return inRange(span{"size", r.Size, 4, mostPart}, span{"tokens", r.Tokens, 1, mostCount},
		span{"max_crops", r.MaxCrops, 2, mostTiles}, span{"min_ratio_percent", r.RatioPct, 100, 1000},
		span{"min_crop", r.MinCropSize, 1, mostSide})
}

func (r *panAndScan) view(w, h int) (View, string) {
	long, short := max(w, h), min(w, h)
	crops := 0
	if long*100 >= short*r.RatioPct {
		// The ratio is rounded half up.
		crops = min(r.MaxCrops, max(2, min(long/r.MinCropSize, (2*long+short)/(2*short))))
		if min(ceilDiv(long, crops), short) < r.MinCropSize {
			crops = 0
		}
	}
	v := whole(r.Size, r.Size, r.Tokens*(1+crops))
	if across := r.Size * max(1, crops); w >= h {
		v.SeenWidth = across
	} else {
		v.SeenHeight = across
	}
	return v, ""
}

func (r *panAndScan) sizes(int) []Size {
	out := []Size{{r.Size, r.Size}}
	for n := 2; n <= r.MaxCrops; n++ {
		out = append(out, Size{n * r.Size, r.Size}, Size{r.Size, n * r.Size})
	}
	return out
}

// fixed scales every image to one square at one price.
//
// Monotone: the price is constant. Resizing again changes nothing.
//
// Source: DeepSeek-OCR's native modes (n(n+1)+1 tokens for n*n vectors), Gemma
// 3n, and the low detail of OpenAI's tile models.
type fixed struct {
	Size   int `json:"size"` // px, side of the square
	Tokens int `json:"tokens"`
}

func (r *fixed) name() string { return "fixed" }
func (r *fixed) patch() int   { return 0 }

func (r *fixed) check() error {
	return inRange(span{"size", r.Size, 4, mostPart}, span{"tokens", r.Tokens, 1, mostCount})
}

func (r *fixed) view(int, int) (View, string) { return whole(r.Size, r.Size, r.Tokens), "" }
func (r *fixed) sizes(int) []Size             { return []Size{{r.Size, r.Size}} }

// table knows the price of single sizes and rejects all others: the formula is
// not published, only examples.
type table struct {
	Sizes []tableRow `json:"sizes"`
}

type tableRow struct {
	Width  int `json:"width"`  // px
	Height int `json:"height"` // px
	Tokens int `json:"tokens"`
}

func (r *table) name() string { return "table" }
func (r *table) patch() int   { return 0 }

func (r *table) check() error {
	if len(r.Sizes) == 0 || len(r.Sizes) > maxCandidates {
		return fmt.Errorf(`key "sizes": got %d sizes, want 1 to %d`, len(r.Sizes), maxCandidates)
	}
	for _, s := range r.Sizes {
		if err := inRange(span{"width", s.Width, 1, mostSide}, span{"height", s.Height, 1, mostSide},
			span{"tokens", s.Tokens, 1, mostCount}); err != nil {
			return err
		}
	}
	return nil
}

func (r *table) view(w, h int) (View, string) {
	for _, s := range r.Sizes {
		if s.Width == w && s.Height == h {
			return whole(w, h, s.Tokens), ""
		}
	}
	var known []string
	for _, s := range r.Sizes[:min(len(r.Sizes), 8)] {
		known = append(known, fmt.Sprintf("%dx%d", s.Width, s.Height))
	}
	return View{}, "no formula is published, only the price of " + list(known)
}

func (r *table) sizes(int) []Size {
	var out []Size
	for _, s := range r.Sizes {
		out = append(out, Size{s.Width, s.Height})
	}
	return out
}

// unpublished stands for a rule that nobody has published or measured.
type unpublished struct {
	Reason string `json:"reason"` // what is known and what is missing
}

func (r *unpublished) name() string { return "unpublished" }
func (r *unpublished) patch() int   { return 0 }

func (r *unpublished) check() error {
	if r.Reason == "" {
		return fmt.Errorf(`key "reason": got "", want what is known and what is missing`)
	}
	return nil
}

func (r *unpublished) view(int, int) (View, string) { return View{}, ErrUnpublished.Error() }
func (r *unpublished) sizes(int) []Size             { return nil }
