package ask_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/glyphkit/glyph/ask"
	"github.com/glyphkit/glyph/ask/llm"
	"github.com/glyphkit/glyph/ask/pack"
	"github.com/glyphkit/glyph/configs"
	"github.com/glyphkit/glyph/document"
	"github.com/glyphkit/glyph/exact/verify"
	"github.com/glyphkit/glyph/internal/llmtest"
	"github.com/glyphkit/glyph/model/vision"
	"github.com/glyphkit/glyph/render"
)

const (
	invoice = "INV-20418-KQ7Z"
	answer  = "The invoice is " + invoice + ", on page 1."
	sorry   = "I'm sorry, but I can't help with that."
)

// build packs a text of so many lines about one invoice.
func build(t *testing.T, lines int, maxTokens int64) *pack.Question {
	t.Helper()
	return buildWith(t, lines, maxTokens, 0)
}

// buildWith lets a request have so many images; 0 is no bound.
func buildWith(t *testing.T, lines int, maxTokens int64, images int) *pack.Question {
	t.Helper()
	cfg, err := configs.Build(configs.Default(), []configs.KeyValue{{Key: "page-size", Value: "300,200"}})
	if err != nil {
		t.Fatal(err)
	}
	r, err := render.New(cfg, render.Options{})
	if err != nil {
		t.Fatal(err)
	}
	model, err := vision.Lookup("qwen3-vl")
	if err != nil {
		t.Fatal(err)
	}
	model.Limits.Images = images
	text := "The invoice is " + invoice + ".\n"
	for i := range lines {
		text += fmt.Sprintf("Line %d tells of the weather and the committee.\n", i)
	}
	doc := document.FromString("letter.txt", text)
	p, err := pack.Build(t.Context(), []*document.Document{doc}, r, pack.Options{Model: model, ExactBudget: "off", MaxTokens: maxTokens})
	if err != nil {
		t.Fatal(err)
	}
	q, err := p.Ask("Which invoice?")
	if err != nil {
		t.Fatal(err)
	}
	return q
}

func setup(t *testing.T, o llm.Options, script ...llmtest.Reply) (*llm.Client, *llmtest.Server) {
	t.Helper()
	s := llmtest.New(script...)
	t.Cleanup(s.Close)
	o.BaseURL, o.Key, o.Model = s.URL(), "sk-test-0123456789", "m"
	o.Clock, o.Jitter = llmtest.NewClock(time.Unix(0, 0)), func() float64 { return 0 }
	if o.Idle == 0 {
		o.Idle = time.Minute
	}
	c, err := llm.New(o)
	if err != nil {
		t.Fatal(err)
	}
	return c, s
}

