package judge

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/glyphkit/glyph/ask/llm"
	"github.com/glyphkit/glyph/ask/wire"
	"github.com/glyphkit/glyph/exact/secrets"
)

const (
	// Samples is how many answers are asked for where the endpoint gives no
	// probabilities.
	Samples = 5

	maxAnswerTokens = 1024 // a number, after what a reasoning model thinks
	maxStepsTokens  = 2048
	maxRubric       = 16 << 10 // bytes of the criteria or the steps
)

// Rubric says what is judged, and by what.
type Rubric struct {
	Kind     Kind
	Criteria string // what makes an answer good, for people and the judge; at most 16 KiB
}

func (r *Rubric) check() error {
	switch {
	case r.Kind != Scores && r.Kind != Pairs:
		return fmt.Errorf("a rubric of kind %q; accepted: %q or %q", r.Kind, Scores, Pairs)
	case strings.TrimSpace(r.Criteria) == "" || len(r.Criteria) > maxRubric:
		return fmt.Errorf("criteria of %d bytes; accepted: some text of at most %d bytes", len(r.Criteria), maxRubric)
	}
	return nil
}

// Judge grades cases of one kind with one model. It is safe for concurrent use;
// the client bounds the calls under way.
type Judge struct {
	client      *llm.Client
	rubric      Rubric
	criteria    secrets.Checked
	secrets     secrets.Mode // what happens to those of cases
	steps       string
	method      Method       // "" for Pairs
	calibration *Calibration // nil if that was waived
}

// New returns the judge that was calibrated: same model, same criteria, same
// steps. The mode says what happens to secrets in cases and criteria. It is an error if the calibration does not pass its bar, is of another
// model, or was made with other prompts than this version's. It makes no call.
func New(client *llm.Client, c *Calibration, mode secrets.Mode) (*Judge, error) {
	if client == nil || c == nil {
		return nil, errors.New("making a judge: a client and a calibration are needed; NewUncalibrated waives the calibration")
	}
	j, err := newJudge(client, Rubric{c.Kind, c.Criteria}, mode)
	if err != nil {
		return nil, err
	}
	j.steps, j.method, j.calibration = c.Steps, c.Method, c
	switch {
	case c.Model != client.Model():
		return nil, fmt.Errorf("making a judge of %q: the calibration is of %q", client.Model(), c.Model)
	case c.PromptHash != j.promptHash():
		return nil, fmt.Errorf("making a judge of %q: the calibration was made with other prompts; accepted: one made again with this version", c.Model)
	}
	if why := c.failing(); why != "" {
		return nil, fmt.Errorf("making a judge of %q: %w: %s", c.Model, ErrUnderBar, why)
	}
	return j, nil
}

// newJudge checks the criteria for secrets.
func newJudge(client *llm.Client, r Rubric, mode secrets.Mode) (*Judge, error) {
	criteria, err := secrets.Check(r.Criteria, mode)
	if err != nil {
		return nil, fmt.Errorf("making a judge of %q: the criteria: %w", client.Model(), err)
	}
	r.Criteria = criteria.Text()
	return &Judge{client: client, rubric: r, criteria: criteria, secrets: mode}, nil
}

// ErrUnderBar is the error of New where a judge does not agree with people as
// far as the bar demands.
var ErrUnderBar = errors.New("the judge is under its bar")

// NewUncalibrated returns, as New does, a judge of which nobody knows how far it agrees with
// people. Name says so, and so should a report. It asks the model for the
// grading steps, one call.
func NewUncalibrated(ctx context.Context, client *llm.Client, r Rubric, mode secrets.Mode) (*Judge, error) {
	if client == nil {
		return nil, errors.New("making a judge: a client is needed")
	}
	if err := r.check(); err != nil {
		return nil, fmt.Errorf("making a judge of %q: %w", client.Model(), err)
	}
	j, err := newJudge(client, r, mode)
	if err != nil {
		return nil, err
	}
	if err := j.writeSteps(ctx); err != nil {
		return nil, fmt.Errorf("making a judge of %q: %w", client.Model(), err)
	}
	return j, nil
}

// writeSteps asks for the grading steps, and thereby whether the endpoint gives
// probabilities: once, so that all cases are judged by the same method.
func (j *Judge) writeSteps(ctx context.Context) error {
	r := llm.Request{Messages: user(j.criteria.Derive(j.rubric.stepsPrompt())), MaxTokens: maxStepsTokens}
	if j.rubric.Kind == Scores {
		r.TopLogprobs = llm.MaxTopLogprobs
	}
	resp, err := j.client.Do(ctx, r, nil)
	if r.TopLogprobs > 0 && errors.Is(err, llm.ErrRejected) {
		// Endpoints that know no probabilities reject the field, or ignore it.
		r.TopLogprobs = 0
		resp, err = j.client.Do(ctx, r, nil)
	}
	if err != nil {
		return fmt.Errorf("asking for grading steps: %w", err)
	}
	j.steps = strings.TrimSpace(resp.Text)
	if resp.Truncated() || j.steps == "" || len(j.steps) > maxRubric {
		return fmt.Errorf("grading steps of %d bytes, cut at %d tokens: %t; accepted: some text of at most %d bytes, complete",
			len(j.steps), maxStepsTokens, resp.Truncated(), maxRubric)
	}
	if j.rubric.Kind == Scores {
		j.method = Sampled
		if hasAlternatives(resp.Logprobs) {
			j.method = Weighted
		}
	}
	return nil
}

func hasAlternatives(tokens []llm.TokenLogprob) bool {
	for _, t := range tokens {
		if len(t.Top) > 1 {
			return true
		}
	}
	return false
}

// Calibrated reports whether the judge has passed a calibration.
func (j *Judge) Calibrated() bool { return j.calibration != nil }

// Kind is what the judge judges.
func (j *Judge) Kind() Kind { return j.rubric.Kind }

// Name is such as "judge gpt-5.5 (scores by token probabilities, prompt
// 1f0c2a9b, quadratic-weighted kappa 0.72 [0.61, 0.80] n=120 by document)", or
// ends in "NOT CALIBRATED)".
func (j *Judge) Name() string {
	how := string(j.rubric.Kind)
	if j.method != "" {
		how += " by " + string(j.method)
	}
	agreement := "NOT CALIBRATED"
	if j.calibration != nil {
		agreement = j.calibration.Agreement.Kappa.String()
	}
	return fmt.Sprintf("judge %s (%s, prompt %s, %s)", j.client.Model(), how, j.promptHash()[:8], agreement)
}

// Judge grades one case. An error is that of a case that cannot be judged by
// this judge, a *secrets.FoundError, or of ctx; whatever else goes wrong is in
// Verdict.Unscored.
func (j *Judge) Judge(ctx context.Context, c Case) (Verdict, error) {
	cases, _, err := guard(j.secrets, []Case{c})
	if err != nil {
		return Verdict{}, err
	}
	return j.judge(ctx, cases[0])
}

func (j *Judge) judge(ctx context.Context, c checkedCase) (Verdict, error) {
	if err := c.check(j.rubric.Kind); err != nil {
		return Verdict{}, err
	}
	v := Verdict{}
	switch {
	case j.rubric.Kind == Pairs:
		v = j.compare(ctx, c)
	case j.method == Weighted:
		v = j.weigh(ctx, &c)
	default:
		v = j.sample(ctx, &c)
	}
	if err := context.Cause(ctx); err != nil {
		return Verdict{}, err // what was cut short is no verdict
	}
	return v, nil
}

func user(text secrets.Checked) []wire.Message {
	return []wire.Message{wire.Text(wire.User, text)}
}
