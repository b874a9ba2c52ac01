package examiner_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"maps"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/glyphkit/glyph/ask/llm"
	"github.com/glyphkit/glyph/eval/task"
	"github.com/glyphkit/glyph/exact/secrets"
	"github.com/glyphkit/glyph/internal/examiner"
	"github.com/glyphkit/glyph/internal/fence"
	"github.com/glyphkit/glyph/internal/llmtest"
	"github.com/glyphkit/glyph/internal/runs"
)

// ledger is a document of lines that each state one fact, with the line breaks
// and blanks that documents have.
func ledger(name string, lines int) task.Document {
	var b strings.Builder
	for i := range lines {
		fmt.Fprintf(&b, "On the ledger of %s, entry %03d, the steward\n   has put down a sum of %d crowns for grain.\n", name, i, 1000+37*i)
	}
	return task.Document{Name: name, Text: b.String()}
}

var (
	entry    = regexp.MustCompile(`ledger of (\S+), entry (\d+), the steward\s+has put down a sum of (\d+) crowns`)
	question = regexp.MustCompile(`Question: What sum does entry (\d+) of (\S+) have\?`)
	fact     = regexp.MustCompile(`On the ledger of \S+, entry \d+, the steward\s+has put down a sum of \d+ crowns for grain\.`)
)

// The requests of an exam.
func isExaminer(r *llmtest.Request) bool { return strings.HasPrefix(r.Text(), "Write one question") }
func isClosedBook(r *llmtest.Request) bool {
	return strings.HasPrefix(r.Text(), "Answer the question from what you know")
}
func isPassage(r *llmtest.Request) bool { return strings.Count(r.Text(), "On the ledger") > 1 }

// writes is an examiner's answer about the part that it is asked about.
func writes(r *llmtest.Request, change func(answer, evidence string) (string, string)) llmtest.Reply {
	text := r.Text()
	part, _ := fence.Unquote(text[strings.Index(text, "Part:\n"):])
	line := fact.FindString(part)
	if line == "" {
		return llmtest.Text(`{"question": ""}`)
	}
	m := entry.FindStringSubmatch(line)
	answer, evidence := m[3]+" crowns", strings.Join(strings.Fields(line), " ")
	if change != nil {
		answer, evidence = change(answer, evidence)
	}
	return llmtest.Text(fmt.Sprintf("Here it is:\n```json\n{\"question\": \"What sum does entry %s of %s have?\", \"answer\": %q, \"evidence\": %q}\n```", m[2], m[1], answer, evidence))
}

// reads is an honest reader.
func reads(r *llmtest.Request) llmtest.Reply {
	q := question.FindStringSubmatch(r.Text())
	if q == nil {
		return llmtest.Status(400, `{"error":{"message":"no question"}}`)
	}
	for _, m := range entry.FindAllStringSubmatch(r.Text(), -1) {
		if m[1] == q[2] && m[2] == q[1] {
			return llmtest.Text("It is " + m[3] + " crowns.")
		}
	}
	return llmtest.Text("unknown")
}

func goodModel(r *llmtest.Request) llmtest.Reply {
	if isExaminer(r) {
		return writes(r, nil)
	}
	return reads(r)
}