// Each fault ends in an answer or a clear error. What is shown is the answer,
// once, and whatever may have been billed in vain is said while it happens.
func TestFaults(t *testing.T) {
	tests := []struct {
		name   string
		script []llmtest.Reply
		kind   error // nil for an answer
		ways   string
		maybe  int
		notice string
	}{
		{"stream", []llmtest.Reply{llmtest.Text(answer)}, nil, "pages", 0, ""},
		{"429 with Retry-After", []llmtest.Reply{llmtest.RateLimited("3"), llmtest.Text(answer)}, nil, "pages", 0, "rate limit is reached; trying again in 3s"},
		{"429 for ever", []llmtest.Reply{llmtest.RateLimited("3")}, llm.ErrRateLimited, "pages", 0, "trying again"},
		{"500", []llmtest.Reply{llmtest.ServerError(500), llmtest.Text(answer)}, nil, "pages", 0, "the endpoint failed; trying again in 500ms"},
		{"cut stream", []llmtest.Reply{llmtest.Cut(answer[:30]), llmtest.Text(answer)}, nil, "pages", 1, "cut before its end, which may have been billed"},
		{"cut for ever", []llmtest.Reply{llmtest.Cut(answer[:30])}, llm.ErrCut, "pages", 4, "may have been billed"},
		{"hang", []llmtest.Reply{llmtest.Hang(), llmtest.Text(answer)}, nil, "pages", 1, "may have been billed"},
		{"refusal", []llmtest.Reply{llmtest.Text(sorry), llmtest.Text(answer)}, nil, "pages text", 0, "refused to answer: " + sorry + "; asking again with the documents as text"},
		{"refusal in its field", []llmtest.Reply{llmtest.Refusal("No."), llmtest.Text(answer)}, nil, "pages text", 0, "as text"},
		{"refusal for ever", []llmtest.Reply{llmtest.Text(sorry)}, llm.ErrRefused, "pages text", 0, "as text"},
		{"malformed event", []llmtest.Reply{llmtest.MalformedEvent()}, llm.ErrMalformed, "pages", 1, ""},
		{"malformed body", []llmtest.Reply{llmtest.MalformedBody()}, llm.ErrMalformed, "pages", 1, ""},
		{"garbage", []llmtest.Reply{llmtest.Garbage()}, llm.ErrMalformed, "pages", 1, ""},
		{"one page too large", []llmtest.Reply{llmtest.TooLarge(), llmtest.Text(answer)}, nil, "pages text", 0, "too large for the endpoint"},
		{"overflow for ever", []llmtest.Reply{llmtest.Overflow()}, llm.ErrContextOverflow, "pages text", 0, "does not fit"},
		{"key", []llmtest.Reply{llmtest.Unauthorized()}, llm.ErrAuth, "pages", 0, ""},
	}
	p := build(t, 3, 0)
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			o := llm.Options{}
			if tt.name == "hang" {
				o.Idle = 200 * time.Millisecond
			}
			c, s := setup(t, o, tt.script...)
			var shown, notices strings.Builder
			a, err := ask.Ask(t.Context(), p, c, ask.Options{
				OnText: func(s string) { shown.WriteString(s) }, OnNotice: func(s string) { notices.WriteString(s + "\n") }})
			if !errors.Is(err, tt.kind) {
				t.Fatalf("error %v, want %v", err, tt.kind)
			}
			if !strings.Contains(notices.String(), tt.notice) {
				t.Errorf("said %q, not %q", notices.String(), tt.notice)
			}
			var ways []string
			attempts, billed := 0, 0
			for _, step := range a.Steps {
				ways = append(ways, string(step.Way))
				attempts += len(step.Attempts)
				for _, at := range step.Attempts {
					if at.Billed != llm.BilledNo {
						billed++
					}
				}
			}
			if got := strings.Join(ways, " "); !strings.HasPrefix(got, tt.ways) || err == nil && got != tt.ways {
				t.Errorf("ways %q, want %q", got, tt.ways)
			}
			if a.Maybe != tt.maybe || attempts != s.Calls() {
				t.Errorf("%d maybe billed, want %d; %d attempts of %d told", a.Maybe, tt.maybe, attempts, s.Calls())
			}
			if bills, _ := s.Billed(); bills > billed {
				t.Errorf("%d billed, %d said", bills, billed)
			}
			if err != nil {
				return
			}
			if a.Text != answer || shown.String() != answer {
				t.Errorf("answer %q, shown %q", a.Text, shown.String())
			}
			if f := a.Report.Findings; len(f) == 0 || f[0].Text != invoice || f[0].Status != verify.Found || f[0].Places[0].Page != 1 || f[0].Places[0].Line != 1 {
				t.Errorf("findings %+v", f)
			}
			if a.Usage.Total() == 0 || a.Estimated == 0 {
				t.Errorf("answer %+v", a)
			}
		})
	}
}

