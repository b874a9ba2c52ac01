package render

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/glyphkit/glyph/configs"
	"github.com/glyphkit/glyph/document"
)

// byteTokens is a model with a token for every byte and every thousand px.
func byteTokens() *Model {
	return &Model{
		Name: "bytes", Confidence: "A", Date: "2026-11", Tokenizer: "bytes",
		TextTokens: func(r io.Reader) (int64, error) { return io.Copy(io.Discard, r) },
		PageTokens: func(width, height int) (int, error) { return width * height / 1000, nil },
	}
}

// cuts is a gate that keeps as text every other part of those that end at the
// offsets, the first too if text is set.
func cuts(text bool, ends ...int64) func(context.Context, *document.Document) (*Decision, error) {
	return func(context.Context, *document.Document) (*Decision, error) {
		d := &Decision{Model: "bytes", Tokenizer: "bytes", TextTokens: ends[len(ends)-1], Verdict: "a mixture is cheapest"}
		start, text := int64(0), text
		for _, end := range ends {
			d.Parts = append(d.Parts, Part{Start: start, End: end, Text: text, Tokens: end - start})
			start, text = end, !text
		}
		return d, nil
	}
}

func TestBundleOfParts(t *testing.T) {
	const mixed = "\uFEFFone\r\ntwo\rthree\n\nfour\vfive\u0085\u2028\n\nsix \xFF soft\u00adhyphen\nseven\n\n\n"
	var ends []int64
	for i := 0; i < len(mixed); {
		n := strings.Index(mixed[i:], "\n\n")
		for i += n; i < len(mixed) && mixed[i] == '\n'; i++ {
		}
		ends = append(ends, int64(i))
	}
	size := int64(len(mixed))
	for _, c := range []struct {
		name  string
		text  bool
		ends  []int64
		files []string // beside the manifest
	}{
		{"pages first", false, ends, []string{"page-000001.png", "page-000002.png", "part-000001.txt"}},
		{"text first", true, ends, []string{"page-000001.png", "part-000001.txt", "part-000002.txt"}},
		{"all text", true, []int64{size}, []string{"part-000001.txt"}},
		{"all pages", false, []int64{size}, []string{"page-000001.png", "page-000002.png"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			dir := filepath.Join(t.TempDir(), "pages")
			o := BundleOptions{Gate: cuts(c.text, c.ends...), Model: byteTokens(), Preview: true}
			s, err := WriteBundle(context.Background(), dir, []*document.Document{textDocument("a.txt", []byte(mixed))}, smallPages(t, Options{}), o)
			if err != nil {
				t.Fatal(err)
			}
			got := files(t, dir)
			m, err := ReadManifest(filepath.Join(dir, manifestFile))
			if err != nil {
				t.Fatal(err)
			}
			if _, ok := got[previewFile]; ok != (s.Totals.Pages > 0) {
				t.Errorf("%d pages, a preview: %v", s.Totals.Pages, ok)
			}
			delete(got, manifestFile)
			delete(got, previewFile)
			if names := slices.Sorted(maps.Keys(got)); !slices.Equal(names, c.files) {
				t.Errorf("files %q, want %q", names, c.files)
			}
			doc := m.Documents[0]
			if back := rebuild(t, dir, &doc, mixed); back != mixed {
				t.Errorf("parts give %q, want %q", back, mixed)
			}
			if m.Cost == nil || m.Cost.TextTokens != size || m.Totals.Pages != len(doc.Pages) {
				t.Errorf("cost %+v, totals %+v", m.Cost, m.Totals)
			}
			var pageTokens, kept int64
			for _, p := range doc.Pages {
				pageTokens += int64(p.Tokens)
			}
			for _, p := range doc.Parts {
				if p.Kind == partText {
					kept += p.Tokens
				}
			}
			if pageTokens != m.Cost.ImageTokens || kept != m.Cost.KeptTokens || s.Cost != *m.Cost {
				t.Errorf("cost %+v of the manifest, %+v of the summary, %d on pages, %d as text", *m.Cost, s.Cost, pageTokens, kept)
			}
			if g := s.Documents[0].Gate; g == nil || g.Verdict != doc.Gate.Verdict {
				t.Errorf("gate %+v", g)
			}
		})
	}
}

