package pack

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"testing"

	"github.com/glyphkit/glyph/configs"
	"github.com/glyphkit/glyph/document"
	"github.com/glyphkit/glyph/exact/secrets"
	"github.com/glyphkit/glyph/exact/verify"
	"github.com/glyphkit/glyph/internal/corpus"
	"github.com/glyphkit/glyph/model/tokens"
	"github.com/glyphkit/glyph/model/vision"
	"github.com/glyphkit/glyph/render"
)

func doc(name, text string) *document.Document {
	return &document.Document{Name: name, Open: func() (io.ReadCloser, error) {
		return io.NopCloser(strings.NewReader(text)), nil
	}}
}

func model(t testing.TB, name string) *vision.Profile {
	t.Helper()
	p, err := vision.Lookup(name)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// small draws pages of 20 to 30 short lines.
func small(t testing.TB, set ...configs.KeyValue) *render.Renderer {
	t.Helper()
	base, err := configs.Preset("dense-bitmap")
	if err != nil {
		t.Fatal(err)
	}
	cfg := base
	for _, layer := range [][]configs.KeyValue{{{Key: "page-size", Value: "256,160"}, {Key: "legend", Value: "none"}}, set} {
		if cfg, err = configs.Build(cfg, layer); err != nil {
			t.Fatal(err)
		}
	}
	return renderer(t, cfg, render.Options{})
}

func renderer(t testing.TB, cfg configs.Config, o render.Options) *render.Renderer {
	t.Helper()
	r, err := render.New(cfg, o)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// build packs documents without a question. It lets secrets pass unless a test
// asks otherwise: corpora look like some.
func build(t testing.TB, r *render.Renderer, o Options, docs ...*document.Document) *Question {
	t.Helper()
	if o.Secrets == "" {
		o.Secrets = secrets.Allow
	}
	if o.Model == nil {
		o.Model = model(t, "gpt-5.5")
	}
	p, err := Build(t.Context(), docs, r, o)
	if err != nil {
		t.Fatal(err)
	}
	return ask(t, "", &Question{Pack: p})
}

// ask asks about the pack of another question.
func ask(t testing.TB, text string, about *Question) *Question {
	t.Helper()
	q, err := about.Ask(text)
	if err != nil {
		t.Fatal(err)
	}
	return q
}

func sample(kind corpus.Kind, size int64) string {
	b, _ := io.ReadAll(corpus.New(kind, 1, size))
	return string(b)
}

func asJSON(t testing.TB, v any) []byte {
	t.Helper()
	b, err := json.MarshalIndent(v, "", "  ")
	if err != nil {
		t.Fatal(err)
	}
	return append(b, '\n')
}

// sent is all text of all requests.
func sent(p *Question) string {
	var b strings.Builder
	for _, r := range p.Requests {
		for _, c := range r.contents {
			fmt.Fprintln(&b, c.Checked.Text())
		}
	}
	return b.String()
}

func TestBadInput(t *testing.T) {
	unpublished := &vision.Profile{Name: "mystery"}
	strict := *model(t, "gpt-5.5")
	strict.Limits.Side = 100
	failing := &document.Document{Name: "gone.txt", Open: func() (io.ReadCloser, error) { return nil, errors.New("no such file") }}
	ok := doc("a.txt", "text")
	for _, c := range []struct {
		name string
		docs []*document.Document
		o    Options
		want string
	}{
		{"no documents", nil, Options{}, "no documents; accepted: at least one"},
		{"a document without a way to open it", []*document.Document{ok, {Name: "x"}}, Options{}, "accepted: documents with Open"},
		{"an empty document", []*document.Document{doc("e.txt", "")}, Options{}, `reading "e.txt": empty`},
		{"only a byte order mark", []*document.Document{doc("bom.txt", "\xFF\xFE")}, Options{}, `packing "bom.txt": the document has no visible text`},
		{"a blank document", []*document.Document{ok, doc("b.txt", "\u00ad\u200b")}, Options{}, `packing "b.txt": `},
		{"no text", []*document.Document{doc("x.png", "\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR")}, Options{}, "not text"},
		{"an unreadable document", []*document.Document{failing}, Options{}, `reading "gone.txt": no such file`},
		{"no model", []*document.Document{ok}, Options{Model: new(vision.Profile)}, "rule"},
		{"a model without a rule", []*document.Document{ok}, Options{Model: unpublished}, "mystery"},
		{"a page over the model's limits", []*document.Document{ok}, Options{Model: &strict}, `packing "a.txt": page 1 (256x160 px) fits no request to gpt-5.5: a side of 256 px, at most 100; accepted: a smaller page-size`},
		{"an instruction that is not UTF-8", []*document.Document{ok}, Options{Instruction: "\xff"}, "accepted: UTF-8"},
		{"an unknown mode for secrets", []*document.Document{ok}, Options{Secrets: "hide"}, `secrets "hide"; accepted: block, redact or allow`},
		{"a negative bound", []*document.Document{ok}, Options{MaxTokens: -1}, "accepted: 1 or more"},
		{"a bound that nothing keeps", []*document.Document{ok}, Options{MaxTokens: 10}, "page 1 (256x160 px) fits no request to gpt-5.5"},
		{"an unknown budget", []*document.Document{ok}, Options{ExactBudget: "lots"}, `"lots"; accepted: off`},
	} {
		t.Run(c.name, func(t *testing.T) {
			if c.o.Model == nil {
				c.o.Model = model(t, "gpt-5.5")
			}
			p, err := Build(t.Context(), c.docs, small(t), c.o)
			if err == nil {
				_, err = p.Ask("What?")
			}
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("got %v, want an error with %q", err, c.want)
			}
		})
	}
	if _, err := Build(t.Context(), []*document.Document{ok}, small(t), Options{}); err == nil || !strings.Contains(err.Error(), "no model") {
		t.Errorf("without a model: %v", err)
	}
	if _, err := Build(t.Context(), []*document.Document{ok}, nil, Options{Model: model(t, "gpt-5.5")}); err == nil {
		t.Error("without a renderer: no error")
	}
}

func TestBuildStopsWhenCancelled(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err := Build(ctx, []*document.Document{doc("a", "text")}, small(t), Options{Model: model(t, "gpt-5.5")})
	if !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
}

func TestDocumentsOfAWalkMayHoldNoText(t *testing.T) {
	empty, blank := doc("e", ""), doc("b", "\u00ad")
	empty.Found, blank.Found = true, true
	p := build(t, small(t), Options{}, empty, doc("a", "text"), blank, doc("z", "more"))
	if len(p.Documents) != 2 || len(p.LeftOut) != 2 || p.LeftOut[0].Name != "e" || p.LeftOut[1].Name != "b" {
		t.Fatalf("documents %d, left out %+v", len(p.Documents), p.LeftOut)
	}
	if !strings.Contains(sent(p), `Document 2 of 2, "z"`) {
		t.Errorf("labels do not count what is sent:\n%s", sent(p))
	}
	_, err := Build(t.Context(), []*document.Document{empty, blank}, small(t), Options{Model: model(t, "gpt-5.5")})
	if err == nil || !strings.Contains(err.Error(), "none of 2 documents holds text") {
		t.Errorf("got %v", err)
	}
}

func TestTheSameInputGivesTheSameBytes(t *testing.T) {
	cfg := small(t).Config()
	docs := []*document.Document{doc("log", sample(corpus.Log, 30_000)), doc("code.go", sample(corpus.Code, 20_000))}
	var first []byte
	for _, workers := range []int{1, 2, 7} {
		p := ask(t, "Why?", build(t, renderer(t, cfg, render.Options{Workers: workers}), Options{Gate: true}, docs...))
		all := asJSON(t, p.Manifest())
		for _, r := range p.Requests {
			all = append(all, asJSON(t, r.OpenAI())...)
		}
		if first == nil {
			first = all
		}
		if !bytes.Equal(all, first) {
			t.Errorf("%d workers: other bytes than with one", workers)
		}
	}
}

// Whatever way a document is sent, its parts hold all of its text, in order.
func TestPartsCoverTheText(t *testing.T) {
	text := strings.Repeat("alpha beta\r\ngamma\rdelta\n\n", 200) + strings.Repeat("é", 20_000) + "\n" + strings.Repeat("omega\n", 3000)
	for _, blank := range []string{"true", "false"} {
		r := small(t, configs.KeyValue{Key: "blank-pages", Value: blank}, configs.KeyValue{Key: "form-feed", Value: "page"})
		p := build(t, r, Options{Gate: true}, doc("a", text), doc("feeds", "one\f\f\f\ftwo\f"))
		only, err := p.TextOnly()
		if err != nil {
			t.Fatal(err)
		}
		for _, p := range []*Question{p, only} {
			for _, d := range p.Documents {
				at := int64(0)
				for _, part := range d.Parts {
					if part.Start != at && strings.Trim(d.Text[at:part.Start], "\f") != "" {
						t.Fatalf("%s: a part begins at %d, the one before ends at %d", d.Name, part.Start, at)
					}
					if first := 1 + lineEnds(d.Text[:part.Start]); part.FirstLine != first {
						t.Fatalf("%s: part at %d begins at line %d, want %d", d.Name, part.Start, part.FirstLine, first)
					}
					at = part.End
				}
				if strings.Trim(d.Text[at:], "\f") != "" {
					t.Fatalf("%s: ends at %d of %d", d.Name, at, len(d.Text))
				}
			}
		}
	}
}

func lineEnds(s string) int {
	return strings.Count(strings.ReplaceAll(strings.ReplaceAll(s, "\r\n", "\n"), "\r", "\n"), "\n")
}

func TestGateKeepsWhatIsCheaperAsText(t *testing.T) {
	// Short lines in a wide page: text is cheaper. Long ones: pages are.
	short := strings.Repeat("a\n", 60)
	long := strings.Repeat("the quick brown fox jumps over the lazy dog ", 600) + "\n"
	r := renderer(t, mustPreset(t, "dense-bitmap"), render.Options{})
	p := ask(t, "?", build(t, r, Options{Gate: true}, doc("a", short+"\n"+long), doc("b", short)))
	var kinds []bool
	for _, d := range p.Documents {
		for _, part := range d.Parts {
			kinds = append(kinds, part.Page != nil)
		}
	}
	if !slices.Contains(kinds, true) || kinds[len(kinds)-1] {
		t.Fatalf("pages or not: %v", kinds)
	}
	all := sent(p)
	if !strings.Contains(all, `Document 2 of 2, "b": lines 1–60, as text`) || !strings.Contains(all, short) {
		t.Errorf("text parts are not in the request")
	}
	if p.Documents[0].Gate == nil || p.Price.Text == 0 || p.Price.Pages == 0 {
		t.Errorf("price %+v", p.Price)
	}
}

func mustPreset(t testing.TB, name string) configs.Config {
	t.Helper()
	c, err := configs.Preset(name)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func TestPriceIsTheSumOfItsParts(t *testing.T) {
	for _, name := range []string{"gpt-5.5", "claude-opus-5", "gemini-3"} {
		m := model(t, name)
		p := ask(t, "How many?", build(t, small(t), Options{Model: m, MaxTokens: 2500}, doc("a", sample(corpus.Log, 40_000))))
		if len(p.Requests) < 2 {
			t.Errorf("%s: %d requests", name, len(p.Requests))
		}
		sum, pages, images := Tokens{}, 0, 0
		for _, r := range p.Requests {
			sum.add(r.Tokens)
			for _, part := range r.Parts {
				n, err := m.Tokens(part.Page.Width, part.Page.Height)
				if err != nil {
					t.Fatal(err)
				}
				pages += n
				images++
			}
			if r.Tokens.Total > 2500 {
				t.Errorf("%s: a request of %d tokens", name, r.Tokens.Total)
			}
		}
		price := p.Price
		if price.Tokens != sum || int(price.Pages) != pages {
			t.Errorf("%s: price %+v, requests together %+v, pages %d", name, price.Tokens, sum, pages)
		}
		if got := sum.Instruction + sum.Labels + sum.Pages + sum.Text + sum.Legend + sum.Sheet + sum.Question; got != sum.Total {
			t.Errorf("%s: parts have %d tokens, the total %d", name, got, sum.Total)
		}
		if price.Saving != price.AsText-price.Total || price.Cheaper() != (price.Saving > 0) {
			t.Errorf("%s: %+v", name, price)
		}
		if got, want := strings.Contains(price.String(), "~"), name != "gpt-5.5"; got != want || price.Estimated != want {
			t.Errorf("%s: %s, estimated: %v", name, price, price.Estimated)
		}
	}
}

func TestTextOnlyHasTheTextAndCostsWhatWasSaid(t *testing.T) {
	text := sample(corpus.Markdown, 60_000) + "\nEND 0123456789ab\nBEGIN 0123456789ab\n"
	p := ask(t, "What?", build(t, small(t), Options{}, doc("a.md", text), doc("bad", "a \xFF byte")))
	only, err := p.TextOnly()
	if err != nil {
		t.Fatal(err)
	}
	if only.Price.Pages != 0 || len(only.Requests) != 1 {
		t.Fatalf("%+v in %d requests", only.Price, len(only.Requests))
	}
	if only.Price.Total != p.Price.AsText {
		t.Errorf("costs %d, was said to cost %d", only.Price.Total, p.Price.AsText)
	}
	var texts []string
	for _, c := range only.Requests[0].contents {
		if c.kind == textContent {
			_, quoted, _ := strings.Cut(c.Checked.Text(), "\n")
			texts = append(texts, unquote(t, quoted))
		}
	}
	if !slices.Equal(texts, []string{text, `a \xFF byte`}) {
		t.Errorf("%d texts, other than the documents'", len(texts))
	}
	if got := only.Manifest().Documents[1].Parts[0].Invalid; got != 1 {
		t.Errorf("%d invalid bytes in the manifest, want 1", got)
	}
}

// Text that is over a bound is cut at line ends, and the pieces are all of it.
func TestTextOnlyInManyRequests(t *testing.T) {
	docs := []string{sample(corpus.Code, 50_000), "short\n", strings.Repeat("0123456789", 2000), sample(corpus.Chinese, 20_000)}
	only, err := ask(t, "?", build(t, small(t), Options{}, numbered(docs)...)).TextOnly()
	if err != nil {
		t.Fatal(err)
	}
	for _, bound := range []int64{3500, 5000, 20_000} {
		requests, err := only.Recut(only.Requests, Cut{MaxTokens: bound})
		if err != nil {
			t.Fatal(err)
		}
		got := map[string]string{}
		for _, r := range requests {
			if r.Tokens.Total > bound {
				t.Errorf("bound %d: a request of %d tokens", bound, r.Tokens.Total)
			}
			for _, c := range r.contents {
				if c.kind == textContent {
					label, quoted, _ := strings.Cut(c.Checked.Text(), "\n")
					_, name, _ := strings.Cut(label, `"`)
					got[name[:2]] += unquote(t, quoted)
				}
			}
		}
		for i, text := range docs {
			if got[fmt.Sprintf("d%d", i)] != text {
				t.Errorf("bound %d: other text for document %d", bound, i)
			}
		}
	}
}

func TestAskDrawsNothingAgain(t *testing.T) {
	p := ask(t, "First?", build(t, small(t), Options{}, doc("a", sample(corpus.Log, 20_000))))
	q, err := p.Ask("Second?")
	if err != nil {
		t.Fatal(err)
	}
	if q.Documents[0].Parts[0].Page != p.Documents[0].Parts[0].Page {
		t.Error("other pages")
	}
	last := func(p *Question) string { c := p.Requests[0].contents; return c[len(c)-1].Checked.Text() }
	if last(p) != "Question: First?" || last(q) != "Question: Second?" {
		t.Errorf("%q, %q", last(p), last(q))
	}
	// All before the question is the same, so that services can cache it.
	a, b := p.Requests[0].contents, q.Requests[0].contents
	if !slices.EqualFunc(a[:len(a)-1], b[:len(b)-1], func(x, y content) bool { return x.Checked.Text() == y.Checked.Text() && bytes.Equal(x.PNG, y.PNG) }) {
		t.Error("another question changes what stands before it")
	}
	if _, err := p.Ask("\xff"); err == nil {
		t.Error("a question that is not UTF-8 was taken")
	}
}

func TestRecutMakesMoreRequests(t *testing.T) {
	q := ask(t, "?", build(t, small(t), Options{}, doc("a", sample(corpus.Log, 60_000))))
	if len(q.Requests) != 1 {
		t.Fatalf("%d requests", len(q.Requests))
	}
	half, err := q.Recut(q.Requests, Cut{MaxTokens: q.Price.Total / 2})
	if err != nil {
		t.Fatal(err)
	}
	if len(half) < 2 || len(q.Requests) != 1 {
		t.Errorf("%d requests, before %d", len(half), len(q.Requests))
	}
	for i, r := range half {
		if r.Number != i+1 || r.Of != len(half) || r.Tokens.Total > q.Price.Total/2 {
			t.Errorf("request %d of %d has %d tokens", r.Number, r.Of, r.Tokens.Total)
		}
	}
	var limit *LimitError
	if _, err := q.Recut(q.Requests, Cut{MaxTokens: 100}); !errors.As(err, &limit) || limit.Part.Page.Number != 1 {
		t.Errorf("got %v", err)
	}
	for _, c := range []Cut{{MaxTokens: -1}, {}} {
		if _, err := q.Recut(q.Requests[:0], c); err == nil {
			t.Error("no requests were packed anew")
		}
	}
	narrow := ask(t, "?", build(t, small(t), Options{MaxTokens: q.Price.Total / 2}, doc("a", sample(corpus.Log, 60_000))))
	if wider, err := narrow.Recut(narrow.Requests, Cut{MaxTokens: q.Price.Total * 2}); err != nil || len(wider) != len(narrow.Requests) {
		t.Errorf("a bound was raised: %d requests, %v", len(wider), err)
	}
}

// The text of some requests is all that their pages stand for, to the byte, and
// with that of the others the whole.
func TestRecutAsText(t *testing.T) {
	text := "\f\n\f" + strings.Repeat("alpha beta\r\ngamma\rdelta\n\n", 400) + "one\f\f\f\ftwo\f" + strings.Repeat("omega\n", 6000)
	r := small(t, configs.KeyValue{Key: "blank-pages", Value: "false"}, configs.KeyValue{Key: "form-feed", Value: "page"})
	q := ask(t, "?", build(t, r, Options{MaxTokens: 1800}, doc("a", text), doc("b", "short"), doc("c", text)))
	if len(q.Requests) < 4 || q.Requests[0].Parts[0].Document() != q.Requests[2].Parts[0].Document() {
		t.Fatalf("%d requests", len(q.Requests))
	}
	as := func(requests ...*Request) string {
		t.Helper()
		anew, err := q.Recut(requests, Cut{Text: true})
		if err != nil {
			t.Fatal(err)
		}
		var b strings.Builder
		for _, r := range anew {
			if r.Tokens.Pages != 0 || r.Tokens.Total > 1800 || len(requests) == 1 && (r.Number != requests[0].Number || r.Of != requests[0].Of) {
				t.Errorf("request %d of %d: %+v", r.Number, r.Of, r.Tokens)
			}
			for _, c := range r.contents {
				if c.kind == textContent {
					_, quoted, _ := strings.Cut(c.Checked.Text(), "\n")
					b.WriteString(unquote(t, quoted))
				}
			}
		}
		return b.String()
	}
	each := ""
	for _, r := range q.Requests {
		each += as(r)
	}
	if want := text + "short" + text; each != want || as(q.Requests...) != want {
		t.Error("the text of requests is not that of their documents")
	}
	if apart := as(q.Requests[0], q.Requests[2]); apart != as(q.Requests[0])+as(q.Requests[2]) {
		t.Error("requests that are apart have other text together")
	}
}

// A budget bounds fact sheets, each of which has the strings of its own pages.
func TestFactSheets(t *testing.T) {
	var b strings.Builder
	for i := range 600 {
		fmt.Fprintf(&b, "order INV-%04d was shipped to the customer in the usual way\n", 1000+i*7)
	}
	off := build(t, small(t), Options{ExactBudget: "off"}, doc("a", b.String()))
	if off.Requests[0].Sheet != nil || off.Price.Sheet != 0 {
		t.Errorf("off: a sheet of %d tokens", off.Price.Sheet)
	}
	for _, c := range []struct {
		budget Budget
		most   int64
	}{{"100", 100}, {"2000", 2000}, {"50%", off.Price.AsText / 2}} {
		p := build(t, small(t), Options{ExactBudget: c.budget, MaxTokens: 1500}, doc("a", b.String()))
		sum := int64(0)
		for _, r := range p.Requests {
			if r.Sheet == nil {
				continue
			}
			n, err := p.count(r.Sheet.Text())
			if err != nil {
				t.Fatal(err)
			}
			sum += n
		}
		if len(p.Requests) < 2 || sum > c.most {
			t.Errorf("%s: sheets of %d tokens in %d requests", c.budget, sum, len(p.Requests))
		}
		if c.budget != "100" && sum == 0 {
			t.Errorf("%s: no sheet", c.budget)
		}
	}
	for _, part := range off.Documents[0].Parts {
		if part.Page.Number > 2 {
			break
		}
		p := build(t, small(t), Options{ExactBudget: "2000"}, doc("a", b.String()))
		for o := range occurrences(p.Documents[0].Parts[part.Page.Number-1 : part.Page.Number]) {
			if o.Page != part.Page.Number || !strings.Contains(part.text(), o.Text) || strings.Count(b.String()[:o.Start], "\n")+1 != o.Line {
				t.Errorf("page %d has %+v", part.Page.Number, o)
			}
		}
	}
}

// The fact sheet names a string by the tag that the page draws beside it.
func TestFactSheetRepeatsAnchors(t *testing.T) {
	text := strings.Repeat("Order INV-2041 was paid by card 4f9a-77c1 on 2026-03-01.\n", 3) + "The total is 1,204.50 EUR.\n"
	p := build(t, small(t, configs.KeyValue{Key: "exact-anchors", Value: "true"}), Options{ExactBudget: "2000"}, doc("a.txt", text))
	sheet := p.Requests[0].Sheet
	if sheet == nil || len(sheet.Carried) == 0 {
		t.Fatal("there is no fact sheet")
	}
	drawn := map[string]string{}
	for _, part := range p.Documents[0].Parts {
		for _, a := range part.Page.Anchors {
			drawn[a.Tag] = text[a.Start:a.End]
		}
	}
	for _, e := range sheet.Carried {
		if e.Anchor == "" || drawn[e.Anchor] != e.Text {
			t.Errorf("%q has the tag %q, which on the page is beside %q", e.Text, e.Anchor, drawn[e.Anchor])
		}
	}
}

func TestVerify(t *testing.T) {
	p := ask(t, "Which order?", build(t, small(t), Options{}, doc("a", strings.Repeat("nothing of note\n", 100)+"order INV-2041 of 17 May\n")))
	d := p.Documents[0]
	last := d.Parts[len(d.Parts)-1].Page.Number
	at := int64(strings.Index(d.Text, "INV"))
	if d.page(at) != last || d.lines.At(at) != 101 || last < 2 {
		t.Errorf("located on page %d, line %d", d.page(at), d.lines.At(at))
	}
	r := mustVerify(t, "It is INV-2041.", p)
	if len(r.Findings) != 1 || r.Findings[0].Status != verify.Found {
		t.Fatalf("findings %+v", r.Findings)
	}
	if got, want := r.Findings[0].Places[0], (verify.Place{Source: "a", Offset: at, Page: last, Line: 101}); got != want {
		t.Errorf("found at %+v, want %+v", got, want)
	}
	only, err := p.TextOnly()
	if err != nil {
		t.Fatal(err)
	}
	if got := mustVerify(t, "It is INV-2041.", only).Findings[0].Places[0]; got.Page != 0 || got.Line != 101 {
		t.Errorf("found in the text at %+v", got)
	}
}

// A share of a small saving would be no sheet at all. It has one as long as the
// pages are cheaper than the text with it.
func TestShortDocumentHasSheet(t *testing.T) {
	line := "order INV-2041 was shipped to the customer in the usual way on 2026-03-01\n"
	for _, c := range []struct {
		lines int
		sheet bool
	}{{3, false}, {60, true}} {
		p := build(t, small(t), Options{}, doc("a", strings.Repeat(line, c.lines)))
		got := p.Requests[0].Sheet != nil && p.Requests[0].Sheet.Text() != ""
		if got != c.sheet || got && (!p.Price.Cheaper() || p.Price.Sheet > minShare) {
			t.Errorf("%d lines: sheet %v of %d tokens, %s", c.lines, got, p.Price.Sheet, p.Price)
		}
	}
}

func TestBudget(t *testing.T) {
	for _, c := range []struct {
		in     Budget
		tokens int64
		share  float64
		ok     bool
	}{
		{"", 0, 0.1, true}, {"10%", 0, 0.1, true}, {"off", 0, 0, true}, {"2000", 2000, 0, true}, {"25%", 0, 0.25, true}, {"0.5%", 0, 0.005, true},
		{"0", 0, 0, false}, {"-1", 0, 0, false}, {"101%", 0, 0, false}, {"0%", 0, 0, false}, {"NaN%", 0, 0, false}, {"Inf%", 0, 0, false},
		{"%", 0, 0, false}, {"1e3", 0, 0, false}, {"99999999999999999999", 0, 0, false}, {"OFF", 0, 0, false},
	} {
		got, err := c.in.parse()
		if valid := c.in.Validate(); (valid == nil) != c.ok || valid != nil && !strings.Contains(valid.Error(), "accepted: off, a number") {
			t.Errorf("%q: validated as %v", c.in, valid)
		}
		want := budget{tokens: c.tokens, share: c.share}
		if c.share > 0 {
			want.least = minShare
		}
		if (err == nil) != c.ok || got != want {
			t.Errorf("%q: %+v, %v", c.in, got, err)
		}
	}
}

func FuzzBudget(f *testing.F) {
	for _, s := range []string{"", "off", "2000", "25%", "1e400%", "%"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		b, err := Budget(s).parse()
		if err != nil {
			return
		}
		if n := b.of(1000, 100, 400); n < 0 || b.share > 0 && n > 1000 || int64(n) > max(b.tokens, 1000) {
			t.Errorf("%q: %d tokens", s, n)
		}
	})
}

// words counts a token for every word: quick, and easy to reckon with.
type words struct{}

func (words) Name() string { return "words" }
func (words) Exact() bool  { return true }
func (words) Count(r io.Reader) (int64, error) {
	b, err := io.ReadAll(r)
	return int64(len(bytes.Fields(b))), err
}

var _ tokens.Counter = words{}

func mustVerify(t *testing.T, answer string, p *Question) *verify.Report {
	t.Helper()
	r, err := p.Verify(t.Context(), answer)
	if err != nil {
		t.Fatal(err)
	}
	return r
}
