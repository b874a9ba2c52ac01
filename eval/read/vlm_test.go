package read_test

import (
	"bytes"
	"encoding/base64"
	"errors"
	"image"
	"image/png"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/glyphkit/glyph/ask/llm"
	"github.com/glyphkit/glyph/ask/wire"
	"github.com/glyphkit/glyph/eval/read"
	"github.com/glyphkit/glyph/exact/secrets"
	"github.com/glyphkit/glyph/internal/llmtest"
	"github.com/glyphkit/glyph/render"
)

func TestVLM(t *testing.T) {
	page := read.Page{Page: &render.Page{PNG: []byte("\x89PNG of a page")}, Shows: secrets.Own("one\ntwo\n")}
	tests := []struct {
		name  string
		reply llmtest.Reply
		want  string
		kind  error // nil for none
		fails bool
	}{
		{"text", llmtest.Text("one\r\ntwo"), "one\ntwo\n", nil, false},
		{"white space stays", llmtest.Text("  one \n\n\n"), "  one \n\n\n", nil, false},
		{"blank page", llmtest.Text(" [blank page]\n"), "", nil, false},
		{"nothing", llmtest.Text(""), "", nil, false},
		{"refusal", llmtest.Text("I'm sorry, but I can't view images."), "", llm.ErrRefused, true},
		{"truncated", llmtest.Truncated("one"), "", nil, true},
		{"overflow", llmtest.Overflow(), "", llm.ErrContextOverflow, true},
		{"failure", llmtest.ServerError(500), "", llm.ErrServer, true},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			s := llmtest.New(tt.reply)
			defer s.Close()
			price := llm.Price{Input: 1.5, Output: 6}
			c, err := llm.New(llm.Options{BaseURL: s.URL(), Model: "m", Price: price, Clock: llmtest.NewClock(time.Unix(0, 0))})
			if err != nil {
				t.Fatal(err)
			}
			got, err := read.NewVLM(c, read.VLMOptions{}).Read(t.Context(), page)
			if got.Text != tt.want || got.Stored || (err != nil) != tt.fails || tt.kind != nil && !errors.Is(err, tt.kind) {
				t.Errorf("%q, error %v; want %q", got.Text, err, tt.want)
			}
			_, billed := s.Billed()
			if b := got.Bill; b.Total() != int64(billed) || b.Attempts != s.Calls() || b.Money != price.Of(b.Usage) || (billed > 0) != (b.Money > 0) || got.Paid() != b {
				t.Errorf("the reading has %+v; billed were %d tokens in %d calls", b, billed, s.Calls())
			}
			r := s.Requests()[0]
			if r.Images() != 1 || r.Temperature == nil || *r.Temperature != 0 ||
				!strings.Contains(string(r.Body), "data:image/png;base64,"+base64.StdEncoding.EncodeToString(page.PNG)) {
				t.Errorf("sent %s", r.Body)
			}
		})
	}
}

// The name tells readers apart whose numbers may differ.
func TestVLMName(t *testing.T) {
	s := llmtest.New(llmtest.Text("ok"))
	defer s.Close()
	base, err := url.Parse(s.URL())
	if err != nil {
		t.Fatal(err)
	}
	seed := 7
	names := map[string]bool{}
	for _, model := range []string{"a", "b"} {
		c, err := llm.New(llm.Options{BaseURL: s.URL(), Model: model})
		if err != nil {
			t.Fatal(err)
		}
		for _, o := range []read.VLMOptions{{}, {Prompt: "Read."}, {MaxTokens: 9}, {Seed: &seed}, {Detail: "low"}, {Detail: "high"}} {
			name := read.NewVLM(c, o).Name()
			if names[name] || !strings.HasPrefix(name, "vlm "+model+" at "+base.Host+" (prompt ") {
				t.Errorf("name %q", name)
			}
			names[name] = true
		}
	}
}

// What the client has in its cache is told with its cost, and not paid.
func TestVLMOfTheCache(t *testing.T) {
	s := llmtest.New(llmtest.ServerError(502), llmtest.Text("one"))
	defer s.Close()
	c, err := llm.New(llm.Options{BaseURL: s.URL(), Model: "m", CacheDir: t.TempDir(), Price: llm.Price{Input: 1, Output: 2}, Clock: llmtest.NewClock(time.Unix(0, 0))})
	if err != nil {
		t.Fatal(err)
	}
	v := read.NewVLM(c, read.VLMOptions{MaxTokens: 100})
	var data bytes.Buffer
	if err := png.Encode(&data, image.NewGray(image.Rect(0, 0, 20, 20))); err != nil {
		t.Fatal(err)
	}
	page := read.Page{Page: &render.Page{PNG: data.Bytes()}, Shows: secrets.Own("one")}
	first, err1 := v.Read(t.Context(), page)
	again, err2 := v.Read(t.Context(), page)
	if err1 != nil || err2 != nil || first.Stored || !again.Stored || again.Text != first.Text {
		t.Fatalf("%+v, %v; again %+v, %v", first, err1, again, err2)
	}
	if first.Bill.MaybeAttempts != 1 || first.Bill.MaybeTokens <= 100 || first.Paid() != first.Bill {
		t.Errorf("first %+v", first.Bill)
	}
	if again.Bill.Usage != first.Bill.Usage || again.Bill.Money != first.Bill.Money || again.Paid() != (llm.Bill{}) {
		t.Errorf("again %+v, paid %+v", again.Bill, again.Paid())
	}
}

// A page whose text nobody has checked for secrets does not leave the machine,
// and a prompt with a secret neither.
func TestVLMSendsNothingUnchecked(t *testing.T) {
	s := llmtest.New(llmtest.Text("one"))
	defer s.Close()
	c, err := llm.New(llm.Options{BaseURL: s.URL(), Model: "m"})
	if err != nil {
		t.Fatal(err)
	}
	page := read.Page{Page: &render.Page{PNG: []byte("page")}}
	if _, err := read.NewVLM(c, read.VLMOptions{}).Read(t.Context(), page); !errors.Is(err, wire.ErrUnchecked) {
		t.Errorf("error %v", err)
	}
	page.Shows = secrets.Own("one")
	const key = "AKIA" + "Q3EGRPIM5VKZ7TWD"
	_, err = read.NewVLM(c, read.VLMOptions{Prompt: "Read it like " + key}).Read(t.Context(), page)
	if found, ok := errors.AsType[*secrets.FoundError](err); !ok || len(found.Found) != 1 || strings.Contains(err.Error(), key[4:]) {
		t.Errorf("error %v", err)
	}
	if s.Calls() != 0 {
		t.Errorf("%d calls", s.Calls())
	}
}

// The level of detail is asked for, so that what is read is what was priced,
// where the API has that level.
func TestVLMAsksForDetail(t *testing.T) {
	s := llmtest.New(llmtest.Text("one"))
	defer s.Close()
	c, err := llm.New(llm.Options{BaseURL: s.URL(), Model: "m"})
	if err != nil {
		t.Fatal(err)
	}
	page := read.Page{Page: &render.Page{PNG: []byte("page")}, Shows: secrets.Own("one")}
	for i, detail := range []string{"", "low", "original", "gundam"} {
		if _, err := read.NewVLM(c, read.VLMOptions{Detail: detail}).Read(t.Context(), page); err != nil {
			t.Fatal(err)
		}
		want := ""
		if detail == "low" || detail == "original" {
			want = detail
		}
		if got := s.Requests()[i].Details(); len(got) != 1 || got[0] != want {
			t.Errorf("%q: sent %s", detail, s.Requests()[i].Body)
		}
	}
}
