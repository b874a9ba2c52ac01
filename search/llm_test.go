package search

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/glyphkit/glyph/ask/llm"
	"github.com/glyphkit/glyph/internal/llmtest"
	"github.com/glyphkit/glyph/internal/search/genome"
)

// told is what a prompt says, as an endpoint can read it.
type told struct {
	Want    int             `json:"patches_wanted"`
	Front   []toldCandidate `json:"front"`
	Parents []toldCandidate `json:"other_parents"`
	Errors  []confusion     `json:"misreadings"`
	Refused []refused       `json:"refused"`
	Book    []string        `json:"playbook"`
	Genes   []genome.Gene   `json:"genes"`
}

func readPrompt(t *testing.T, r *llmtest.Request) (p told) {
	t.Helper()
	var user string
	if err := json.Unmarshal(r.Messages[1].Content, &user); err != nil {
		t.Error(err)
	}
	if err := json.Unmarshal([]byte(user), &p); err != nil {
		t.Errorf("%v in the prompt %s", err, user)
	}
	return p
}

func reflects(r *llmtest.Request) bool {
	return strings.Contains(string(r.Messages[0].Content), "You keep a playbook")
}

func mustJSON(v any) string {
	data, err := json.Marshal(v)
	if err != nil {
		panic(err)
	}
	return string(data)
}

// goodAnswer knows what the planted reader likes, and rests on a line of the
// playbook.
func goodAnswer(p told) string {
	var patches []genome.Patch
	for i := range p.Want {
		size := 5.5 + float64((7*i+len(p.Front)*3)%40)/10
		patches = append(patches, genome.Patch{Parent: p.Front[i%len(p.Front)].ID, Lines: []string{"den-00001"}, Reason: "narrow and solid", Genes: genesOf(
			"dpi", 72, "font-size", size, "line-height", size, "font-path", "atkinson-hyperlegible", "stroke-weight", 1.2,
			"margin-x", 0, "margin-y", 0, "frame-padding", 0, "newline-markup", "↵")})
	}
	return mustJSON(map[string]any{"patches": patches})
}

// endpoint is a server with an LLM that proposes and one that reflects.
func endpoint(t *testing.T, propose, reflect func(p told) llmtest.Reply) (*llmtest.Server, *LLM) {
	t.Helper()
	s := llmtest.New(llmtest.Func(func(r *llmtest.Request) llmtest.Reply {
		if reflects(r) {
			return reflect(readPrompt(t, r))
		}
		return propose(readPrompt(t, r))
	}))
	t.Cleanup(s.Close)
	client, err := llm.New(llm.Options{BaseURL: s.URL(), Model: "proposer", MaxAttempts: 1, Price: llm.Price{Input: 1, Output: 5}})
	if err != nil {
		t.Fatal(err)
	}
	return s, NewLLM(client, LLMOptions{})
}

func says(text string) func(told) llmtest.Reply {
	return func(told) llmtest.Reply { return llmtest.Text(text) }
}

func llmOptions(l *LLM, playbook *PlaybookFile) Options {
	o := small()
	o.Generations, o.Proposer, o.ProposerTimeout = 8, l, 10*time.Second
	if playbook != nil {
		o.Playbook = playbook
	}
	return o
}

func proposerOf(r *Result) Operator { return r.Operators[len(r.Operators)-1] }

func TestLLMProposes(t *testing.T) {
	first := true
	server, llm := endpoint(t, func(p told) llmtest.Reply {
		if first {
			first = false
			if len(p.Front) == 0 || len(p.Errors) == 0 || len(p.Genes) == 0 || !strings.HasPrefix(p.Book[0], "density: [den-00001]") || p.Front[0].Genes["font-size"] == "" {
				t.Errorf("told %+v", p)
			}
		}
		return llmtest.Text("```json\n" + goodAnswer(p) + "\n```")
	}, says(`{"insights": ["legibility: Strokes of weight 1.2 are read best.", "density: Narrow faces set solid carry most."]}`))
	book := mustParse(t, "## density\n[den-00001] helpful=0 harmful=0 :: Narrow faces without margins.\n")
	dir := t.TempDir()
	r, err := Run(t.Context(), dir, newPlanted(16, 4), llmOptions(llm, book))
	if err != nil {
		t.Fatal(err)
	}
	op := proposerOf(r)
	if op.Read == 0 || op.Failed > 0 || op.Cost.Total() == 0 || op.Cost.Money == 0 || len(r.Degraded) > 0 {
		t.Errorf("operator %+v, degraded %q", op, r.Degraded)
	}
	if !slices.ContainsFunc(r.Candidates, func(c Candidate) bool { return c.Reason == "narrow and solid" && c.Lines[0] == "den-00001" }) {
		t.Error("no proposal was read")
	}
	if text := string(book.Text()); !strings.Contains(text, "Strokes of weight 1.2") || book.lines[0].helpful+book.lines[0].harmful == 0 {
		t.Errorf("the playbook is\n%s", text)
	}

	// Resumed, it is a replay: the endpoint is not asked, the playbook ends alike.
	calls := server.Calls()
	again := mustParse(t, "## density\n[den-00001] helpful=0 harmful=0 :: Narrow faces without margins.\n")
	r2, err := Run(t.Context(), dir, newPlanted(16, 4), llmOptions(llm, again))
	if err != nil {
		t.Fatal(err)
	}
	a, _ := r.JSON()
	b, _ := r2.JSON()
	if !bytes.Equal(a, b) || !bytes.Equal(book.Text(), again.Text()) || server.Calls() != calls {
		t.Errorf("another result, or %d calls became %d", calls, server.Calls())
	}
}

