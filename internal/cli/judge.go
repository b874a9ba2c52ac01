package cli

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/glyphkit/glyph/ask/llm"
	"github.com/glyphkit/glyph/eval/judge"
	"github.com/glyphkit/glyph/internal/input"
)

func newJudge() *cobra.Command {
	return group("judge", "Grade open answers with models that agree with people",
		newJudgeCalibrate(), newJudgeGrade())
}

// modelCalls holds the flags of verbs that ask models about text, many times.
type modelCalls struct {
	baseURL  string
	cacheDir string
	budget   int64
	jobs     int
	timeout  time.Duration
	quiet    bool
}

func (m *modelCalls) add(f *pflag.FlagSet) {
	f.StringVar(&m.baseURL, "base-url", "", "ask the endpoint at `URL`, to which /chat/completions is added (default $OPENAI_BASE_URL)")
	f.StringVar(&m.cacheDir, "cache", "", "keep responses in `DIR`, so that no call is paid twice")
	f.Int64Var(&m.budget, "max-spend", 0, "spend at most `N` tokens with each model; 0 is no bound")
	f.IntVarP(&m.jobs, "jobs", "j", llm.DefaultMaxParallel, "have at most `N` calls under way with each model")
	f.DurationVar(&m.timeout, "timeout", llm.DefaultTimeout, "give each call at most `TIME`, with its repetitions")
	f.BoolVarP(&m.quiet, "quiet", "q", false, "print no progress and no costs")
}

func (m *modelCalls) client(model string) (*llm.Client, error) {
	if m.budget < 0 || m.jobs < 1 || m.timeout <= 0 {
		return nil, fmt.Errorf("--max-spend %d, --jobs %d, --timeout %s; accepted: 0 or more, 1 or more, and above 0", m.budget, m.jobs, m.timeout)
	}
	return connect("--base-url", "", llm.Options{
		BaseURL: m.baseURL, Model: model,
		CacheDir: m.cacheDir, Budget: llm.Budget{Tokens: m.budget}, MaxParallel: m.jobs, Timeout: m.timeout,
	})
}

// counter returns a progress line on a terminal, nil elsewhere, and what ends it.
func (m *modelCalls) counter(cmd *cobra.Command, clients []*llm.Client) (show func(done string), end func()) {
	out := cmd.ErrOrStderr()
	if m.quiet || !isTerminal(out) {
		return nil, func() {}
	}
	show = func(done string) {
		tokens := int64(0)
		for _, c := range clients {
			tokens += c.Spent().Total()
		}
		fmt.Fprintf(out, "\r\x1b[K%s, %s tokens", done, thousands(tokens))
	}
	return show, func() { fmt.Fprint(out, "\r\x1b[K") }
}

// printSpent tells what each model cost.
func (m *modelCalls) printSpent(cmd *cobra.Command, clients []*llm.Client) {
	if m.quiet {
		return
	}
	for _, c := range clients {
		s := c.Spent()
		note := ""
		if s.Estimated {
			note = " (some by our count, for the endpoint sent none)"
		}
		fmt.Fprintf(cmd.ErrOrStderr(), "cost: %s: %s, %s not paid now, %s prompt and %s answer tokens%s\n", clean(c.Model()),
			plural(s.Calls, "call", "calls"), thousands(s.Unpaid), thousands(s.PromptTokens), thousands(s.CompletionTokens), note)
		if s.MaybeAttempts > 0 {
			fmt.Fprintf(cmd.ErrOrStderr(), "cost: %s: on top of it %s may have been billed\n", clean(c.Model()), plural(s.MaybeAttempts, "failed attempt", "failed attempts"))
		}
	}
}

// judging holds the flags of the verbs of judge.
type judging struct {
	modelCalls
	model        string
	criteria     string
	output       string
	bar          float64
	calibrations []string
	waive        bool
	secrets      secretsFlags
	force        bool
}

func (j *judging) addCriteria(f *pflag.FlagSet) {
	f.StringVar(&j.criteria, "criteria", "", "grade by `TEXT|@FILE`: what makes an answer good")
}