func client(t *testing.T, model string, reply func(*llmtest.Request) llmtest.Reply, change ...func(*llm.Options)) *llm.Client {
	t.Helper()
	s := llmtest.New(llmtest.Func(reply))
	t.Cleanup(s.Close)
	o := llm.Options{BaseURL: s.URL(), Model: model, MaxAttempts: 1}
	for _, f := range change {
		f(&o)
	}
	c, err := llm.New(o)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func written(t *testing.T, e *examiner.Exam) string {
	t.Helper()
	var b bytes.Buffer
	if err := e.Write(&b); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func TestGoodQuestionsAreKeptWithTheirEvidence(t *testing.T) {
	documents := []task.Document{ledger("Ash", 200), ledger("Birch", 200)}
	exam, err := examiner.Examine(t.Context(), documents, examiner.Options{Examiners: []*llm.Client{client(t, "m", goodModel)}, Questions: 12, Seed: 1, Passage: 1500})
	if err != nil {
		t.Fatal(err)
	}
	if len(exam.Questions) != 12 || exam.Stopped != "" || exam.Tried != 12+len(exam.Rejected) {
		t.Fatalf("%d questions of %d tried: %+v", len(exam.Questions), exam.Tried, exam.Rejected)
	}
	for _, q := range exam.Questions {
		var text string
		for _, d := range documents {
			if d.Name == q.Cluster {
				text = d.Text
			}
		}
		if text[q.Passage.Start:q.Passage.End] != q.Text || len(q.Text) > 1500 {
			t.Errorf("%s: passage %+v is not its text of %d bytes", q.ID, q.Passage, len(q.Text))
		}
		evidence := text[q.Evidence.Start:q.Evidence.End]
		if !fact.MatchString(evidence) || !strings.Contains(evidence, "steward\n   has") || !strings.Contains(evidence, strings.Fields(q.Gold[0])[0]) {
			t.Errorf("%s: evidence %q for %q", q.ID, evidence, q.Gold)
		}
		at := float64(q.Evidence.Start-q.Passage.Start) / float64(len(q.Text))
		if q.Depths[0] != at || q.Stratum != examiner.StratumExact || q.Examiner != "m" || q.Reader != "m" {
			t.Errorf("%+v", q)
		}
	}
}

// What passes through the file is a task like others: its gold answer scores 1,
// another 0, and a transcript is solved.
func TestQuestionsAreATask(t *testing.T) {
	exam, err := examiner.Examine(t.Context(), []task.Document{ledger("Ash", 200)}, examiner.Options{Examiners: []*llm.Client{client(t, "m", goodModel)}, Questions: 5, Seed: 3, Passage: 1000})
	if err != nil {
		t.Fatal(err)
	}
	set, err := task.New(task.Questions, task.Options{Data: strings.NewReader(written(t, exam)), DataName: "probes.jsonl"})
	if err != nil {
		t.Fatal(err)
	}
	if len(set.Probes) != 5 || set.Name() != task.Questions || set.Metric() != "qa_f1" {
		t.Fatalf("%d probes of %s", len(set.Probes), set.Name())
	}
	for i, p := range set.Probes {
		if p.ID != exam.Questions[i].ID || p.Text != exam.Questions[i].Text {
			t.Errorf("%s comes back as %s", exam.Questions[i].ID, p.ID)
		}
		if v := set.Score(p, p.Gold[0]).Value; v != 1 {
			t.Errorf("gold answer scores %v", v)
		}
		if s := set.Score(p, "unknown, I cannot read it"); s.Value != 0 || !s.Abstained {
			t.Errorf("no answer scores %+v", s)
		}
		if v := set.Score(p, set.Solve(p, p.Text)).Value; v == 0 {
			t.Errorf("%q is not solved: %q", p.Asked[0], set.Solve(p, p.Text))
		}
	}
}

func TestRejectedQuestionsAreCountedByReason(t *testing.T) {
	examines := func(change func(answer, evidence string) (string, string)) func(*llmtest.Request) llmtest.Reply {
		return func(r *llmtest.Request) llmtest.Reply {
			if isExaminer(r) {
				return writes(r, change)
			}
			return reads(r)
		}
	}
	writesText := func(reply llmtest.Reply) func(*llmtest.Request) llmtest.Reply {
		return func(r *llmtest.Request) llmtest.Reply {
			if isExaminer(r) {
				return reply
			}
			return reads(r)
		}
	}
	answersAs := func(which func(*llmtest.Request) bool, reply llmtest.Reply) func(*llmtest.Request) llmtest.Reply {
		return func(r *llmtest.Request) llmtest.Reply {
			if !isExaminer(r) && which(r) {
				return reply
			}
			return goodModel(r)
		}
	}
	knows := func(r *llmtest.Request) llmtest.Reply {
		if isClosedBook(r) {
			q := question.FindStringSubmatch(r.Text())
			n := 0
			_, _ = fmt.Sscanf(q[1], "%d", &n)
			return llmtest.Text(fmt.Sprint(1000 + 37*n))
		}
		return goodModel(r)
	}
	for _, c := range []struct {
		name  string
		model func(*llmtest.Request) llmtest.Reply
		want  examiner.Reason // "" keeps
	}{
		{"good", goodModel, ""},
		{"closed-book reader refuses", answersAs(isClosedBook, llmtest.Text("I'm sorry, but I cannot access the document.")), ""},
		{"useless: nothing to ask", writesText(llmtest.Text(`{"question": ""}`)), examiner.NoQuestion},
		{"garbage", writesText(llmtest.Text("purple")), examiner.Malformed},
		{"broken JSON", writesText(llmtest.Text(`{"question": "What?", }`)), examiner.Malformed},
		{"no evidence field", writesText(llmtest.Text(`{"question": "What?", "answer": "7"}`)), examiner.Malformed},
		{"null", writesText(llmtest.Text(`{"question": null, "answer": "7", "evidence": "x"}`)), examiner.Malformed},
		{"number as answer", writesText(llmtest.Text(`{"question": "What?", "answer": 7, "evidence": "x"}`)), examiner.Malformed},
		{"long answer", examines(func(_, e string) (string, string) { return strings.Repeat("long ", 50), e }), examiner.Malformed},
		{"refusing", writesText(llmtest.Refusal("I will not.")), examiner.Refused},
		{"truncated", writesText(llmtest.Truncated(`{"question": "What`)), examiner.Truncated},
		{"failing", writesText(llmtest.ServerError(500)), examiner.CallFailed},
		{"answer in the question", examines(func(_, e string) (string, string) { return "Ash", e }), examiner.GivenAway},
		{"invented evidence", examines(func(a, e string) (string, string) { return a, strings.Replace(e, "steward", "bailiff", 1) }), examiner.EvidenceAbsent},
		{"evidence in other case", examines(func(a, e string) (string, string) { return a, strings.ToUpper(e) }), examiner.EvidenceAbsent},
		{"wrong answer", examines(func(_, e string) (string, string) { return "17 crowns", e }), examiner.DoesNotFollow},
		{"evidence without the answer", examines(func(a, e string) (string, string) { return a, e[:strings.Index(e, " the steward")] }), examiner.DoesNotFollow},
		{"evidence reader refuses", answersAs(func(r *llmtest.Request) bool { return !isClosedBook(r) && !isPassage(r) }, llmtest.Refusal("No.")), examiner.Refused},
		{"known without the text", knows, examiner.KnownClosedBook},
		{"not answered from the passage", answersAs(isPassage, llmtest.Text("unknown")), examiner.ReaderFails},
		{"passage reader fails", answersAs(isPassage, llmtest.ServerError(500)), examiner.CallFailed},
	} {
		t.Run(c.name, func(t *testing.T) {
			// Whole lines, so that each part has a fact.
			exam, err := examiner.Examine(t.Context(), []task.Document{ledger("Ash", 100)},
				examiner.Options{Examiners: []*llm.Client{client(t, "m", c.model)}, Questions: 4, Seed: 5, Passage: 1200, Tries: 2})
			if err != nil {
				t.Fatal(err)
			}
			counts := exam.Counts()
			delete(counts, examiner.Duplicate)
			if c.want == "" {
				if len(exam.Questions) != 4 || len(counts) != 0 {
					t.Errorf("%d kept, rejected %+v", len(exam.Questions), exam.Rejected)
				}
				return
			}
			if len(exam.Questions) != 0 || counts[c.want] != 8 || exam.Tried != 8 || !strings.Contains(exam.Stopped, "8 passages") {
				t.Errorf("%d kept of %d, stopped %q, rejected %+v", len(exam.Questions), exam.Tried, exam.Stopped, exam.Rejected)
			}
		})
	}
}

func TestSameQuestionTwiceIsADuplicate(t *testing.T) {
	exam, err := examiner.Examine(t.Context(), []task.Document{ledger("Ash", 3)},
		examiner.Options{Examiners: []*llm.Client{client(t, "m", goodModel)}, Questions: 5, Seed: 1})
	if err != nil {
		t.Fatal(err)
	}
	if n := len(exam.Questions); n == 0 || n > 3 || exam.Counts()[examiner.Duplicate] == 0 || exam.Tried != 20 {
		t.Errorf("%d kept of %d, %v", n, exam.Tried, exam.Counts())
	}
}

// The same seed gives the same bytes, however many calls are under way and in
// whatever order they end; another seed gives other questions.
func TestExamDependsOnTheSeedAlone(t *testing.T) {
	sometimes := func(r *llmtest.Request) llmtest.Reply {
		if isExaminer(r) && *r.Seed%3 == 0 {
			return llmtest.Text("purple")
		}
		return llmtest.Slow(time.Duration(len(r.Text())%7)*time.Millisecond, goodModel(r))
	}
	exams := map[string][]string{}
	for _, workers := range []int{1, 8} {
		for _, seed := range []uint64{1, 2} {
			var clients []*llm.Client
			for _, name := range []string{"one", "two"} {
				clients = append(clients, client(t, name, sometimes, func(o *llm.Options) { o.MaxParallel = workers }))
			}
			exam, err := examiner.Examine(t.Context(), []task.Document{ledger("Ash", 300), ledger("Birch", 300)}, examiner.Options{Examiners: clients, Questions: 10, Seed: seed, Passage: 1000})
			if err != nil {
				t.Fatal(err)
			}
			if len(exam.Rejected) == 0 || len(exam.Questions) != 10 {
				t.Errorf("%d kept, %d rejected", len(exam.Questions), len(exam.Rejected))
			}
			key := fmt.Sprint(seed)
			exams[key] = append(exams[key], written(t, exam)+fmt.Sprint(exam.Rejected))
		}
	}
	for seed, e := range exams {
		if e[0] != e[1] {
			t.Errorf("seed %s: one worker and eight differ", seed)
		}
	}
	if exams["1"][0] == exams["2"][0] {
		t.Error("seeds 1 and 2 give the same exam")
	}
}

func TestExaminersTakeTurns(t *testing.T) {
	clients := []*llm.Client{client(t, "one", goodModel), client(t, "two", goodModel), client(t, "three", goodModel)}
	o := examiner.Options{Examiners: clients, Questions: 9, Seed: 1, Passage: 1000}
	documents := []task.Document{ledger("Ash", 400)}
	exam, err := examiner.Examine(t.Context(), documents, o)
	if err != nil {
		t.Fatal(err)
	}
	after := map[string]string{"one": "two", "two": "three", "three": "one"}
	written := map[string]int{}
	for _, q := range exam.Questions {
		written[q.Examiner]++
		if q.Reader != after[q.Examiner] {
			t.Errorf("%s is read by %s", q.Examiner, q.Reader)
		}
	}
	if names := slices.Sorted(maps.Keys(written)); len(names) != 3 {
		t.Errorf("questions are of %v", written)
	}
	o.Reader = client(t, "reader", reads)
	if exam, err = examiner.Examine(t.Context(), documents, o); err != nil {
		t.Fatal(err)
	}
	for _, q := range exam.Questions {
		if q.Reader != "reader" {
			t.Errorf("read by %s", q.Reader)
		}
	}
}

func TestBudgetEndsTheExamWithWhatItHas(t *testing.T) {
	c := client(t, "m", goodModel, func(o *llm.Options) { o.Budget.Tokens, o.MaxParallel = 20_000, 1 })
	exam, err := examiner.Examine(t.Context(), []task.Document{ledger("Ash", 400)}, examiner.Options{Examiners: []*llm.Client{c}, Questions: 100, Seed: 1, Passage: 1000})
	if err != nil {
		t.Fatal(err)
	}
	if spent := c.Spent(); exam.Stopped != "the budget is used up" || exam.Counts()[examiner.OverBudget] == 0 || len(exam.Questions) == 0 || len(exam.Questions) == 100 ||
		spent.PromptTokens+spent.CompletionTokens > 20_000 || exam.Tried != len(exam.Questions)+len(exam.Rejected) {
		t.Errorf("%d kept of %d, stopped %q, spent %+v", len(exam.Questions), exam.Tried, exam.Stopped, spent)
	}
}

func TestExamThatCannotGoOn(t *testing.T) {
	documents := []task.Document{ledger("Ash", 100)}
	o := examiner.Options{Examiners: []*llm.Client{client(t, "m", func(*llmtest.Request) llmtest.Reply { return llmtest.Unauthorized() })}, Questions: 2}
	if _, err := examiner.Examine(t.Context(), documents, o); !errors.Is(err, llm.ErrAuth) {
		t.Errorf("wrong key: %v", err)
	}
	o.Examiners = []*llm.Client{client(t, "m", func(*llmtest.Request) llmtest.Reply { return llmtest.Hang() })}
	ctx, cancel := context.WithCancel(t.Context())
	time.AfterFunc(50*time.Millisecond, cancel)
	if _, err := examiner.Examine(ctx, documents, o); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: %v", err)
	}
}

func TestWrongOptions(t *testing.T) {
	m := []*llm.Client{client(t, "m", goodModel)}
	ash := []task.Document{ledger("Ash", 10)}
	for want, c := range map[string]struct {
		documents []task.Document
		o         examiner.Options
	}{
		"no examiners":    {ash, examiner.Options{Questions: 1}},
		"0 questions":     {ash, examiner.Options{Examiners: m}},
		"20000 questions": {ash, examiner.Options{Examiners: m, Questions: 20_000}},
		"passages of 7":   {ash, examiner.Options{Examiners: m, Questions: 1, Passage: 7}},
		"-1 tries":        {ash, examiner.Options{Examiners: m, Questions: 1, Tries: -1}},
		"have no text":    {[]task.Document{{Name: "a"}, {Name: "b", Text: " \n "}}, examiner.Options{Examiners: m, Questions: 1}},
		"not UTF-8":       {[]task.Document{{Name: "a", Text: "\xff"}}, examiner.Options{Examiners: m, Questions: 1}},
		`the name "Ash"`:  {slices.Concat(ash, ash), examiner.Options{Examiners: m, Questions: 1}},
	} {
		if _, err := examiner.Examine(t.Context(), c.documents, c.o); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v, want %q", err, want)
		}
	}
}

