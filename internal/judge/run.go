package judge

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"

	"github.com/glyphkit/glyph/internal/runs"
)

// RunOptions are those of many cases in a row.
type RunOptions struct {
	// Dir is the directory that keeps the verdicts; "" keeps none. The same judges
	// go on with the same cases where they ended, others are refused.
	Dir string

	// Progress is told of each case, from one goroutine at a time. It may be nil.
	Progress func(runs.Progress)
}

// NotJudged is why a case has no verdict yet: the judging was interrupted.
const NotJudged Reason = "not judged"

// The kinds of directories, with the version of their events.
const (
	gradeKind     = "glyph-judge-grade/1"
	calibrateKind = "glyph-judge-calibrate/1"
)

// maxEvent is the longest line of a journal in bytes.
const maxEvent = 1 << 20

// event is a line of the journal: exactly one of the pointers is set.
type event struct {
	Steps   *stepsEvent   `json:"steps,omitempty"`
	Verdict *verdictEvent `json:"verdict,omitempty"`
}

// stepsEvent are the grading steps that a calibration asks for at its beginning.
type stepsEvent struct {
	Steps  string `json:"steps"`
	Method Method `json:"method,omitempty"`
}

type verdictEvent struct {
	Case int `json:"case"` // its index
	PanelVerdict
}

// journal is what earlier processes did.
type journal struct {
	*runs.Run
	steps    *stepsEvent
	verdicts map[int]PanelVerdict
}

// open goes on with a run in a directory, or begins one.
func open(dir, kind string, params any) (*journal, error) {
	j := &journal{verdicts: map[int]PanelVerdict{}}
	var err error
	j.Run, err = runs.Open(dir, runs.Identity{Kind: kind, Params: params},
		runs.Options{Limit: maxEvent, Learn: j.learn, Own: []string{runs.ResponsesDir}})
	return j, err
}

func (j *journal) learn(line []byte) error {
	var e event
	if err := json.Unmarshal(line, &e); err != nil {
		return err
	}
	if e.Steps != nil {
		j.steps = e.Steps
	}
	if v := e.Verdict; v != nil {
		j.verdicts[v.Case] = v.PanelVerdict
	}
	return nil
}

// casesHash is the SHA-256 of what is judged.
func casesHash[T any](cases []T) (string, error) {
	h := sha256.New()
	for _, c := range cases {
		if err := json.NewEncoder(h).Encode(c); err != nil {
			return "", err
		}
	}
	return hex.EncodeToString(h.Sum(nil)), nil
}

// JudgeAll judges cases, as many at once as the judges' clients allow, and
// returns the verdicts in their order. All cases are checked for secrets before
// the first is sent. With the end of ctx come the verdicts so far: a case without
// one is unscored as NotJudged. A call that failed is made again when the run
// goes on.
func (p Panel) JudgeAll(ctx context.Context, cases []Case, o RunOptions) ([]PanelVerdict, error) {
	checked, err := p.guard(cases)
	if err != nil {
		return nil, err
	}
	var names, prompts []string
	for _, j := range p {
		names, prompts = append(names, j.Name()), append(prompts, j.promptHash())
	}
	hash, err := casesHash(checked)
	if err != nil {
		return nil, err
	}
	run, err := open(o.Dir, gradeKind, map[string]any{"judges": names, "prompts": prompts, "cases": len(cases), "cases_sha256": hash})
	if err != nil {
		return nil, err
	}
	defer run.Close() // each event was synced
	return p.judgeAll(ctx, checked, run, o.Progress)
}

func (p Panel) judgeAll(ctx context.Context, cases []checkedCase, run *journal, progress func(runs.Progress)) ([]PanelVerdict, error) {
	workers := 0
	for _, j := range p {
		workers = max(workers, j.client.MaxParallel())
	}
	verdicts := make([]PanelVerdict, len(cases))
	at := runs.Progress{Total: len(cases)}
	var todo []int
	for i := range cases {
		v, ok := run.verdicts[i]
		if !ok {
			v = PanelVerdict{Verdict: Verdict{Unscored: NotJudged}}
			todo = append(todo, i)
		} else {
			tally(&at, v)
			at.Done++
		}
		verdicts[i] = v
	}
	track := runs.Track(at, progress)
	err := runs.Each(ctx, len(todo), workers, func(ctx context.Context, k int) error {
		i := todo[k]
		v, err := p.judge(ctx, cases[i])
		if err == nil && !v.failed() {
			err = run.Append(event{Verdict: &verdictEvent{i, v}})
		}
		if err != nil {
			return fmt.Errorf("case %d: %w", i+1, err)
		}
		verdicts[i] = v
		track.Step(func(p *runs.Progress) { tally(p, v) })
		return nil
	})
	if err != nil && ctx.Err() == nil {
		return nil, err
	}
	return verdicts, err
}

func tally(p *runs.Progress, v PanelVerdict) {
	if v.Unscored != "" {
		p.Unscored++
	}
}

// failed reports whether a verdict is missing because a call failed.
func (v *PanelVerdict) failed() bool {
	for _, judge := range v.Judges {
		if judge.Unscored == CallFailed {
			return true
		}
	}
	return v.Unscored == CallFailed
}