func newJudgeCalibrate() *cobra.Command {
	j := &judging{}
	cmd := &cobra.Command{
		Use:   "calibrate LABELS.jsonl --model NAME --base-url URL --criteria TEXT|@FILE -o RECORD.json",
		Short: "Measure how far a model's grades agree with people's",
		Long: `calibrate has a model grade answers that people have graded, and prints how far the
two agree: kappa (quadratic-weighted for scores, unweighted for pairs) and Spearman's
rho with 95 % intervals, ties, and what was not graded, by reason. The record has all
that makes the same judge again; "glyph judge grade" demands it and refuses a judge
whose kappa is under the bar.

A line of LABELS.jsonl is one of

  {"question": "…", "answer": "…", "score": 4}
  {"question": "…", "a": "…", "b": "…", "winner": "a"}

with a score from 1 to 5, or a winner a, b or tie; all lines are of one kind.
"reference", what the judge may compare with, and "document", on which several lines
depend, can be added. At least ` + fmt.Sprint(judge.MinLabels) + ` labels are needed.

A judge under its bar is exit code 1; the record is written and says why.`,
		Example: `  glyph judge calibrate labels.jsonl --model gpt-5.5 --criteria @criteria.txt -o gpt-5.5.json
  glyph judge calibrate labels.jsonl --model qwen3 --base-url http://127.0.0.1:8000/v1 --criteria "The answer is right and complete." -o qwen3.json --bar 0.7`,
		Args: cobra.ExactArgs(1),
		RunE: j.calibrate,
	}
	f := cmd.Flags()
	f.SortFlags = false
	f.StringVarP(&j.model, "model", "m", "", "calibrate model `NAME`, as the endpoint calls it")
	j.addCriteria(f)
	f.Float64Var(&j.bar, "bar", judge.DefaultBar, "refuse a judge whose kappa is below `KAPPA`, above 0 and at most 1")
	f.StringVarP(&j.output, "output", "o", "", "write the record to `FILE`")
	f.BoolVar(&j.force, "force", false, "replace a record that is already there")
	j.secrets.add(f)
	j.add(f)
	return cmd
}

func (j *judging) calibrate(cmd *cobra.Command, args []string) error {
	switch {
	case j.model == "":
		return errors.New("calibrate which model? accepted: --model NAME")
	case j.output == "":
		return errors.New("write the record where? accepted: --output FILE")
	case j.secrets.check() != nil:
		return j.secrets.check()
	case !(j.bar > 0 && j.bar <= 1):
		return fmt.Errorf("--bar %v; accepted: above 0 and at most 1", j.bar)
	}
	criteria, err := j.readCriteria()
	if err != nil {
		return err
	}
	if err := mayWrite(j.output, j.force); err != nil {
		return err
	}
	client, err := j.client(j.model)
	if err != nil {
		return err
	}
	labels, err := readWith(cmd, args[0], judge.ReadLabels)
	if err != nil {
		return err
	}
	kind := judge.Scores
	if labels[0].Winner != "" {
		kind = judge.Pairs
	}
	o := judge.CalibrationOptions{Secrets: j.secrets.policy(), Bar: j.bar}
	show, end := j.counter(cmd, []*llm.Client{client})
	if show != nil {
		o.Progress = func(done int) { show(fmt.Sprintf("%s of %s", thousands(done), plural(len(labels), "label", "labels"))) }
	}
	record, _, err := judge.Calibrate(cmd.Context(), client, judge.Rubric{Kind: kind, Criteria: criteria}, labels, o)
	end()
	if err != nil {
		return j.secrets.explain(err)
	}
	j.secrets.tell(cmd.ErrOrStderr(), record.Secrets.Count)
	j.printSpent(cmd, []*llm.Client{client})
	var b bytes.Buffer
	if err := record.Write(&b); err != nil {
		return failed(err)
	}
	if err := os.WriteFile(j.output, b.Bytes(), 0o666); err != nil {
		return failed(err)
	}
	if err := printAgreement(cmd.OutOrStdout(), record); err != nil {
		return failed(err)
	}
	if !record.Passed {
		return failed(fmt.Errorf("%s: %w: %s", clean(j.model), judge.ErrUnderBar, record.Why))
	}
	return nil
}