// rebuild puts a document together from its parts: text files as they are, and
// of pages the bytes that their lines show and that were dropped.
func rebuild(t *testing.T, dir string, doc *manifestDocument, source string) string {
	t.Helper()
	var back strings.Builder
	pages := doc.Pages
	for _, p := range doc.Parts {
		if int64(back.Len()) != p.Start {
			t.Fatalf("part %+v begins behind %d bytes", p, back.Len())
		}
		if p.Kind == partText {
			data, err := os.ReadFile(filepath.Join(dir, p.File))
			if err != nil {
				t.Fatal(err)
			}
			if sum := sha256.Sum256(data); hex.EncodeToString(sum[:]) != p.SHA256 {
				t.Errorf("%s does not have its hash", p.File)
			}
			back.Write(data)
			continue
		}
		for _, page := range pages[:p.Pages] {
			if page.File < pageFile(p.FirstPage) || page.File >= pageFile(p.FirstPage+p.Pages) {
				t.Errorf("page %s is in %+v", page.File, p)
			}
			var ranges [][2]int64
			ranges = append(ranges, page.Lines...)
			for _, d := range page.Dropped {
				ranges = append(ranges, [2]int64{d.Start, d.End})
			}
			slices.SortFunc(ranges, func(a, b [2]int64) int { return slices.Compare(a[:], b[:]) })
			for _, r := range ranges {
				if at := int64(back.Len()); r[0] <= at && at < r[1] {
					back.WriteString(source[at:r[1]])
				}
			}
			if first := 1 + lineBreaks(source[:page.Lines[0][0]]); page.FirstLine != first || page.LastLine < first {
				t.Errorf("%s shows lines %d to %d, want them from %d", page.File, page.FirstLine, page.LastLine, first)
			}
		}
		pages = pages[p.Pages:]
	}
	if len(pages) > 0 {
		t.Errorf("%d pages are in no part", len(pages))
	}
	return back.String()
}

func lineBreaks(s string) int {
	return strings.Count(strings.NewReplacer("\r\n", "\n", "\r", "\n").Replace(s), "\n")
}

// Lines have the numbers that they have on pages of the whole document.
func TestLinesOfPartsAreThoseOfTheDocument(t *testing.T) {
	const before = "a\r\nb\rc\vd\fe\u0085f\u2028g\u2029\xC2h\n\n"
	const after = "the end"
	for _, formFeed := range []string{"page", "mark"} {
		r := smallPages(t, Options{}, configs.KeyValue{Key: "form-feed", Value: formFeed})
		d := textDocument("a", []byte(before+after))
		m, _ := manifestOf(t, r, d)
		want := m.Documents[0].Pages[len(m.Documents[0].Pages)-1].LastLine

		dir := filepath.Join(t.TempDir(), "pages")
		o := BundleOptions{Gate: cuts(true, int64(len(before)), int64(len(before+after)))}
		if _, err := WriteBundle(context.Background(), dir, []*document.Document{d}, r, o); err != nil {
			t.Fatal(err)
		}
		m, err := ReadManifest(filepath.Join(dir, manifestFile))
		if err != nil {
			t.Fatal(err)
		}
		if p := m.Documents[0].Pages[0]; p.FirstLine != want || p.LastLine != want || m.Cost != nil {
			t.Errorf("form feed %s: lines %d to %d, want %d; cost %v", formFeed, p.FirstLine, p.LastLine, want, m.Cost)
		}
	}
}

