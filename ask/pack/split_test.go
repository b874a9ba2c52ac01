package pack

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/glyphkit/glyph/document"
	"github.com/glyphkit/glyph/exact/secrets"
	"github.com/glyphkit/glyph/model/vision"
	"github.com/glyphkit/glyph/render"
)

// unpainted is a pack of pages that nobody drew, for a model with limits.
func unpainted(t *rapid.T) *Question {
	m, err := vision.Lookup("claude-opus-5")
	if err != nil {
		t.Fatal(err)
	}
	p := &Pack{Legend: "↵ = line break", instruction: secrets.Own(instruction)}
	p.o.Model, p.counter = m, words{}
	p.config.FontSize, p.config.DPI, p.config.ExactScale = 8, 72, 1
	q := &Question{Pack: p, Text: "Which one?", checked: secrets.Own("Which one?")}
	m.Limits = vision.Limits{
		Images:       rapid.IntRange(0, 8).Draw(t, "images"),
		RequestBytes: rapid.Int64Range(20_000, 60_000).Draw(t, "bytes"),
		Base64:       rapid.Bool().Draw(t, "base64"),
	}
	if rapid.Bool().Draw(t, "many") {
		m.Limits.ManyImages, m.Limits.ManySide = rapid.IntRange(1, 4).Draw(t, "many images"), 300
	}
	if rapid.Bool().Draw(t, "bounded") {
		q.maxTokens = rapid.Int64Range(900, 3000).Draw(t, "tokens")
	}
	line := "INV-10 and so on\n"
	for i := range rapid.IntRange(1, 5).Draw(t, "documents") {
		d := &Document{Name: fmt.Sprint(i), Label: fmt.Sprint(i), number: i + 1}
		parts := rapid.IntRange(1, 12).Draw(t, "parts")
		d.checked = secrets.Own("").Derive(strings.Repeat(line, parts))
		d.Text = d.checked.Text()
		d.lines = document.NewLines(d.Text)
		for j := range parts {
			part := &Part{doc: d, Start: int64(j * len(line)), End: int64((j + 1) * len(line)), FirstLine: j + 1, LastLine: j + 1, asText: 500}
			if rapid.IntRange(0, 3).Draw(t, "kind") > 0 {
				d.pages++
				w, h := rapid.SampledFrom([]int{100, 250, 400}).Draw(t, "width"), rapid.SampledFrom([]int{100, 250}).Draw(t, "height")
				part.Page = &render.Page{Number: d.pages, Width: w, Height: h, PNG: make([]byte, rapid.IntRange(100, 8000).Draw(t, "size"))}
				n, err := m.Tokens(w, h)
				if err != nil {
					t.Fatal(err)
				}
				part.Tokens = int64(n)
				p.pageTokens += part.Tokens
			} else {
				part.Tokens, _ = p.count(part.text())
			}
			d.Parts = append(d.Parts, part)
		}
		d.strings = exactStrings(d, secrets.Block)
		p.Documents = append(p.Documents, d)
	}
	return q
}

// Every part is in one request, in order; every request keeps the limits, and
// no document takes more requests than it takes alone.
func TestSplit(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := unpainted(t)
		if err := p.split(); err != nil {
			t.Fatal(err)
		}
		var all []*Part
		for _, d := range p.Documents {
			all = append(all, d.Parts...)
		}
		m, at := p.o.Model, 0
		requests := map[*Document]int{}
		for i, r := range p.Requests {
			if r.Number != i+1 || r.Of != len(p.Requests) || len(r.Parts) == 0 {
				t.Fatalf("request %d is number %d of %d with %d parts", i+1, r.Number, r.Of, len(r.Parts))
			}
			var images []vision.ImageInfo
			seen := map[*Document]bool{}
			for _, part := range r.Parts {
				if at >= len(all) || part != all[at] {
					t.Fatalf("part %d is out of order", at)
				}
				at++
				if !seen[part.doc] {
					seen[part.doc] = true
					requests[part.doc]++
				}
				if part.Page != nil {
					images = append(images, part.image())
				}
			}
			if over := m.Check(images); over != nil {
				t.Fatalf("request %d: %v", i+1, over)
			}
			if n := len(asJSONBytes(t, r.Anthropic())); int64(n) > m.Limits.RequestBytes {
				t.Fatalf("request %d has %d bytes of JSON, at most %d", i+1, n, m.Limits.RequestBytes)
			}
			if p.maxTokens > 0 && r.Tokens.Total > p.maxTokens {
				t.Fatalf("request %d costs %d, at most %d", i+1, r.Tokens.Total, p.maxTokens)
			}
			if c := r.contents[len(r.contents)-1]; c.kind != questionContent || r.contents[0].Checked.Text() != preamble {
				t.Fatalf("request %d lacks preamble or question", i+1)
			}
		}
		if at != len(all) {
			t.Fatalf("%d of %d parts", at, len(all))
		}
		s, err := newSplitter(p, all)
		if err == nil {
			err = s.frame()
		}
		if err != nil {
			t.Fatal(err)
		}
		first := 0
		for _, d := range p.Documents {
			if alone := s.needs(first, first+len(d.Parts)); requests[d] > alone {
				t.Fatalf("document %s takes %d requests, alone %d", d.Name, requests[d], alone)
			}
			first += len(d.Parts)
		}
	})
}

func TestDocumentsAreKeptTogether(t *testing.T) {
	r := small(t)
	page := strings.Repeat("one line to a row of the page, no more than that\n", 19)
	pages := len(build(t, r, Options{}, doc("a", page)).Documents[0].Parts)
	for _, c := range []struct {
		limit int
		docs  []int // in times of page
		want  []int
	}{
		{5, []int{3, 2}, []int{5}},
		{5, []int{3, 4}, []int{3, 4}},       // the second fits one request of its own
		{5, []int{3, 7}, []int{5, 5}},       // the second takes two in any case
		{5, []int{3, 9, 1}, []int{3, 5, 5}}, // it would take three from the rest of the first
		{1, []int{2, 1}, []int{1, 1, 1}},
	} {
		m := *model(t, "gpt-5.5")
		m.Limits.Images = c.limit * pages
		var texts []string
		for _, n := range c.docs {
			texts = append(texts, strings.Repeat(page, n))
		}
		var got []int
		for _, r := range build(t, r, Options{Model: &m}, numbered(texts)...).Requests {
			got = append(got, len(r.Parts)/pages)
		}
		if !slices.Equal(got, c.want) {
			t.Errorf("documents of %v pages, %d in a request: split %v, want %v", c.docs, c.limit, got, c.want)
		}
	}
}

func TestAPageOverTheBytesOfARequest(t *testing.T) {
	m := *model(t, "gpt-5.5")
	m.Limits.RequestBytes = 1000
	p, err := Build(t.Context(), numbered([]string{"text"}), small(t), Options{Model: &m})
	if err != nil {
		t.Fatal(err)
	}
	_, err = p.Ask("")
	if err == nil || !strings.Contains(err.Error(), "bytes with what stands around it, at most 1000; accepted: a smaller page") {
		t.Errorf("got %v", err)
	}
}
