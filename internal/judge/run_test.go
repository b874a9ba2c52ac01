package judge_test

import (
	"context"
	"errors"
	"path/filepath"
	"reflect"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/glyphkit/glyph/ask/llm"
	"github.com/glyphkit/glyph/internal/judge"
	"github.com/glyphkit/glyph/internal/llmtest"
	"github.com/glyphkit/glyph/internal/runs"
)

// Grading that was interrupted shows what it has and goes on: no case is sent
// twice. Other cases are refused.
func TestInterruptedGrading(t *testing.T) {
	s := endpoint(t, good)
	j := uncalibrated(t, judge.Pairs, client(t, s, func(o *llm.Options) { o.MaxParallel = 1 }))
	var cases []judge.Case
	for _, l := range pairLabels(10) {
		cases = append(cases, l.Case)
	}
	dir := filepath.Join(t.TempDir(), "run")
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	part, err := judge.Panel{j}.JudgeAll(ctx, cases, judge.RunOptions{Dir: dir, Progress: func(p runs.Progress) {
		if p.Done == 4 {
			cancel()
		}
	}})
	if !errors.Is(err, context.Canceled) || len(part) != 10 || part[3].Winner == "" || part[4].Unscored != judge.NotJudged {
		t.Fatalf("%v: %+v", err, part)
	}
	before := s.Calls()
	whole, err := judge.Panel{j}.JudgeAll(t.Context(), cases, judge.RunOptions{Dir: dir})
	if err != nil || !reflect.DeepEqual(whole[:4], part[:4]) || whole[9].Winner == "" {
		t.Fatalf("resumed: %v, %+v", err, whole)
	}
	if calls := s.Calls() - before; calls != 2*6 { // both orders of the six that were missing
		t.Errorf("%d calls for six cases", calls)
	}
	cases[0].A += "!"
	if _, err := (judge.Panel{j}).JudgeAll(t.Context(), cases, judge.RunOptions{Dir: dir}); err == nil || !strings.Contains(err.Error(), "cases_sha256 differs") {
		t.Errorf("other cases: %v", err)
	}
}

// A calibration goes on with the steps that it began with.
func TestInterruptedJudgeCalibration(t *testing.T) {
	s := endpoint(t, good)
	c := client(t, s, func(o *llm.Options) { o.MaxParallel = 1 })
	rubric := judge.Rubric{Kind: judge.Scores, Criteria: criteria}
	labels := scoreLabels(30)
	want, _, err := judge.Calibrate(t.Context(), c, rubric, labels, judge.CalibrationOptions{})
	if err != nil {
		t.Fatal(err)
	}
	all := s.Calls()
	dir := filepath.Join(t.TempDir(), "run")
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	_, _, err = judge.Calibrate(ctx, c, rubric, labels, judge.CalibrationOptions{RunOptions: judge.RunOptions{Dir: dir, Progress: func(p runs.Progress) {
		if p.Done == 11 {
			cancel()
		}
	}}})
	if !errors.Is(err, context.Canceled) {
		t.Fatal(err)
	}
	got, _, err := judge.Calibrate(t.Context(), c, rubric, labels, judge.CalibrationOptions{RunOptions: judge.RunOptions{Dir: dir}})
	if err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("%v: %+v, want %+v", err, got, want)
	}
	if calls := s.Calls() - all; calls != all {
		t.Errorf("%d calls in two parts, %d at once", calls, all)
	}
}

// A verdict that is missing because a call failed is asked for again.
func TestFailedCallsAreMadeAgain(t *testing.T) {
	var grades, most atomic.Int32
	most.Store(9)
	s := endpoint(t, func(r *llmtest.Request) llmtest.Reply {
		if grades.Add(1) > most.Load() {
			return llmtest.Status(500, "out of order")
		}
		return good(r)
	})
	dir := filepath.Join(t.TempDir(), "run")
	j := uncalibrated(t, judge.Pairs, client(t, s, func(o *llm.Options) { o.MaxParallel, o.MaxAttempts = 1, 1 }))
	var cases []judge.Case
	for _, l := range pairLabels(10) {
		cases = append(cases, l.Case)
	}
	part, err := judge.Panel{j}.JudgeAll(t.Context(), cases, judge.RunOptions{Dir: dir})
	if err != nil || part[0].Winner == "" || part[9].Unscored != judge.CallFailed {
		t.Fatalf("the server fails: %v, first %+v, last %+v", err, part[0], part[9])
	}
	most.Store(1000)
	whole, err := judge.Panel{j}.JudgeAll(t.Context(), cases, judge.RunOptions{Dir: dir})
	if err != nil || whole[9].Winner == "" {
		t.Errorf("the server is back: %v, %+v", err, whole[9])
	}
}
