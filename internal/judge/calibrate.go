package judge

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"

	"github.com/glyphkit/glyph/ask/llm"
	"github.com/glyphkit/glyph/exact/secrets"
	"github.com/glyphkit/glyph/internal/limit"
)

const (
	// DefaultBar is the κ from which Landis and Koch (Biometrics 33, 1977) call
	// agreement substantial.
	DefaultBar = 0.6
	// MinLabels is how many labels with a verdict a calibration needs: with
	// fewer, κ is within about ±0.3 at best.
	MinLabels = 20
	// MaxUnscored is the share of labels that a judge may leave without a
	// verdict, for one that skips what is hard agrees on the rest.
	MaxUnscored = 0.2

	maxCalibration = 1 << 20 // bytes of a record
	recordFormat   = "glyph judge calibration 1"
)

// CalibrationOptions are the settings of Calibrate.
type CalibrationOptions struct {
	Secrets secrets.Mode // what happens to those of labels and criteria; "" is secrets.Block
	Bar     float64      // least κ, above 0 and at most 1; 0 is DefaultBar
	RunOptions
}

// Calibration says how far a judge agrees with people's labels, and all that
// makes the same judge again. It has no date: same model, same answers, same
// record.
type Calibration struct {
	Format     string    `json:"format"`
	Model      string    `json:"model"`
	Kind       Kind      `json:"kind"`
	Criteria   string    `json:"criteria"`
	Steps      string    `json:"steps"`
	Method     Method    `json:"method,omitempty"`
	PromptHash string    `json:"prompt_hash"`
	Bar        float64   `json:"bar"`
	Passed     bool      `json:"passed"`
	Why        string    `json:"why,omitempty"` // it has not passed
	Agreement  Agreement `json:"agreement"`

	Secrets secrets.Report `json:"secrets"` // of the labels
}

// Calibrate has a judge grade cases that people have graded, and returns its
// verdicts in the order of the labels. A judge under the bar is no error: the
// record says so, and New refuses it. Verdicts depend on the model alone, not on
// the number of calls under way.
func Calibrate(ctx context.Context, client *llm.Client, r Rubric, labels []Label, o CalibrationOptions) (*Calibration, []Verdict, error) {
	if o.Bar == 0 {
		o.Bar = DefaultBar
	}
	if !(o.Bar > 0 && o.Bar <= 1) {
		return nil, nil, fmt.Errorf("calibrating a judge: bar %v; accepted: above 0 and at most 1", o.Bar)
	}
	if len(labels) == 0 {
		return nil, nil, errors.New("calibrating a judge: no labels")
	}
	cases := make([]Case, len(labels))
	for i, l := range labels {
		cases[i] = l.Case
	}
	found, err := Check(cases, o.Secrets)
	if err != nil {
		return nil, nil, fmt.Errorf("calibrating %q: %w", client.Model(), err)
	}
	panel, j, err := calibrate(ctx, client, r, labels, cases, &o)
	if err != nil {
		return nil, nil, fmt.Errorf("calibrating %q: %w", client.Model(), err)
	}
	verdicts := make([]Verdict, len(panel))
	for i, v := range panel {
		verdicts[i] = v.Verdict
	}
	c := &Calibration{
		Format: recordFormat, Model: client.Model(), Kind: r.Kind, Criteria: r.Criteria, Steps: j.steps,
		Method: j.method, PromptHash: j.promptHash(), Bar: o.Bar, Secrets: found, Agreement: agree(r.Kind, labels, verdicts),
	}
	c.Why = c.failing()
	c.Passed = c.Why == ""
	return c, verdicts, nil
}

// calibrate makes a judge and has it grade cases, or goes on with that.
func calibrate(ctx context.Context, client *llm.Client, r Rubric, labels []Label, cases []Case, o *CalibrationOptions) ([]PanelVerdict, *Judge, error) {
	if err := r.check(); err != nil {
		return nil, nil, err
	}
	j, err := newJudge(client, r, o.Secrets)
	if err != nil {
		return nil, nil, err
	}
	checked, err := Panel{j}.guard(cases)
	if err != nil {
		return nil, nil, err
	}
	hash, err := casesHash(labels)
	if err != nil {
		return nil, nil, err
	}
	run, err := open(o.Dir, calibrateKind, map[string]any{
		"model": client.Model(), "host": client.Host(), "kind": r.Kind, "criteria": j.rubric.Criteria, "prompt": j.promptHash(),
		"labels": len(labels), "labels_sha256": hash, "secrets": o.Secrets,
	})
	if err != nil {
		return nil, nil, err
	}
	defer run.Close() // each event was synced
	if run.steps != nil {
		j.steps, j.method = run.steps.Steps, run.steps.Method
	} else if err = j.writeSteps(ctx); err == nil {
		err = run.Append(event{Steps: &stepsEvent{j.steps, j.method}})
	}
	if err != nil {
		return nil, nil, err
	}
	panel, err := Panel{j}.judgeAll(ctx, checked, run, o.Progress)
	return panel, j, err
}

// failing is why the judge must not be used, "" if it may.
func (c *Calibration) failing() string {
	a := &c.Agreement
	switch kappa := a.Kappa; {
	case a.Scored < MinLabels:
		return fmt.Sprintf("%d labels have a verdict; accepted: at least %d", a.Scored, MinLabels)
	case float64(a.Labels-a.Scored) > MaxUnscored*float64(a.Labels):
		return fmt.Sprintf("%d of %d labels are unscored; accepted: at most %.0f %%", a.Labels-a.Scored, a.Labels, 100*MaxUnscored)
	case kappa.NoValue != "":
		return kappa.String()
	case !(kappa.Estimate.Value >= c.Bar):
		return fmt.Sprintf("%s; accepted: at least %v", kappa, c.Bar)
	}
	return ""
}

// Write writes the record as JSON.
func (c *Calibration) Write(w io.Writer) error {
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	return e.Encode(c)
}

// ReadCalibration reads what Write has written, at most 1 MiB. Name is what
// errors call it. Whether the judge may be used, New says.
func ReadCalibration(r io.Reader, name string) (*Calibration, error) {
	b, err := limit.ReadAll(r, maxCalibration, "the file")
	if err != nil {
		return nil, fmt.Errorf("reading calibration %s: %w", name, err)
	}
	var c Calibration
	if err := decode(b, &c); err != nil {
		return nil, fmt.Errorf("reading calibration %s: %w", name, err)
	}
	if c.Format != recordFormat {
		return nil, fmt.Errorf("reading calibration %s: format %.40q; accepted: %q", name, c.Format, recordFormat)
	}
	if err := (&Rubric{c.Kind, c.Criteria}).check(); err != nil {
		return nil, fmt.Errorf("reading calibration %s: %w", name, err)
	}
	if !(c.Bar > 0 && c.Bar <= 1) || c.Agreement.Scored > c.Agreement.Labels {
		return nil, fmt.Errorf("reading calibration %s: bar %v, %d of %d labels scored; accepted: a bar above 0 and at most 1, and no more scored than there are",
			name, c.Bar, c.Agreement.Scored, c.Agreement.Labels)
	}
	return &c, nil
}