// A server that fails in all ways: every passage ends as a question or with a
// reason.
func TestFaults(t *testing.T) {
	s := llmtest.New(llmtest.Faults(7, 0.3, llmtest.Func(goodModel)))
	defer s.Close()
	c, err := llm.New(llm.Options{BaseURL: s.URL(), Model: "m", MaxAttempts: 3, Idle: 50 * time.Millisecond,
		Clock: llmtest.NewClock(time.Unix(0, 0)), Jitter: func() float64 { return 0 }})
	if err != nil {
		t.Fatal(err)
	}
	exam, err := examiner.Examine(t.Context(), []task.Document{ledger("Ash", 300)}, examiner.Options{Examiners: []*llm.Client{c}, Questions: 20, Passage: 1000})
	if err != nil {
		t.Fatal(err)
	}
	if exam.Tried != len(exam.Questions)+len(exam.Rejected) || len(exam.Questions) < 10 {
		t.Errorf("%d kept, %d rejected of %d", len(exam.Questions), len(exam.Rejected), exam.Tried)
	}
}

// Secrets of documents are refused before the first request, or masked, or sent
// if that is allowed; the exam says so.
func TestSecrets(t *testing.T) {
	const key = "AKIA" + "Q3EGRPIM5VKZ7TWD"
	for _, c := range []struct {
		mode          secrets.Mode
		refused, sent bool
	}{{"", true, false}, {secrets.Block, true, false}, {secrets.Redact, false, false}, {secrets.Allow, false, true}} {
		s := llmtest.New(llmtest.Func(goodModel))
		defer s.Close()
		client, err := llm.New(llm.Options{BaseURL: s.URL(), Model: "m"})
		if err != nil {
			t.Fatal(err)
		}
		leaky := ledger("leaky", 4)
		leaky.Text += "The key is " + key + ".\n" + ledger("leaky", 4).Text
		exam, err := examiner.Examine(t.Context(), []task.Document{leaky}, examiner.Options{
			Examiners: []*llm.Client{client}, Questions: 2, Seed: 1, Secrets: c.mode})
		found, blocked := errors.AsType[*secrets.FoundError](err)
		if blocked != c.refused || !blocked && err != nil || blocked && (found.Found[0].Line != 9 || strings.Contains(err.Error(), key[4:])) {
			t.Errorf("%q: %v", c.mode, err)
		}
		sent := false
		for _, r := range s.Requests() {
			sent = sent || strings.Contains(r.Text(), key)
		}
		if sent != c.sent || c.refused && s.Calls() > 0 {
			t.Errorf("%q: %d calls, key sent: %t", c.mode, s.Calls(), sent)
		}
		if !c.refused && (exam.Secrets.Mode != c.mode || exam.Secrets.Count != 1) {
			t.Errorf("%q: the exam says %+v", c.mode, exam.Secrets)
		}
	}
}