// What an endpoint may do wrong is counted, recorded or both, and ends nothing.
func TestLLMFails(t *testing.T) {
	for _, c := range []struct {
		name     string
		propose  func(told) llmtest.Reply
		failed   bool   // as a whole
		refused  bool   // as patches
		degraded string // part of what is recorded
	}{
		{"prose", says("I would make the type smaller."), true, false, "no JSON object"},
		{"other JSON", says(`{"answer": 42}`), true, false, "has no patches"},
		{"a list", says(`[1, 2]`), true, false, "no JSON object"},
		{"no patches in it", says(`{"patches": [1, "two", {"parent": {}}]}`), false, true, ""},
		{"unknown parent", says(`{"patches": [{"parent": "nobody", "genes": {"dpi": 72}}]}`), false, true, ""},
		{"unknown gene", func(p told) llmtest.Reply {
			return llmtest.Text(mustJSON(map[string]any{"patches": []genome.Patch{{Parent: p.Front[0].ID, Genes: genesOf("wingspan", 3)}}}))
		}, false, true, ""},
		{"cut off", func(told) llmtest.Reply { return llmtest.Truncated(`{"patches": [`) }, true, false, ""},
		{"refusal", func(told) llmtest.Reply { return llmtest.Refusal("I cannot help with that.") }, true, false, "refused"},
		{"server error", func(told) llmtest.Reply { return llmtest.ServerError(500) }, true, false, "failed"},
		{"no answer", func(told) llmtest.Reply { return llmtest.Hang() }, true, false, "generation"},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, llm := endpoint(t, c.propose, says(`{"insights": []}`))
			o := llmOptions(llm, nil)
			if c.name == "no answer" {
				o.ProposerTimeout = 30 * time.Millisecond
			}
			r, err := Run(t.Context(), "", newPlanted(16, 4), o)
			if err != nil {
				t.Fatal(err)
			}
			op := proposerOf(r)
			if (op.Failed > 0) != c.failed || (op.Refused > 0) != c.refused || op.Refused > 0 && r.Refused[refusedPatch] != op.Refused {
				t.Errorf("operator %+v, refused %v", op, r.Refused)
			}
			if (len(r.Degraded) > 0) != c.failed || c.failed && !strings.Contains(r.Degraded[0], c.degraded) {
				t.Errorf("degraded %q", r.Degraded)
			}
			if len(r.Front) == 0 || r.Generations != 8 {
				t.Errorf("%d generations, %d on the front", r.Generations, len(r.Front))
			}
		})
	}
}

func TestFailedReflectionIsTold(t *testing.T) {
	_, llm := endpoint(t, func(p told) llmtest.Reply { return llmtest.Text(goodAnswer(p)) }, says("nothing comes to mind"))
	r, err := Run(t.Context(), "", newPlanted(16, 4), llmOptions(llm, mustParse(t, "")))
	if err != nil {
		t.Fatal(err)
	}
	if len(r.Degraded) == 0 || !strings.Contains(r.Degraded[0], "reflection: the answer is no JSON object") || proposerOf(r).Read == 0 {
		t.Errorf("degraded %q, %+v", r.Degraded, proposerOf(r))
	}
}

func TestLLMNameHoldsWhatAnswersDependOn(t *testing.T) {
	_, llm := endpoint(t, says("{}"), says("{}"))
	if name := llm.Name(); !strings.Contains(name, "proposer at 127.0.0.1:") || !strings.Contains(name, "prompt ") {
		t.Error(name)
	}
}

// guided proposes single steps, each under a line of the playbook: with one it
// follows the lines by their counters, without it follows any.
func guided(withBook bool) scripted {
	steps := []map[string]json.RawMessage{
		genesOf("margin-x", 0, "margin-y", 0, "frame-padding", 0), genesOf("newline-markup", "↵"), genesOf("font-path", "atkinson-hyperlegible"),
		genesOf("stroke-weight", 1.2), genesOf("font-path", "spleen-6x12"), genesOf("stroke-weight", 0.5),
		genesOf("font-color", "#404040"), genesOf("anti-alias", false),
	}
	return scripted{fmt.Sprint("guided ", withBook), func(_ context.Context, h History) (p Proposal, _ error) {
		var follow []int
		for i := range steps {
			id := fmt.Sprintf("[den-%05d]", i+1)
			if !withBook || slices.ContainsFunc(h.Playbook, func(l string) bool {
				return strings.Contains(l, id) && !strings.Contains(l, "helpful=0 harmful=1") && !strings.Contains(l, "helpful=0 harmful=2")
			}) {
				follow = append(follow, i)
			}
		}
		for k := range h.Want {
			if len(follow) == 0 {
				break
			}
			i := follow[(k+h.Generation)%len(follow)]
			p.Patches = append(p.Patches, genome.Patch{Parent: h.Parents[(3*k+h.Generation)%len(h.Parents)].ID, Genes: steps[i], Lines: []string{fmt.Sprintf("den-%05d", i+1)}})
		}
		return p, nil
	}}
}

// guideBook has a line for every step of guided.
func guideBook(t *testing.T) *PlaybookFile {
	var b strings.Builder
	b.WriteString("## density\n")
	for i, text := range []string{"no margins at all", "arrow for newlines", "hyperlegible face", "strokes of 1.2", "spleen as face", "thin strokes of 0.5", "grey letters", "hard edges"} {
		fmt.Fprintf(&b, "[den-%05d] helpful=0 harmful=0 :: %s\n", i+1, text)
	}
	return mustParse(t, b.String())
}
