package eval

import (
	"testing"

	"github.com/glyphkit/glyph/ask/llm"
	"github.com/glyphkit/glyph/eval/read"
	"github.com/glyphkit/glyph/internal/llmtest"
	"github.com/glyphkit/glyph/model/vision"
)

var spentPrice = llm.Price{Input: 1.5, CachedInput: 0.25, Output: 6}

// checkBooks compares what is told with what an endpoint billed: what it told is
// told to the token, and what it did not tell is within what may be.
func checkBooks(t *testing.T, name string, told llm.Bill, b llmtest.Books) {
	t.Helper()
	usage := llm.Usage{PromptTokens: b.Prompt, CachedTokens: b.Cached, CompletionTokens: b.Completion, ReasoningTokens: b.Reasoning}
	if told.Attempts != b.Calls || told.Usage != usage || told.Money != spentPrice.Of(usage) {
		t.Errorf("%s: told %+v\nbilled %+v, %v", name, told, b, spentPrice.Of(usage))
	}
	if told.MaybeAttempts != b.Untold || told.MaybeTokens < int64(b.UntoldTokens) {
		t.Errorf("%s: told %d attempts and at most %d tokens that may be billed; untold are %d with %d", name, told.MaybeAttempts, told.MaybeTokens, b.Untold, b.UntoldTokens)
	}
}

// A run tells what the endpoint billed, by whichever way it asks, over all
// resumptions, and stops at its budget.
func TestSpentIsWhatWasBilled(t *testing.T) {
	answer := func(*llmtest.Request) string { return "It shows 12 lamps." }
	for name, budget := range map[string]Budget{
		"no budget": {}, "calls": {Calls: 14}, "tokens": {Tokens: 30_000}, "money": {Money: 0.05},
	} {
		for _, as := range []string{"model", "reader"} {
			spec := small(t)
			spec.MaxAnswer, spec.Tasks = 400, []string{"exact"}
			spec.Arms, spec.DPIs = []Arm{Image, Adaptive}, []float64{72, 96}
			books := llmtest.NewBookkeeper(1, 300, answer)
			s := llmtest.New(books.Reply)
			o := Options{Endpoint: endpoint(s), Budget: budget, Workers: 4}
			o.Endpoint.Price = spentPrice
			if as == "reader" {
				client, err := llm.New(*o.Endpoint)
				if err != nil {
					t.Fatal(err)
				}
				o.Endpoint, o.Reader = nil, read.NewVLM(client, read.VLMOptions{MaxTokens: 400})
			}
			dir := t.TempDir()
			res := run(t, dir, spec, o)
			checkBooks(t, name+", "+as, res.Spent, books.Books())
			if tokens, money := res.Spent.AtMost(); budget.Tokens > 0 && tokens > budget.Tokens || budget.Money > 0 && money > budget.Money ||
				budget.Calls > 0 && res.Spent.Attempts > budget.Calls || (budget != Budget{}) != (res.Stopped != "") {
				t.Errorf("%s, %s: spent %+v of %+v, stopped %q", name, as, res.Spent, budget, res.Stopped)
			}
			o.Budget.Calls, o.Budget.Tokens, o.Budget.Money, o.Retry = 2*o.Budget.Calls, 2*o.Budget.Tokens, 2*o.Budget.Money, true
			res = run(t, dir, spec, o)
			checkBooks(t, name+", "+as+", gone on", res.Spent, books.Books())
			s.Close()
		}
	}
}

// A reader that cannot be paid for what it reads ends the run as a spent budget
// does, and its failures are told as well.
func TestSpentOnFailures(t *testing.T) {
	s := llmtest.New(llmtest.Refusal("no"))
	defer s.Close()
	client, err := llm.New(*endpoint(s))
	if err != nil {
		t.Fatal(err)
	}
	spec := small(t)
	spec.Tasks, spec.Arms = []string{"exact"}, []Arm{Image}
	res := run(t, t.TempDir(), spec, Options{Reader: read.NewVLM(client, read.VLMOptions{})})
	if bills, tokens := s.Billed(); res.Spent.Attempts != bills || res.Spent.Total() != int64(tokens) || tokens == 0 || res.Done != res.Total {
		t.Errorf("spent %+v; billed were %d tokens in %d calls", res.Spent, tokens, bills)
	}
}

// Every request of every arm and rung asks for the profile's level of detail.
func TestDetailReachesEveryRequest(t *testing.T) {
	low, err := vision.Lookup("gpt-4o@low")
	if err != nil {
		t.Fatal(err)
	}
	for _, zoom := range []bool{false, true} {
		spec := small(t)
		spec.Model, spec.Arms, spec.DPIs, spec.Zoom, spec.Tasks = low, []Arm{Image, Hybrid, Adaptive}, []float64{72, 96}, zoom, []string{"exact"}
		s := llmtest.New(llmtest.Text("The code is QX-77120-ZZ."))
		run(t, t.TempDir(), spec, Options{Endpoint: endpoint(s)})
		images, again := 0, 0
		for _, r := range s.Requests() {
			for _, level := range r.Details() {
				if images++; level != "low" {
					t.Fatalf("zoom %t: an image asks for the level %q", zoom, level)
				}
			}
			if len(r.Details()) > 0 && r.Images() > 0 {
				again++
			}
		}
		if images == 0 || again < 4 {
			t.Errorf("zoom %t: %d images", zoom, images)
		}
		s.Close()
	}
}