func printAgreement(out io.Writer, c *judge.Calibration) error {
	a := c.Agreement
	var b strings.Builder
	row := func(name, value string) { fmt.Fprintf(&b, "%-10s  %s\n", name, value) }
	row("judge", fmt.Sprintf("%s (%s, prompt %s)", clean(c.Model), cmp.Or(string(c.Method), "both orders"), c.PromptHash[:8]))
	row("labels", fmt.Sprintf("%s, %s graded, %s the same", thousands(a.Labels), thousands(a.Scored), thousands(a.Same)))
	row("agreement", a.Kappa.String())
	row("", a.Spearman.String())
	ties := fmt.Sprintf("%s share their rank", plural(a.Tied, "label", "labels"))
	if c.Kind == judge.Pairs {
		ties = fmt.Sprintf("%s of the judge, %s of them by its order alone; %s of the labels", plural(a.JudgeTies, "tie", "ties"), thousands(a.OrdersDisagree), thousands(a.LabelTies))
	}
	row("ties", ties)
	printUnscored(row, a.Unscored)
	passed := "passed"
	if !c.Passed {
		passed = "NOT passed"
	} else if e := a.Kappa.Estimate; e.NoInterval == "" && e.Low < c.Bar {
		passed = "passed, but the interval goes below it: more labels would tell"
	}
	row("bar", fmt.Sprintf("%v: %s", c.Bar, passed))
	_, err := io.WriteString(out, b.String())
	return err
}

func printUnscored(row func(name, value string), counts map[judge.Reason]int) {
	var reasons []judge.Reason
	for why := range counts {
		reasons = append(reasons, why)
	}
	slices.Sort(reasons)
	for _, why := range reasons {
		row("unscored", fmt.Sprintf("%s: %s", thousands(counts[why]), why))
	}
}

func newJudgeGrade() *cobra.Command {
	j := &judging{}
	cmd := &cobra.Command{
		Use:   "grade ANSWERS.jsonl --calibration RECORD.json --base-url URL",
		Short: "Grade answers with calibrated models, one or several",
		Long: `grade prints a line of JSON for each line of ANSWERS.jsonl, which are as those of
"glyph judge calibrate", without score and winner. An answer that cannot be graded is
unscored, with its reason.

With several records the judges decide by majority: the median of scores, the winner
of more than half. Krippendorff's alpha then says how far they agree.

--waive-calibration grades with a model of which nobody knows how far it agrees with
people; standard error says so.`,
		Example: `  glyph judge grade answers.jsonl --calibration gpt-5.5.json
  glyph judge grade answers.jsonl --calibration gpt-5.5.json --calibration qwen3.json --calibration glm.json
  glyph judge grade answers.jsonl --waive-calibration --model qwen3 --criteria "The answer is right."`,
		Args: cobra.ExactArgs(1),
		RunE: j.grade,
	}
	f := cmd.Flags()
	f.SortFlags = false
	f.StringArrayVar(&j.calibrations, "calibration", nil, "grade with the judge of record `FILE`; can be given several times")
	f.BoolVar(&j.waive, "waive-calibration", false, "grade with --model and --criteria, without a record")
	f.StringVarP(&j.model, "model", "m", "", "with --waive-calibration: grade with model `NAME`")
	j.addCriteria(f)
	j.secrets.add(f)
	j.add(f)
	return cmd
}

