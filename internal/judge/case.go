package judge

import (
	"errors"
	"fmt"
	"strings"

	"github.com/glyphkit/glyph/ask/wire"
	"github.com/glyphkit/glyph/exact/secrets"
)

// Kind is what is judged.
type Kind string

// The kinds.
const (
	Scores Kind = "scores" // one answer, from 1 to 5
	Pairs  Kind = "pairs"  // which of two answers is better
)

// Winner is the better answer of a pair.
type Winner string

// The winners.
const (
	A   Winner = "a"
	B   Winner = "b"
	Tie Winner = "tie"
)

// The range of a score. The ends are those of G-Eval.
const (
	MinScore = 1
	MaxScore = 5
)

// Case is what is judged: an answer, or the two of a pair.
type Case struct {
	ID string `json:"id,omitempty"` // for the caller; the judge does not see it

	Question  string `json:"question"`
	Reference string `json:"reference,omitempty"` // what the judge may compare with: an answer or a source

	Answer string `json:"answer,omitempty"` // of Scores
	A      string `json:"a,omitempty"`      // of Pairs
	B      string `json:"b,omitempty"`

	// Document is what the case depends on: intervals take cases of one
	// document together. "" is a document of its own.
	Document string `json:"document,omitempty"`
}

// kind is what the case can be judged as.
func (c *Case) kind() (Kind, error) {
	switch {
	case strings.TrimSpace(c.Question) == "":
		return "", errors.New(`no "question"`)
	case c.Answer != "" && c.A == "" && c.B == "":
		return Scores, nil
	case c.Answer == "" && c.A != "" && c.B != "":
		return Pairs, nil
	}
	return "", errors.New(`accepted: either "answer" or both "a" and "b", not empty`)
}

// checkedCase is a case that may be sent.
type checkedCase struct {
	Case
	checked secrets.Checked // derives what is made of the case
}

// Check says what is found of secrets in cases. The error is the
// *secrets.FoundError of the mode.
func Check(cases []Case, mode secrets.Mode) (secrets.Report, error) {
	_, report, err := guard(mode, cases)
	return report, err
}

// guard looks for secrets in all cases, before the first of them is sent.
func guard(mode secrets.Mode, cases []Case) ([]checkedCase, secrets.Report, error) {
	g := secrets.Guard{Mode: mode}
	out := make([]checkedCase, len(cases))
	for i, c := range cases {
		out[i].Case = c
		for _, field := range []struct {
			name string
			text *string
		}{{"question", &out[i].Question}, {"reference", &out[i].Reference}, {"answer", &out[i].Answer}, {"a", &out[i].A}, {"b", &out[i].B}} {
			out[i].checked = g.Check(fmt.Sprintf("case %d, %s", i+1, field.name), *field.text)
			*field.text = out[i].checked.Text()
		}
	}
	return out, g.Report(), g.Err()
}

// about asks about a case.
func (j *Judge) about(c *checkedCase) []wire.Message {
	return user(c.checked.Derive(j.prompt(&c.Case)))
}

func (c *Case) check(want Kind) error {
	switch kind, err := c.kind(); {
	case err != nil:
		return fmt.Errorf("judging a case: %w", err)
	case kind != want:
		return fmt.Errorf("judging a case of kind %q: the judge is for %q", kind, want)
	}
	return nil
}

// Reason is why a case has no verdict.
type Reason string

// The reasons.
const (
	Refused    Reason = "refused"
	Malformed  Reason = "malformed"
	OutOfRange Reason = "out of range"
	Truncated  Reason = "truncated"
	CallFailed Reason = "call failed"
	NoQuorum   Reason = "no quorum" // at most half of the samples or judges have a verdict
)

// Method is how a score comes to be.
type Method string

// The methods.
const (
	Weighted Method = "token probabilities"
	Sampled  Method = "mean of samples"
)

// Verdict is what a judge says of a case.
type Verdict struct {
	Score  float64 `json:"score,omitempty"`  // of Scores: 1 to 5; 0 is none
	Winner Winner  `json:"winner,omitempty"` // of Pairs

	Unscored Reason `json:"unscored,omitempty"` // why there is neither; "" if there is
	Detail   string `json:"detail,omitempty"`   // what was said instead, bounded

	Method   Method `json:"method,omitempty"`   // of Score
	Samples  int    `json:"samples,omitempty"`  // that Score is the mean of
	Ungraded int    `json:"ungraded,omitempty"` // samples without a score, left out of it

	// OrdersDisagree says that a pair is a tie because the judge decided
	// otherwise when the answers were swapped.
	OrdersDisagree bool `json:"orders_disagree,omitempty"`
}

const maxDetail = 200

func unscored(why Reason, detail string) Verdict {
	detail = strings.ToValidUTF8(strings.Join(strings.Fields(detail), " "), "\uFFFD")
	if r := []rune(detail); len(r) > maxDetail {
		detail = string(r[:maxDetail-1]) + "…"
	}
	return Verdict{Unscored: why, Detail: detail}
}