// The text path sends no image, and all of the text.
func TestTextPath(t *testing.T) {
	c, s := setup(t, llm.Options{}, llmtest.Text(sorry), llmtest.Text(answer))
	a, err := ask.Ask(t.Context(), build(t, 3, 0), c, ask.Options{})
	if err != nil {
		t.Fatal(err)
	}
	r := s.Requests()
	if r[0].Images() == 0 || r[1].Images() != 0 || !strings.Contains(r[1].Text(), invoice) || a.Discarded != 1 {
		t.Errorf("%d and %d images; text %q; %d discarded", r[0].Images(), r[1].Images(), r[1].Text(), a.Discarded)
	}
}

func several(t *testing.T) *pack.Question {
	t.Helper()
	p := build(t, 60, largest(build(t, 60, 0))*2/3)
	if len(p.Requests) < 2 {
		t.Fatalf("%d requests", len(p.Requests))
	}
	return p
}

func largest(p *pack.Question) (most int64) {
	for _, r := range p.Requests {
		most = max(most, r.Tokens.Total)
	}
	return most
}

// combines tells the last call, which has no image, from the others.
func combines(part, last llmtest.Reply) llmtest.Reply {
	return llmtest.Func(func(r *llmtest.Request) llmtest.Reply {
		if r.Images() > 0 {
			return part
		}
		return last
	})
}

func TestSeveralRequests(t *testing.T) {
	p := several(t)
	n := len(p.Requests)
	tests := []struct {
		name       string
		part, last llmtest.Reply
		want       string
		truncated  bool
	}{
		{"combined", llmtest.Text("part " + invoice), llmtest.Text(answer), answer, false},
		{"not combined", llmtest.Text("part"), llmtest.Overflow(), "Part 1 of", false},
		{"refused", llmtest.Text("part"), llmtest.Text(sorry), "Part 1 of", false},
		{"a part is cut", llmtest.Truncated("part"), llmtest.Text(answer), answer, true},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			c, s := setup(t, llm.Options{}, combines(tt.part, tt.last))
			var shown strings.Builder
			a, err := ask.Ask(t.Context(), p, c, ask.Options{OnText: func(s string) { shown.WriteString(s) }})
			if err != nil {
				t.Fatal(err)
			}
			if !strings.HasPrefix(a.Text, tt.want) || shown.String() != a.Text || a.Truncated != tt.truncated {
				t.Errorf("answer %q, shown %q, truncated %v", a.Text, shown.String(), a.Truncated)
			}
			if len(a.Steps) != n+1 || a.Steps[n].Way != ask.Combine || s.Calls() != n+1 {
				t.Errorf("steps %+v", a.Steps)
			}
			for i, step := range a.Steps[:n] {
				if step.Request != i+1 || step.Of != n {
					t.Errorf("step %d is request %d of %d", i, step.Request, step.Of)
				}
			}
			last := s.Requests()[n].Text()
			if strings.Count(last, "BEGIN ") != n+1 || !strings.Contains(last, "Question: Which invoice?") {
				t.Errorf("last request %q", last)
			}
		})
	}
}

// A context that is too short is found out by one call, before others are paid.
func TestOverflowSplits(t *testing.T) {
	p := build(t, 60, 0)
	images := 0
	for _, r := range p.Requests {
		images += len(r.Parts)
	}
	c, s := setup(t, llm.Options{}, llmtest.Func(func(r *llmtest.Request) llmtest.Reply {
		if r.Images() > images/2 {
			return llmtest.Overflow()
		}
		return llmtest.Text(answer)
	}))
	a, err := ask.Ask(t.Context(), p, c, ask.Options{})
	if err != nil {
		t.Fatal(err)
	}
	sent := 0
	for i, r := range s.Requests() {
		if i > 0 {
			sent += r.Images()
		}
	}
	bills, _ := s.Billed()
	if a.Text != answer || a.Steps[0].Problem == "" || a.Steps[1].Way != ask.Smaller || sent != images || bills != s.Calls()-1 || a.Discarded != 0 {
		t.Errorf("%d images sent of %d, %d billed of %d; %+v", sent, images, bills, s.Calls(), a)
	}
}