// A document that cannot be drawn leaves no page, no text file and no tokens.
func TestBundleTakesPartsBack(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "pages")
	ok, other := numbered(10), numbered(11)
	gate := func(ctx context.Context, d *document.Document) (*Decision, error) {
		switch d.Name {
		case "weighed.txt":
			return nil, errors.New("no page fits")
		case "grown.txt":
			return cuts(true, 100, 200)(ctx, d)
		case "shrunk.txt":
			return cuts(false, 100, 1000)(ctx, d)
		}
		return cuts(true, 100, 250)(ctx, d)
	}
	docs := []*document.Document{
		textDocument("a.txt", ok), textDocument("weighed.txt", ok),
		textDocument("grown.txt", other), textDocument("shrunk.txt", ok), textDocument("b.txt", ok),
	}
	s, err := WriteBundle(context.Background(), dir, docs, smallPages(t, Options{}), BundleOptions{Gate: gate, Model: byteTokens()})
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, l := range s.LeftOut {
		got = append(got, l.Name+": "+l.Reason)
	}
	want := []string{"weighed.txt: no page fits", "grown.txt: it changed while it was read", "shrunk.txt: it changed while it was read"}
	if !slices.Equal(got, want) {
		t.Errorf("left out %q, want %q", got, want)
	}
	wantFiles := []string{"manifest.json", "part-000001.txt", "part-000002.txt"}
	for n := range s.Totals.Pages {
		wantFiles = append(wantFiles, pageFile(n+1))
	}
	slices.Sort(wantFiles)
	if names := entryNames(t, dir); !slices.Equal(names, wantFiles) {
		t.Errorf("files %q, want %q", names, wantFiles)
	}
	if s.Cost.TextTokens != 500 || s.Cost.KeptTokens != 200 || s.Totals.TextBytes != 200 || len(s.Sizes) != s.Totals.Pages {
		t.Errorf("cost %+v, totals %+v, %d sizes", s.Cost, s.Totals, len(s.Sizes))
	}
	if _, err := WriteBundle(context.Background(), dir, docs[:1], smallPages(t, Options{}), BundleOptions{Force: true}); err != nil {
		t.Errorf("replacing a bundle with text parts: %v", err)
	}
}

func TestBundleCountsText(t *testing.T) {
	model := byteTokens()
	model.PageTokens = nil // text only
	dir := filepath.Join(t.TempDir(), "pages")
	s, err := WriteBundle(context.Background(), dir, []*document.Document{textDocument("a", numbered(60)), textDocument("none", []byte("\n\n"))}, smallPages(t, Options{}), BundleOptions{Model: model})
	if err != nil {
		t.Fatal(err)
	}
	m, err := ReadManifest(filepath.Join(dir, manifestFile))
	if err != nil || m.Cost != nil || s.Cost.TextTokens != 60*25 {
		t.Errorf("summary %+v, manifest %+v, %v", s.Cost, m.Cost, err)
	}
}

func TestBundleStopsWhereTokensCannotBeCounted(t *testing.T) {
	refuses := byteTokens()
	refuses.PageTokens = func(width, height int) (int, error) { return 0, fmt.Errorf("%d px are too wide", width) }
	_, err := WriteBundle(context.Background(), filepath.Join(t.TempDir(), "pages"), []*document.Document{textDocument("a", numbered(60))}, smallPages(t, Options{}), BundleOptions{Model: refuses})
	if err == nil || !strings.Contains(err.Error(), "page-000001.png: 220 px are too wide") {
		t.Errorf("a model that refuses pages: %v", err)
	}
	// What cannot be counted is a fault of the document, at any place of it.
	for _, limit := range []int64{10, 1 << 20} {
		fails := byteTokens()
		fails.TextTokens = func(r io.Reader) (int64, error) {
			n, err := io.Copy(io.Discard, io.LimitReader(r, limit))
			return n, errors.Join(err, errors.New("no such word"))
		}
		s, err := WriteBundle(context.Background(), filepath.Join(t.TempDir(), "pages"), []*document.Document{textDocument("a", numbered(8000))}, smallPages(t, Options{}), BundleOptions{Model: fails})
		if !errors.Is(err, ErrNothingDrawn) || !strings.Contains(s.LeftOut[0].Reason, "no such word") {
			t.Errorf("after %d bytes: %v, left out %+v", limit, err, s.LeftOut)
		}
	}
}