// An exam that was interrupted shows what it has and goes on: no passage is
// tried twice. Another seed is refused.
func TestInterruptedExam(t *testing.T) {
	documents := []task.Document{ledger("Ash", 200)}
	s := llmtest.New(llmtest.Func(goodModel))
	defer s.Close()
	c, err := llm.New(llm.Options{BaseURL: s.URL(), Model: "m", MaxAttempts: 1, MaxParallel: 1})
	if err != nil {
		t.Fatal(err)
	}
	o := examiner.Options{Examiners: []*llm.Client{c}, Questions: 8, Seed: 3, Passage: 1000}
	want, err := examiner.Examine(t.Context(), documents, o)
	if err != nil {
		t.Fatal(err)
	}
	all := s.Calls()
	o.Dir = filepath.Join(t.TempDir(), "run")
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	o.Progress = func(p runs.Progress) {
		if p.Done == 3 {
			cancel()
		}
	}
	part, err := examiner.Examine(ctx, documents, o)
	if !errors.Is(err, context.Canceled) || part == nil || len(part.Questions) != 3 || part.Stopped != "interrupted" {
		t.Fatalf("%v: %+v", err, part)
	}
	last := runs.Progress{}
	o.Progress = func(p runs.Progress) { last = p }
	got, err := examiner.Examine(t.Context(), documents, o)
	if err != nil || written(t, got) != written(t, want) {
		t.Errorf("%v: another exam", err)
	}
	if last.Done != 8 || last.Total != 8 || last.Unscored != len(got.Rejected) {
		t.Errorf("the last progress is %+v of %d rejected", last, len(got.Rejected))
	}
	if calls := s.Calls() - all; calls != all {
		t.Errorf("%d calls in two parts, %d at once", calls, all)
	}
	o.Seed++
	if _, err := examiner.Examine(t.Context(), documents, o); err == nil || !strings.Contains(err.Error(), "seed is 3 there and 4 here") {
		t.Errorf("another seed: %v", err)
	}
}

// A passage whose call failed is tried again when the exam goes on.
func TestFailedCallsAreMadeAgain(t *testing.T) {
	var calls, most atomic.Int32
	most.Store(10)
	c := client(t, "m", func(r *llmtest.Request) llmtest.Reply {
		if calls.Add(1) > most.Load() {
			return llmtest.Status(500, "out of order")
		}
		return goodModel(r)
	}, func(o *llm.Options) { o.MaxParallel = 1 })
	documents := []task.Document{ledger("Ash", 200)}
	o := examiner.Options{Examiners: []*llm.Client{c}, Questions: 5, Tries: 1, Seed: 3, Passage: 1000, Dir: filepath.Join(t.TempDir(), "run")}
	part, err := examiner.Examine(t.Context(), documents, o)
	if err != nil || part.Counts()[examiner.CallFailed] == 0 || len(part.Questions) == 0 {
		t.Fatalf("the server fails: %v, %+v", err, part)
	}
	most.Store(1000)
	whole, err := examiner.Examine(t.Context(), documents, o)
	if err != nil || whole.Counts()[examiner.CallFailed] != 0 || len(whole.Questions) <= len(part.Questions) {
		t.Errorf("the server is back: %v, %+v", err, whole)
	}
}
