package probe

import (
	"bytes"
	"fmt"
	"image"
	"image/png"
	"math"
	"slices"
	"sync"

	"golang.org/x/image/draw"

	"github.com/glyphkit/glyph/model/vision"
	"github.com/glyphkit/glyph/render"
)

// view is what a model leaves of the sides of pages, each a factor of at most
// 1. What a model enlarges has lost nothing.
type view struct{ x, y float64 }

// viewOf averages over pages by their area: a low last page may be rounded
// otherwise than all others.
func viewOf(model *vision.Profile, images []vision.ImageInfo) (view, error) {
	var x, y, area float64
	var last vision.ImageInfo
	var v vision.View
	for _, image := range images {
		if image != last {
			var err error
			if v, err = model.View(image.Width, image.Height); err != nil {
				return view{}, err
			}
			last = image
		}
		w, h := float64(image.Width), float64(image.Height)
		x += float64(w*h) * min(1, float64(v.SeenWidth)/w)
		y += float64(w*h) * min(1, float64(v.SeenHeight)/h)
		area += float64(w * h)
	}
	if area == 0 {
		return view{}, render.ErrBlank
	}
	return view{x / area, y / area}, nil
}

// shrink scales a page to what the model sees, with the bicubic filter that
// most image processors have.
func (v view) shrink(page *render.Page) (*render.Page, error) {
	w, h := int(math.Round(v.x*float64(page.Width))), int(math.Round(v.y*float64(page.Height)))
	if w >= page.Width && h >= page.Height {
		return page, nil
	}
	w, h = max(w, 1), max(h, 1)
	src, err := png.Decode(bytes.NewReader(page.PNG))
	if err != nil {
		return nil, fmt.Errorf("shrinking a probe: %w", err)
	}
	dst := image.NewRGBA(image.Rect(0, 0, w, h))
	draw.CatmullRom.Scale(dst, dst.Bounds(), src, src.Bounds(), draw.Src, nil)
	var out bytes.Buffer
	if err := png.Encode(&out, dst); err != nil {
		return nil, fmt.Errorf("shrinking a probe: %w", err)
	}
	small := *page
	small.PNG, small.Width, small.Height = out.Bytes(), w, h
	small.Lines = slices.Clone(page.Lines)
	for i := range small.Lines {
		l := &small.Lines[i]
		right, bottom := scaled(l.X+l.Width, v.x, w), scaled(l.Y+l.Height, v.y, h)
		l.X, l.Y = scaled(l.X, v.x, w), scaled(l.Y, v.y, h)
		l.Width, l.Height = right-l.X, bottom-l.Y
	}
	return &small, nil
}

func scaled(at int, factor float64, most int) int {
	return min(int(math.Round(float64(at)*factor)), most)
}

// viewCache remembers views by config hash, since many probes are drawn of one
// config. It is safe for concurrent use.
type viewCache struct {
	mu sync.Mutex
	at map[string]view
}

// maxViews bounds the cache; when it is full it begins anew.
const maxViews = 4096

func (c *viewCache) get(hash string) (view, bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	v, ok := c.at[hash]
	return v, ok
}

func (c *viewCache) put(hash string, v view) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.at == nil || len(c.at) >= maxViews {
		c.at = map[string]view{}
	}
	c.at[hash] = v
}