func (j *judging) grade(cmd *cobra.Command, args []string) error {
	switch records := len(j.calibrations) > 0; {
	case records == j.waive:
		return errors.New("grade with which judge? accepted: either --calibration FILE, or --waive-calibration with --model and --criteria")
	case records && (j.model != "" || j.criteria != ""):
		return errors.New("--model and --criteria are in the record; accepted: without them, or with --waive-calibration")
	case j.secrets.check() != nil:
		return j.secrets.check()
	case j.waive && j.model == "":
		return errors.New("grade with which model? accepted: --model NAME")
	}
	cases, err := readWith(cmd, args[0], judge.ReadCases)
	if err != nil {
		return err
	}
	found, err := judge.Check(cases, j.secrets.policy())
	if err != nil {
		return j.secrets.explain(err)
	}
	j.secrets.tell(cmd.ErrOrStderr(), found.Count)
	panel, clients, err := j.panel(cmd, cases)
	if err != nil {
		return err
	}
	messages := cmd.ErrOrStderr()
	for _, member := range panel {
		if !j.quiet || !member.Calibrated() {
			fmt.Fprintln(messages, clean(member.Name()))
		}
	}
	var progress func(int)
	show, end := j.counter(cmd, clients)
	if show != nil {
		progress = func(done int) {
			show(fmt.Sprintf("%s of %s", thousands(done), plural(len(cases), "answer", "answers")))
		}
	}
	verdicts, err := panel.JudgeAll(cmd.Context(), cases, progress)
	end()
	if err != nil {
		return failed(err)
	}
	out := json.NewEncoder(cmd.OutOrStdout())
	out.SetEscapeHTML(false)
	unscored := map[judge.Reason]int{}
	scored := 0
	var members [][]judge.Verdict
	for _, v := range verdicts {
		if err := out.Encode(v); err != nil {
			return failed(err)
		}
		members = append(members, v.Judges)
		if v.Unscored != "" {
			unscored[v.Unscored]++
		} else {
			scored++
		}
	}
	if j.quiet {
		return nil
	}
	row := func(name, value string) { fmt.Fprintf(messages, "%-10s  %s\n", name, value) }
	row("graded", fmt.Sprintf("%s of %s", thousands(scored), plural(len(cases), "answer", "answers")))
	printUnscored(row, unscored)
	if len(panel) > 1 {
		if alpha, err := judge.Alpha(members); err != nil {
			row("agreement", err.Error())
		} else {
			row("agreement", alpha.String())
		}
	}
	j.printSpent(cmd, clients)
	return nil
}

// panel makes the judges.
func (j *judging) panel(cmd *cobra.Command, cases []judge.Case) (panel judge.Panel, clients []*llm.Client, err error) {
	if j.waive {
		criteria, err := j.readCriteria()
		if err != nil {
			return nil, nil, err
		}
		client, err := j.client(j.model)
		if err != nil {
			return nil, nil, err
		}
		kind := judge.Scores
		if cases[0].Answer == "" {
			kind = judge.Pairs
		}
		member, err := judge.NewUncalibrated(cmd.Context(), client, judge.Rubric{Kind: kind, Criteria: criteria}, j.secrets.policy())
		if err != nil {
			return nil, nil, failed(err)
		}
		return judge.Panel{member}, []*llm.Client{client}, nil
	}
	for _, name := range j.calibrations {
		record, err := readWith(cmd, name, judge.ReadCalibration)
		if err != nil {
			return nil, nil, err
		}
		client, err := j.client(record.Model)
		if err != nil {
			return nil, nil, err
		}
		member, err := judge.New(client, record, j.secrets.policy())
		if err != nil {
			return nil, nil, failed(fmt.Errorf("%s: %w", name, err))
		}
		panel, clients = append(panel, member), append(clients, client)
	}
	return panel, clients, nil
}

func (j *judging) readCriteria() (string, error) {
	name, isFile := strings.CutPrefix(j.criteria, "@")
	if !isFile {
		if strings.TrimSpace(j.criteria) == "" {
			return "", errors.New("grade by which criteria? accepted: --criteria TEXT, or --criteria @FILE")
		}
		return j.criteria, nil
	}
	b, err := os.ReadFile(name)
	if err != nil {
		return "", failed(fmt.Errorf("--criteria: %w", err))
	}
	return strings.TrimSpace(string(b)), nil
}

// readWith reads a file, or standard input for "-".
func readWith[T any](cmd *cobra.Command, name string, read func(io.Reader, string) (T, error)) (T, error) {
	var none T
	if name == "-" {
		v, err := read(input.Reader(cmd.Context(), cmd.InOrStdin()), "standard input")
		return v, failed(err)
	}
	f, err := input.Open(cmd.Context(), name)
	if err != nil {
		return none, failed(err)
	}
	defer f.Close()
	v, err := read(f, name)
	return v, failed(err)
}

// mayWrite says, before anything is paid, whether a file would be replaced.
func mayWrite(name string, force bool) error {
	if _, err := os.Lstat(name); err == nil && !force {
		return fmt.Errorf("%q is already there; accepted: another --output, or --force", name)
	}
	return nil
}
