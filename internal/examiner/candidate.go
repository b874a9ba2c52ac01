package examiner

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/glyphkit/glyph/ask/llm"
	"github.com/glyphkit/glyph/ask/wire"
)

const (
	maxExaminerTokens = 2048 // a question, after what a reasoning model thinks
	maxReaderTokens   = 1024

	maxQuestion = 500 // bytes
	maxAnswer   = 200
	maxEvidence = 1000 // longer, it is a passage and not what an answer stands on
	maxDetail   = 200
)

// candidate is a question in the making.
type candidate struct {
	passage
	examiner, reader *llm.Client
	seed             int

	question, answer, evidence string
}

// outcome is a question, or why there is none.
type outcome struct {
	question *Question

	examiner string
	reason   Reason
	asked    string
	detail   string
	err      error // of the call, for reason CallFailed
}

func (o outcome) reject(why Reason, detail string) outcome {
	detail = strings.ToValidUTF8(strings.Join(strings.Fields(detail), " "), "\uFFFD")
	if r := []rune(detail); len(r) > maxDetail {
		detail = string(r[:maxDetail-1]) + "…"
	}
	o.question, o.reason, o.detail = nil, why, detail
	return o
}

// examine has a question written and checks it, the cheapest check first.
func (c *candidate) examine(ctx context.Context) outcome {
	out := outcome{examiner: c.examiner.Model()}
	written, out := ask(ctx, c.examiner, out, llm.Request{
		Messages: c.say(c.examinerPrompt()), MaxTokens: maxExaminerTokens, Temperature: 1, Seed: &c.seed,
	})
	if out.reason != "" {
		return out
	}
	if why, detail := c.parse(written); why != "" {
		return out.reject(why, detail)
	}
	out.asked = c.question
	if contains(normalWords(c.question), normalWords(c.answer)) {
		return out.reject(GivenAway, c.answer)
	}
	start, end, ok := findVerbatim(c.text(), c.evidence)
	if !ok {
		return out.reject(EvidenceAbsent, c.evidence)
	}
	evidence := c.text()[start:end]

	fromEvidence, out := c.read(ctx, out, readerPrompt(evidence, c.question))
	if out.reason != "" {
		return out
	}
	if !equivalent(fromEvidence, c.answer) {
		return out.reject(DoesNotFollow, c.disagree(fromEvidence))
	}
	closedBook, out := c.read(ctx, out, fmt.Sprintf(closedBookPrompt, c.question))
	switch {
	case out.reason == Refused: // as models do that have nothing to read
		out = outcome{examiner: out.examiner, asked: out.asked}
	case out.reason != "":
		return out
	case equivalent(closedBook, c.answer):
		return out.reject(KnownClosedBook, c.disagree(closedBook))
	}
	fromPassage, out := c.read(ctx, out, readerPrompt(c.text(), c.question))
	if out.reason != "" {
		return out
	}
	if !equivalent(fromPassage, c.answer) {
		return out.reject(ReaderFails, c.disagree(fromPassage))
	}
	out.question = c.keep(start, end)
	return out
}

func (c *candidate) disagree(answer string) string {
	return fmt.Sprintf("%q for %q", strings.TrimSpace(answer), c.answer)
}

func (c *candidate) read(ctx context.Context, out outcome, prompt string) (string, outcome) {
	return ask(ctx, c.reader, out, llm.Request{Messages: c.say(prompt), MaxTokens: maxReaderTokens})
}

// ask returns the text of an answer, or the outcome without one.
func ask(ctx context.Context, client *llm.Client, out outcome, r llm.Request) (string, outcome) {
	resp, err := client.Do(ctx, r, nil)
	switch {
	case errors.Is(err, llm.ErrRefused):
		return "", out.reject(Refused, client.Model()+": "+resp.Text+resp.Refusal)
	case errors.Is(err, llm.ErrBudget):
		return "", out.reject(OverBudget, client.Model())
	case err != nil:
		out.err = err
		return "", out.reject(CallFailed, client.Model()+": "+err.Error())
	case resp.Truncated():
		return "", out.reject(Truncated, client.Model()+": "+resp.Text)
	}
	return resp.Text, out
}

// parse reads the examiner's JSON object, with whatever stands around it.
func (c *candidate) parse(text string) (Reason, string) {
	var written struct{ Question, Answer, Evidence *string }
	from, to := strings.IndexByte(text, '{'), strings.LastIndexByte(text, '}')
	if from < 0 || to < from {
		return Malformed, text
	}
	d := json.NewDecoder(bytes.NewReader([]byte(text[from : to+1])))
	if err := d.Decode(&written); err != nil {
		return Malformed, fmt.Sprintf("%v: %s", err, text)
	}
	if written.Question != nil && *written.Question == "" {
		return NoQuestion, ""
	}
	for _, field := range []struct {
		name string
		from *string
		to   *string
		most int
	}{
		{"question", written.Question, &c.question, maxQuestion},
		{"answer", written.Answer, &c.answer, maxAnswer},
		{"evidence", written.Evidence, &c.evidence, maxEvidence},
	} {
		if field.from == nil {
			return Malformed, fmt.Sprintf("no %q: %s", field.name, text)
		}
		*field.to = strings.TrimSpace(*field.from)
		if n := len(*field.to); n == 0 || n > field.most || !utf8.ValidString(*field.to) {
			return Malformed, fmt.Sprintf("%s of %d bytes, not 1 to %d", field.name, n, field.most)
		}
	}
	return "", ""
}

// say is a prompt that is made of the passage and of what models said of it.
func (c *candidate) say(prompt string) []wire.Message {
	return []wire.Message{wire.Text(wire.User, c.checked.Derive(prompt))}
}
