package render

import (
	"context"
	"errors"
	"fmt"
	"io"
	"iter"
	"math"
	"runtime"
	"slices"
	"sync"

	"github.com/glyphkit/glyph/configs"
	"github.com/glyphkit/glyph/fonts"
	"github.com/glyphkit/glyph/internal/fault"
	"github.com/glyphkit/glyph/render/internal/layout"
	"github.com/glyphkit/glyph/render/internal/text"
)

// ErrBlank is the error for a source of which nothing leaves a mark on a page.
var ErrBlank = layout.ErrBlank

// Options are what a config does not say, for they do not change a page.
type Options struct {
	// Workers is how many pages are painted at once; 0 means GOMAXPROCS. Pages
	// are the same for any number.
	Workers int
	// FontDirs are where relative font paths are looked up after the current
	// directory, such as the directory of the config file.
	FontDirs []string
	// SystemFonts lets font-path and fallback-fonts name fonts installed on
	// the machine. Pages then depend on the machine.
	SystemFonts bool
}

// Renderer draws texts under one config. It is safe for concurrent use.
type Renderer struct {
	style   layout.Style
	workers int
	faces   []*fonts.Face
	scales  []float64 // sizes of glyphs, as factors on font-size: of text, tags and exact strings
	find    func(text string) []layout.Span
	inks    *inks
}

// New checks the config and loads its faces. Behind font-path and
// fallback-fonts stand the embedded fallback faces, which are not parsed
// before a text needs them.
func New(cfg configs.Config, o Options) (*Renderer, error) {
	if err := cfg.Validate(); err != nil {
		return nil, err
	}
	markup := cfg.Markup()
	r := &Renderer{style: layout.Style{Config: cfg, Markup: markup}, workers: o.Workers, find: findExact}
	if r.workers <= 0 {
		r.workers = runtime.GOMAXPROCS(0)
	}
	if markup.Text != "" {
		var err error
		if r.style.Marker, err = text.NewMarker(markup.Text); err != nil {
			return nil, err
		}
	}
	specs := append([]string{cfg.FontPath}, cfg.FallbackFonts...)
	for i, spec := range append(specs, fonts.Fallback()...) {
		f, err := openFace(spec, o, i < len(specs))
		if err != nil {
			return nil, err
		}
		if !slices.ContainsFunc(r.faces, func(g *fonts.Face) bool { return g == f || g.Name() == f.Name() && g.SHA256() == f.SHA256() }) {
			r.faces = append(r.faces, f)
		}
	}
	if err := checkStrike(cfg, r.faces[0]); err != nil {
		return nil, err
	}
	r.scales = scales(cfg, r.faces[0])
	ascent, descent := baseline(r.faces[0])
	r.style.Geometry = layout.NewGeometry(cfg, ascent, descent)
	inks, err := newInks(&r.style, r.faces, r.scales)
	if err != nil {
		return nil, err
	}
	r.inks = inks
	return r, nil
}

// baseline returns how far, in em, the baseline of a face lies below the top of
// a line, and how far the face reaches below it. A bitmap face fills its cell.
func baseline(f *fonts.Face) (ascent, descent float64) {
	em := float64(f.UnitsPerEm())
	if f.Bitmap() != nil {
		return float64(f.Ascent()) / em, float64(f.Descent()) / em
	}
	return 1, float64(f.Descent()) / em
}

// checkStrike refuses to scale a bitmap face that the config asks for: its
// pixels would blur. As a fallback it may be.
func checkStrike(cfg configs.Config, f *fonts.Face) error {
	if f.Bitmap() == nil {
		return nil
	}
	strike := float64(f.UnitsPerEm())
	px := cfg.EmPx()
	if n := math.Round(px / strike); n >= 1 && math.Abs(px-n*strike) < 1e-6 {
		if n *= cfg.ExactScale; n == math.Trunc(n) {
			return nil
		}
		return fmt.Errorf("exact-scale %g would blur font-path %q, a bitmap font; accepted: 1 or 2", cfg.ExactScale, cfg.FontPath)
	}
	return fmt.Errorf("font-path %q is a bitmap font of %g px, and font-size %g at %g dpi is %.4g px; accepted: font-size %.4g or a multiple",
		cfg.FontPath, strike, cfg.FontSize, cfg.DPI, px, float64(strike*72/cfg.DPI))
}

