package ask_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/glyphkit/glyph/ask"
	"github.com/glyphkit/glyph/ask/llm"
	"github.com/glyphkit/glyph/ask/pack"
	"github.com/glyphkit/glyph/internal/llmtest"
)

// requests are so many, of some pages each.
func requests(t *testing.T, n, images int) *pack.Question {
	t.Helper()
	for lines := 20; lines < 1000; lines += 15 {
		if q := buildWith(t, lines, 0, images); len(q.Requests) == n {
			return q
		}
	}
	t.Fatalf("no text gives %d requests", n)
	return nil
}

// nine are nine requests of one page each.
func nine(t *testing.T) *pack.Question {
	t.Helper()
	return requests(t, 9, 1)
}

// replies answers request n of the page requests, from 1 in the order of
// arrival, by the reply for it, and anything else by the answer.
func replies(special map[int]llmtest.Reply) llmtest.Reply {
	var pages atomic.Int32
	return llmtest.Func(func(r *llmtest.Request) llmtest.Reply {
		if r.Images() > 0 {
			if reply := special[int(pages.Add(1))]; reply != nil {
				return reply
			}
		}
		return llmtest.Text(answer)
	})
}

// One request that fails is one that is repeated: what was paid is kept.
func TestOneRequestFails(t *testing.T) {
	q := nine(t)
	refuse := llmtest.Text(sorry)
	for _, tt := range []struct {
		name      string
		parallel  int
		special   map[int]llmtest.Reply
		calls     int
		bills     int
		discarded int
		ways      map[ask.Way]int
		missing   int
		kind      error
	}{
		{"all answered", 4, nil, 10, 10, 0, map[ask.Way]int{ask.Pages: 9, ask.Combine: 1}, 0, nil},
		{"the first is refused", 4, map[int]llmtest.Reply{1: refuse}, 11, 11, 1, map[ask.Way]int{ask.Pages: 9, ask.Text: 1, ask.Combine: 1}, 0, nil},
		{"the fifth is refused", 4, map[int]llmtest.Reply{5: refuse}, 11, 11, 1, map[ask.Way]int{ask.Pages: 9, ask.Text: 1, ask.Combine: 1}, 0, nil},
		{"the last is refused", 1, map[int]llmtest.Reply{9: refuse}, 11, 11, 1, map[ask.Way]int{ask.Pages: 9, ask.Text: 1, ask.Combine: 1}, 0, nil},
		{"two are refused", 4, map[int]llmtest.Reply{3: refuse, 7: refuse}, 12, 12, 2, map[ask.Way]int{ask.Pages: 9, ask.Text: 2, ask.Combine: 1}, 0, nil},
		{"the fifth is of no key", 1, map[int]llmtest.Reply{5: llmtest.Unauthorized()}, 5, 4, 0, map[ask.Way]int{ask.Pages: 5}, 5, llm.ErrAuth},
		{"the first is of no key", 4, map[int]llmtest.Reply{1: llmtest.Unauthorized()}, 1, 0, 0, map[ask.Way]int{ask.Pages: 1}, 9, llm.ErrAuth},
		{"the third is malformed", 1, map[int]llmtest.Reply{3: llmtest.MalformedBody()}, 3, 2, 0, map[ask.Way]int{ask.Pages: 3}, 7, llm.ErrMalformed},
	} {
		t.Run(tt.name, func(t *testing.T) {
			c, s := setup(t, llm.Options{MaxParallel: tt.parallel}, replies(tt.special))
			a, err := ask.Ask(t.Context(), q, c, ask.Options{})
			if !errors.Is(err, tt.kind) {
				t.Fatalf("error %v, want %v", err, tt.kind)
			}
			ways := map[ask.Way]int{}
			for _, step := range a.Steps {
				ways[step.Way]++
			}
			bills, _ := s.Billed()
			if s.Calls() != tt.calls || bills != tt.bills || a.Discarded != tt.discarded || a.Missing != tt.missing || fmt.Sprint(ways) != fmt.Sprint(tt.ways) {
				t.Errorf("%d calls, %d billed, %d discarded, %d missing, %v; want %+v", s.Calls(), bills, a.Discarded, a.Missing, ways, tt)
			}
			if tt.kind == nil {
				if a.Text != answer || a.Report == nil {
					t.Errorf("answer %q, report %v", a.Text, a.Report)
				}
				return
			}
			// What is known is told, and checked.
			known := 9 - tt.missing
			if strings.Count(a.Text, answer) != known || known > 0 && (strings.Count(a.Text, "no answer") != tt.missing || a.Report == nil) {
				t.Errorf("answer %q, report %v", a.Text, a.Report)
			}
		})
	}
}

