// Package known has documents, and a reader that knows what probes show, for
// tests of searches.
package known

import (
	"context"
	"errors"
	"io"
	"strings"
	"sync"
	"testing"

	"github.com/glyphkit/glyph/configs"
	"github.com/glyphkit/glyph/document"
	"github.com/glyphkit/glyph/eval/read"
	"github.com/glyphkit/glyph/internal/corpus"
	"github.com/glyphkit/glyph/internal/search/probe"
	"github.com/glyphkit/glyph/model/vision"
	"github.com/glyphkit/glyph/render"
)

// Document is a document of generated text.
func Document(kind corpus.Kind, size int64) *document.Document {
	data, _ := io.ReadAll(corpus.New(kind, 5, size)) // it does not fail
	return TextDocument(string(kind)+".txt", string(data))
}

// TextDocument is a document of a text.
func TextDocument(name, text string) *document.Document {
	return &document.Document{Name: name, Size: int64(len(text)), Open: func() (io.ReadCloser, error) {
		return io.NopCloser(strings.NewReader(text)), nil
	}}
}

type functionReader struct {
	name string
	read func(page *render.Page) (string, error)
}

// Reader is a reader made of a function.
func Reader(name string, f func(page *render.Page) (string, error)) read.Reader {
	return functionReader{name, f}
}

func (s functionReader) Name() string { return s.name }
func (s functionReader) Read(_ context.Context, page read.Page) (read.Reading, error) {
	text, err := s.read(page.Page)
	return read.Reading{Text: text}, err
}

// Model is the profile of a model.
func Model(t testing.TB, name string) *vision.Profile {
	t.Helper()
	p, err := vision.Lookup(name)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// Config is the published config with settings, "key=value" each.
func Config(t testing.TB, settings ...string) configs.Config {
	t.Helper()
	c, err := configs.Preset("glyph-en")
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range settings {
		key, value, _ := strings.Cut(s, "=")
		if err := c.Set(key, value); err != nil {
			t.Fatal(err)
		}
	}
	if err := c.Validate(); err != nil {
		t.Fatal(err)
	}
	return c
}

// Reading is a reading whose reader knows what is on the pages, and passes it
// through the function misread.
type Reading struct {
	*probe.Reading
	shown *sync.Map // page key to text
}

// New draws probes from documents, for the model glm-4.5v.
func New(t testing.TB, o probe.Options, misread func(text string) (string, error), docs ...*document.Document) Reading {
	t.Helper()
	shown := &sync.Map{}
	reader := Reader("knowing", func(page *render.Page) (string, error) {
		text, ok := shown.Load(read.PageHash(page))
		if !ok {
			return "", errors.New("a page that was not drawn for a probe")
		}
		return misread(text.(string))
	})
	r, err := probe.New(t.Context(), docs, reader, Model(t, "glm-4.5v"), o)
	if err != nil {
		t.Fatal(err)
	}
	return Reading{r, shown}
}

// Probe shows the reader the probe before it reads it.
func (k Reading) Probe(ctx context.Context, c configs.Config, i int) (probe.Outcome, error) {
	pages, want, err := k.Draw(ctx, c, i)
	if err != nil {
		return probe.Outcome{}, err
	}
	for n, page := range pages {
		text := ""
		if n == 0 {
			text = want
		}
		k.shown.Store(read.PageHash(page), text)
	}
	return k.Reading.Probe(ctx, c, i)
}

// Cheap limits a search to small pages, which are drawn fast.
var Cheap = []string{"dpi=60..80", "page-size=300,200..600,500", "font-path=dejavu-sans|lato"}

// Right is what is shown.
func Right(text string) (string, error) { return text, nil }
