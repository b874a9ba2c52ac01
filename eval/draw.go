package eval

import (
	"bytes"
	"fmt"
	"image"
	"image/png"
	"slices"
	"sync"

	"github.com/glyphkit/glyph/configs"
	"github.com/glyphkit/glyph/render"
)

// pageName is the name of every document on its pages and for the model: a
// probe's own could give its answer away.
const pageName = "document"

// renderers are those of a run, made when they are needed. It is safe for
// concurrent use.
type renderers struct {
	configs []Config
	o       render.Options

	mu   sync.Mutex
	made map[Condition]*render.Renderer
}

func newRenderers(configs []Config, o render.Options) *renderers {
	return &renderers{configs: configs, o: o, made: map[Condition]*render.Renderer{}}
}

func (r *renderers) get(config string, dpi float64) (*render.Renderer, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	at := Condition{Config: config, DPI: dpi}
	if made := r.made[at]; made != nil {
		return made, nil
	}
	i := slices.IndexFunc(r.configs, func(c Config) bool { return c.Name == config })
	if i < 0 {
		return nil, fmt.Errorf("the run has no config %q", config)
	}
	cfg, err := atDPI(r.configs[i].Config, dpi)
	if err != nil {
		return nil, err
	}
	cfg.Legend = configs.LegendNone // it is sent as text; on a page it would be read as the document's
	made, err := render.New(cfg, r.o)
	if err != nil {
		return nil, fmt.Errorf("config %q: %w", config, err)
	}
	r.made[at] = made
	return made, nil
}

// strip is the part of a page from the row top to before bottom, in px, with
// the lines that lie in it.
func strip(page *render.Page, top, bottom int) (*render.Page, error) {
	whole, err := png.Decode(bytes.NewReader(page.PNG))
	if err != nil {
		return nil, fmt.Errorf("cutting a strip of page %d: %w", page.Number, err)
	}
	part, ok := whole.(interface {
		SubImage(image.Rectangle) image.Image
	})
	top, bottom = max(top, 0), min(bottom, page.Height)
	if !ok || top >= bottom {
		return nil, fmt.Errorf("cutting rows %d to %d of page %d: it has %d", top, bottom, page.Number, page.Height)
	}
	var out bytes.Buffer
	if err := png.Encode(&out, part.SubImage(image.Rect(0, top, page.Width, bottom))); err != nil {
		return nil, fmt.Errorf("cutting a strip of page %d: %w", page.Number, err)
	}
	s := *page
	s.PNG, s.Height, s.Lines = out.Bytes(), bottom-top, nil
	for _, l := range page.Lines {
		if l.Y >= top && l.Y+l.Height <= bottom {
			l.Y -= top
			s.Lines = append(s.Lines, l)
		}
	}
	return &s, nil
}