// The same answer again costs nothing, and says so.
func TestCached(t *testing.T) {
	c, s := setup(t, llm.Options{CacheDir: t.TempDir()}, llmtest.Text(answer))
	p := build(t, 3, 0)
	for i := range 2 {
		a, err := ask.Ask(t.Context(), p, c, ask.Options{})
		if err != nil || a.Text != answer || a.Steps[0].Cached != (i == 1) || (a.Usage.Total() == 0) != (i == 1) {
			t.Errorf("%d: %+v %v", i, a, err)
		}
	}
	if s.Calls() != 1 {
		t.Errorf("%d calls", s.Calls())
	}
}

func TestRandomFaults(t *testing.T) {
	p := several(t)
	for seed := range uint64(6) {
		c, s := setup(t, llm.Options{Idle: 150 * time.Millisecond}, llmtest.Faults(seed, 0.3, llmtest.Text(answer)))
		a, err := ask.Ask(t.Context(), p, c, ask.Options{})
		if _, ok := errors.AsType[*llm.Error](err); err != nil && !ok {
			t.Errorf("seed %d: %v", seed, err)
		}
		attempts, said := 0, 0
		for _, step := range a.Steps {
			attempts += len(step.Attempts)
			for _, at := range step.Attempts {
				if at.Billed != llm.BilledNo {
					said++
				}
			}
		}
		if bills, _ := s.Billed(); attempts < s.Calls() || bills > said {
			t.Errorf("seed %d: %d attempts told, %d arrived, %d billed, %d said", seed, attempts, s.Calls(), bills, said)
		}
	}
}

// A stream that is cut and says something else the second time begins again.
func TestAnswerBeginsAgain(t *testing.T) {
	for cut, want := range map[string]string{
		"The invoice was paid by some": "The invoice was paid by some\n\n" + answer,
		answer + " And more of it":     answer + " And more of it\n\n" + answer,
		"I'm sorry, but":               answer, // not shown, for it could become a refusal
	} {
		c, _ := setup(t, llm.Options{}, llmtest.Cut(cut), llmtest.Text(answer))
		var shown, notices strings.Builder
		a, err := ask.Ask(t.Context(), build(t, 3, 0), c, ask.Options{
			OnText: func(s string) { shown.WriteString(s) }, OnNotice: func(s string) { notices.WriteString(s + "\n") }})
		if err != nil || a.Text != answer || shown.String() != want || strings.Contains(want, "\n\n") != strings.Contains(notices.String(), "begins again") {
			t.Errorf("after %q: shown %q, said %q, error %v", cut, shown.String(), notices.String(), err)
		}
	}
}

func TestCallerGoesAway(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	c, _ := setup(t, llm.Options{Idle: time.Minute}, llmtest.Stall("The invoice is on page one, and"))
	a, err := ask.Ask(ctx, build(t, 3, 0), c, ask.Options{OnText: func(string) { cancel() }})
	if !errors.Is(err, context.Canceled) || a.Maybe != 1 {
		t.Errorf("%+v, error %v", a, err)
	}
}

func TestOptionsAreChecked(t *testing.T) {
	c, _ := setup(t, llm.Options{}, llmtest.Text(answer))
	p := build(t, 3, 0)
	if _, err := ask.Ask(t.Context(), p, c, ask.Options{MaxTokens: -1}); err == nil || !strings.Contains(err.Error(), "accepted: 1 or more") {
		t.Errorf("error %v", err)
	}
	silent := *p
	silent.Text = ""
	if _, err := ask.Ask(t.Context(), &silent, c, ask.Options{}); err == nil || !strings.Contains(err.Error(), "asking without a question") {
		t.Errorf("error %v", err)
	}
	if a, err := ask.Ask(t.Context(), p, c, ask.Options{NoVerify: true}); err != nil || a.Report != nil {
		t.Errorf("report %+v, error %v", a.Report, err)
	}
}