// A refused request goes again as its own text, which the answers of the others
// do not, and the last call gets the answers in the order of the documents.
func TestRefusedRequestGoesAsItsOwnText(t *testing.T) {
	q := nine(t)
	c, s := setup(t, llm.Options{MaxParallel: 1}, llmtest.Func(func(r *llmtest.Request) llmtest.Reply {
		label := strings.SplitN(r.Text(), "Document 1 of 1", 3)
		switch {
		case r.Images() > 0 && strings.Contains(label[1], `": page 4 of`):
			return llmtest.Text(sorry)
		case len(label) > 1:
			return llmtest.Text("said of" + strings.SplitN(label[1], "\n", 2)[0])
		}
		return llmtest.Text(answer)
	}))
	if _, err := ask.Ask(t.Context(), q, c, ask.Options{}); err != nil {
		t.Fatal(err)
	}
	var texts []string
	for _, r := range s.Requests() {
		if r.Images() == 0 && strings.Contains(r.Text(), "as text") && !strings.Contains(r.Text(), "Answer of reader") {
			texts = append(texts, r.Text())
		}
	}
	if len(texts) != 1 {
		t.Fatalf("%d requests of text", len(texts))
	}
	page := q.Requests[slices.IndexFunc(q.Requests, func(r *pack.Request) bool {
		return slices.ContainsFunc(r.Parts, func(p *pack.Part) bool { return p.Page.Number == 4 })
	})]
	lines := fmt.Sprintf("lines %d–%d, as text", page.Parts[0].FirstLine, page.Parts[len(page.Parts)-1].LastLine)
	if !strings.Contains(texts[0], lines) || !strings.Contains(texts[0], fmt.Sprintf("request %d of 9", page.Number)) {
		t.Errorf("the text is %.900q, want %s", texts[0], lines)
	}
	all := s.Requests()
	combined := all[len(all)-1].Text()
	at := -1
	for i := range 9 {
		next := strings.Index(combined, fmt.Sprintf("Answer of reader %d of 9:", i+1))
		if next < at || next < 0 {
			t.Errorf("answer %d stands at %d, the one before at %d", i+1, next, at)
		}
		at = next
	}
	fourth := combined[strings.Index(combined, fmt.Sprintf("reader %d of 9:", page.Number)):]
	if !strings.Contains(fourth[:min(200, len(fourth))], "as text") {
		t.Errorf("the answer of the text is not at its place: %.900q", combined)
	}
}

// A model that takes no pages is asked twice with pages, and then as if the pack
// had none.
func TestModelThatTakesNoPages(t *testing.T) {
	q := nine(t)
	only, err := q.TextOnly()
	if err != nil {
		t.Fatal(err)
	}
	c, s := setup(t, llm.Options{}, combines(llmtest.Text(sorry), llmtest.Text(answer)))
	var notices strings.Builder
	a, err := ask.Ask(t.Context(), q, c, ask.Options{OnNotice: func(s string) { notices.WriteString(s + "\n") }})
	if err != nil || a.Text != answer {
		t.Fatalf("%+v, error %v", a, err)
	}
	want := 2 + len(only.Requests)
	if len(only.Requests) > 1 {
		want++
	}
	if s.Calls() != want || a.Discarded != 2 || !strings.Contains(notices.String(), "takes no pages") {
		t.Errorf("%d calls, want %d; %d discarded; said %s", s.Calls(), want, a.Discarded, notices.String())
	}
}

// What is too large is found out by one request alone, and others that are as
// large are not tried.
func TestOthersAreSplitToo(t *testing.T) {
	q := requests(t, 4, 2)
	images := 0
	for _, r := range q.Requests {
		images += len(r.Parts)
	}
	c, s := setup(t, llm.Options{}, llmtest.Func(func(r *llmtest.Request) llmtest.Reply {
		if r.Images() > 1 {
			return llmtest.Overflow()
		}
		return llmtest.Text(answer)
	}))
	a, err := ask.Ask(t.Context(), q, c, ask.Options{})
	if err != nil || a.Text != answer {
		t.Fatalf("%+v, error %v", a, err)
	}
	if bills, _ := s.Billed(); s.Calls() != 1+images+1 || bills != images+1 || a.Discarded != 0 {
		t.Errorf("%d calls for %d images, %d billed", s.Calls(), images, bills)
	}
}