func openFace(spec string, o Options, own bool) (*fonts.Face, error) {
	f, err := fonts.Open(spec, append([]string{"."}, o.FontDirs...)...)
	if err == nil || !own || !o.SystemFonts {
		return f, err
	}
	if sys, sysErr := fonts.OpenSystem(spec); sysErr == nil {
		return sys, nil
	}
	return nil, err
}

// Config returns the config that pages are drawn under.
func (r *Renderer) Config() configs.Config { return r.style.Config }

// Legend says how to read the newline marker, for the text beside the pages.
// It is empty if newlines are real line breaks.
func (r *Renderer) Legend() string {
	if r.style.Marker == nil {
		return ""
	}
	return r.style.Marker.Legend()
}

// Pages draws a text and yields its pages in order, each as soon as it is
// ready. Memory does not grow with the text. Name is what a page label calls
// the document.
//
// The source is UTF-8; bytes that are not are drawn as \xHH and noted. An error
// is yielded last: ErrBlank if no page had anything to show, ctx's if that was
// cancelled, the source's, or "font NAME is broken" of a font file whose tables
// cannot be read. A panic in a goroutine of Pages, which is a mistake of this
// package, is one in the goroutine that takes the pages, with the stack in
// its value.
func (r *Renderer) Pages(ctx context.Context, name string, src io.Reader) iter.Seq2[*Page, error] {
	return r.pages(ctx, name, src, &layout.Origin{}, (*painter).paint)
}

// Measure yields what Pages would, without drawing: the same pages but for PNG,
// which is nil. It costs about a quarter of the time.
func (r *Renderer) Measure(ctx context.Context, name string, src io.Reader) iter.Seq2[*Page, error] {
	return r.pages(ctx, name, src, &layout.Origin{}, (*painter).measure)
}

// pages draws a text that begins at a place in its document, and moves that to
// where the text ends once the last page was yielded. Finish makes the pages.
func (r *Renderer) pages(ctx context.Context, name string, src io.Reader, at *layout.Origin, finish finisher) iter.Seq2[*Page, error] {
	return func(yield func(*Page, error) bool) {
		ctx, cancel := context.WithCancel(ctx)
		var wg sync.WaitGroup
		defer wg.Wait()
		defer cancel()

		// ordered is what the consumer follows, work what the workers take; the
		// first is long enough to keep all workers busy.
		ordered := make(chan *job, 2*r.workers)
		work := make(chan *job, 2*r.workers)
		wg.Go(func() {
			defer close(ordered)
			defer close(work)
			last := &job{done: make(chan struct{})}
			last.do(func() (*Page, error) {
				return nil, r.layOut(ctx, name, src, at, func(s *layout.Sheet) error {
					j := &job{sheet: s, done: make(chan struct{})}
					select {
					case ordered <- j:
					case <-ctx.Done():
						return ctx.Err()
					}
					work <- j // never blocks for good: workers do not wait
					return nil
				})
			})
			if last.err != nil || last.fault != nil {
				select {
				case ordered <- last:
				case <-ctx.Done():
				}
			}
		})
		for range r.workers {
			wg.Go(func() {
				p := painter{r: r}
				for j := range work {
					j.do(func() (*Page, error) {
						if ctx.Err() != nil {
							return nil, nil
						}
						return finish(&p, j.sheet)
					})
				}
			})
		}
		for j := range ordered {
			<-j.done
			fault.Check(j.fault)
			if err := ctx.Err(); err != nil && j.err == nil {
				j.err = err
			}
			if j.err != nil {
				yield(nil, j.err)
				return
			}
			if !yield(j.page, nil) {
				return
			}
		}
		if err := ctx.Err(); err != nil {
			yield(nil, err)
		}
	}
}

// finisher makes a page of a sheet.
type finisher func(*painter, *layout.Sheet) (*Page, error)

type job struct {
	sheet *layout.Sheet
	page  *Page
	err   error
	fault *fault.Fault
	done  chan struct{}
}

// do does the job in the goroutine that it is called in.
func (j *job) do(f func() (*Page, error)) {
	defer close(j.done)
	defer fault.Catch(&j.fault)
	j.page, j.err = f()
}

// layOut reads the source and emits its sheets.
func (r *Renderer) layOut(ctx context.Context, name string, src io.Reader, at *layout.Origin, emit func(*layout.Sheet) error) error {
	if src == nil {
		return errors.New("drawing text: no source was given")
	}
	sh, err := r.shaper(0)
	if err != nil {
		return err
	}
	exact, err := r.exact(sh)
	if err != nil {
		return err
	}
	return r.style.Run(ctx, sh, exact, name, src, at, emit)
}
