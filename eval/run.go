package eval

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"
	"unicode/utf8"

	"github.com/glyphkit/glyph/ask/llm"
	"github.com/glyphkit/glyph/ask/pack"
	"github.com/glyphkit/glyph/document"
	"github.com/glyphkit/glyph/eval/read"
	"github.com/glyphkit/glyph/eval/task"
	"github.com/glyphkit/glyph/exact/secrets"
	"github.com/glyphkit/glyph/exact/verify"
	"github.com/glyphkit/glyph/internal/runs"
	"github.com/glyphkit/glyph/internal/store"
	"github.com/glyphkit/glyph/model/plan"
	"github.com/glyphkit/glyph/model/tokens"
	"github.com/glyphkit/glyph/render"
)

// Options say who answers, and within which limits. Reader or Endpoint is given;
// for the arm Text alone neither needs to be.
type Options struct {
	// Reader transcribes pages; the tasks' solvers answer from that.
	Reader read.Reader

	// Endpoint is a model that answers. Its cache and its budget are the run's:
	// CacheDir and Budget are ignored.
	Endpoint *llm.Options
	// Budget bounds what the run may spend, over all resumptions, at the endpoint
	// or by a reader that asks one. No call is begun that could exceed it. A call
	// is a question to the endpoint, or to the solver about pages; at an endpoint
	// it is an attempt over the wire, repetitions included.
	Budget Budget

	// Shard is the part of the run to do; the zero value is all of it. Texts are
	// parted, so that none is read for two shards. Merge puts shards together.
	Shard Shard

	// Secrets says what happens to secrets in documents and data: pages and texts
	// stay in the directory, whoever reads them. "" is secrets.Block.
	Secrets secrets.Mode
	// Exceptions allow some of them. It may be nil.
	Exceptions *secrets.Exceptions

	// Render says where fonts are; Workers in it is ignored.
	Render render.Options
	// Tokenizers of the user's own, by name; may be nil. See plan.CounterFor.
	Tokenizers map[string]tokens.Counter

	// Workers is how many texts are asked about at once; 0 is GOMAXPROCS, or
	// what the endpoint takes at once.
	Workers int

	// Retry asks again what an earlier run of the directory got no answer to.
	Retry bool

	// Progress is told of each outcome, one at a time; it may be nil. Tokens and
	// money in it are those of the endpoint.
	Progress func(Progress)
}

// Budget, Shard and Progress are those of all kinds of runs.
type (
	Budget   = runs.Budget
	Shard    = runs.Shard
	Progress = runs.Progress
)

// Run measures what a spec says and keeps it in a directory, which is made if it
// is not there. If that holds a part of the same run, Run goes on where it
// ended; all of it, and Run only returns the result.
//
// Every probe ends under every condition as an [Outcome], scored or with a
// reason. Run itself fails for a spec that cannot be measured, a directory of
// another run, a disk that does not keep what was paid, an endpoint that does
// not accept the key, and the end of ctx. Once the run has begun, the result so
// far comes with the error. When the budget ends the result has what is done.
// In both cases Unfinished and Stopped say so.
func Run(ctx context.Context, dir string, spec Spec, o Options) (*Result, error) {
	r, err := prepare(dir, spec, o)
	if err != nil {
		return nil, fmt.Errorf("running an evaluation: %w", err)
	}
	defer r.run.Close() // each event was synced
	if err = r.measureAll(ctx); err != nil {
		r.stopped = err.Error()
		if ctx.Err() != nil {
			r.stopped = "interrupted"
		}
		err = fmt.Errorf("running an evaluation: %w", err)
	}
	result, failed := newResult(r.identity(), r.manifest, allProbes(r.sets), r.outcomes, r.spent, r.stopped)
	if failed == nil {
		failed = result.write(dir)
	}
	if failed != nil {
		return nil, errors.Join(err, fmt.Errorf("writing the result of a run: %w", failed))
	}
	return result, err
}

// runner is a Run.
type runner struct {
	dir        string
	spec       Spec
	o          Options
	sets       []*task.Set
	manifest   *Manifest
	secrets    secrets.Report
	counter    tokens.Counter
	renderers  *renderers
	respondent respondent
	client     *llm.Client // nil for a reader
	run        *runs.Run
	meter      *runs.Meter
	progress   *runs.Tracker

	ledger *llm.Ledger // of all resumptions

	mu       sync.Mutex
	outcomes map[key]*Outcome
	spent    llm.Bill // as the log has it
	stopped  string   // why no more calls are begun
}

func prepare(dir string, spec Spec, o Options) (*runner, error) {
	spec, err := spec.complete()
	if err != nil {
		return nil, err
	}
	o.Render.Workers = 1 // texts are drawn in parallel, not their pages
	r := &runner{dir: dir, spec: spec, o: o, renderers: newRenderers(spec.Configs, o.Render), outcomes: map[key]*Outcome{}}
	if r.counter, err = plan.CounterFor(spec.Model, o.Tokenizers); err != nil {
		return nil, err
	}
	if err := r.guard(); err != nil {
		return nil, err
	}
	if r.sets, err = r.spec.makeSets(r.counter); err != nil {
		return nil, err
	}
	probes, texts, err := encodeProbes(r.sets)
	if err != nil {
		return nil, err
	}
	r.manifest = newManifest(&r.spec, r.sets, probes)
	r.manifest.Secrets = r.secrets
	r.manifest.Tokenizer = r.counter.Name()
	r.manifest.Estimated = !r.counter.Exact() || spec.Model.Confidence > "B"
	r.manifest.Solver = o.Endpoint == nil
	if r.manifest.Reader, err = o.readerName(spec.Arms); err != nil {
		return nil, err
	}
	var l log
	r.run, err = runs.Open(dir, r.identity(), runs.Options{
		Limit: maxEvent, Learn: l.learn, Own: own(),
		Begin: func() error { return writeProbes(dir, probes, texts) },
	})
	if err != nil {
		return nil, err
	}
	r.resume(&l)
	if err := r.meet(); err != nil {
		return nil, errors.Join(err, r.run.Close())
	}
	return r, nil
}

func (r *runner) identity() runs.Identity {
	id := runs.Identity{Kind: format, Shard: r.o.Shard, Params: r.manifest}
	if r.run != nil {
		id.Tool = r.run.Tool()
	}
	return id
}

// guard looks for secrets in what is the user's: it is drawn, kept in the run's
// directory and, to an endpoint, sent.
func (r *runner) guard() error {
	g := secrets.Guard{Mode: r.o.Secrets, Exceptions: r.o.Exceptions}
	docs, data := slices.Clone(r.spec.Documents), slices.Clone(r.spec.Data)
	for i, d := range docs {
		docs[i].Text = g.Check(d.Name, d.Text).Text()
	}
	for i, d := range data {
		data[i].Content = []byte(g.Check(d.Name, string(d.Content)).Text())
	}
	if err := g.Err(); err != nil {
		return err
	}
	r.spec.Documents, r.spec.Data, r.secrets = docs, data, g.Report()
	return nil
}

// readerName names who answers.
func (o *Options) readerName(arms []Arm) (string, error) {
	switch {
	case o.Reader != nil && o.Endpoint != nil:
		return "", errors.New("a reader and an endpoint; accepted: one of them")
	case o.Endpoint != nil:
		bare := *o.Endpoint
		bare.CacheDir, bare.Budget = "", llm.Budget{Money: o.Budget.Money} // which needs prices
		client, err := llm.New(bare)
		if err != nil {
			return "", err
		}
		return fmt.Sprintf("model %s at %s", client.Model(), client.Host()), nil
	case o.Reader != nil:
		return o.Reader.Name(), nil
	case slices.Equal(arms, []Arm{Text}):
		return "text", nil
	}
	return "", errors.New("nobody to read the pages; accepted: a reader or an endpoint")
}

// meet makes the respondent.
func (r *runner) meet() error {
	if r.o.Endpoint == nil {
		s := &solver{markers: markersOf(r.spec.Configs)}
		if r.o.Reader != nil {
			kept, err := read.Keep(r.o.Reader, filepath.Join(r.dir, transcriptsDir))
			if err != nil {
				return err
			}
			s.reader = kept
		}
		r.respondent = s
		return nil
	}
	o := *r.o.Endpoint
	o.Budget, o.CacheDir = llm.Budget{}, filepath.Join(r.dir, runs.ResponsesDir)
	client, err := llm.New(o)
	if err != nil {
		return err
	}
	first := r.spec.Configs[0]
	drawer, err := r.renderers.get(first.Name, r.spec.dpis(first)[0])
	if err != nil {
		return err
	}
	r.client = client
	r.respondent = &model{client: client, maxAnswer: r.spec.MaxAnswer, seed: int(r.spec.Seed % (1 << 31)),
		markers: markersOf(r.spec.Configs), drawer: drawer,
		options: r.packOptions(noSheet)}
	return nil
}

// resume takes over what a log says.
func (r *runner) resume(l *log) {
	for k, o := range l.outcomes {
		if !r.o.Retry || o.Failure == "" {
			r.outcomes[k] = o
		}
	}
	r.spent = l.spent
	b := r.o.Budget
	r.meter = runs.NewMeter(b, l.calls, l.elapsed)
	r.ledger = llm.NewLedger(llm.Budget{Calls: b.Calls, Tokens: b.Tokens, Money: b.Money})
	r.ledger.Add(l.spent)
}

// job is the probes of a group that have no outcome under a condition yet.
type job struct {
	group *group
	Condition
	probes []*task.Probe
}

// jobs are those of the shard. At is how far the run is already.
func (r *runner) jobs() (jobs []job, at Progress) {
	has := inShard(r.o.Shard, allProbes(r.sets))
	for _, g := range groups(r.sets) {
		if !has[g.text] {
			continue
		}
		for _, c := range r.spec.conditions() {
			at.Total += len(g.probes)
			j := job{group: g, Condition: c}
			for _, p := range g.probes {
				if o := r.outcomes[newOutcome(p, c).key()]; o != nil {
					at.Done++
					addScore(&at, o)
				} else {
					j.probes = append(j.probes, p)
				}
			}
			if len(j.probes) > 0 {
				jobs = append(jobs, j)
			}
		}
	}
	return jobs, at
}

func addScore(p *Progress, o *Outcome) {
	if o.Score.Unscored != "" {
		p.Unscored++
	} else {
		p.Add(o.Score.Value)
	}
}

func (r *runner) workers() int {
	switch {
	case r.o.Workers > 0:
		return r.o.Workers
	case r.client != nil:
		return r.client.MaxParallel()
	}
	return runtime.GOMAXPROCS(0)
}

// measureAll does all jobs.
func (r *runner) measureAll(ctx context.Context) error {
	jobs, at := r.jobs()
	r.progress = runs.Track(at, r.o.Progress)
	return runs.Each(llm.WithLedger(ctx, r.ledger), len(jobs), r.workers(), func(ctx context.Context, i int) error {
		if r.isStopped() {
			return nil
		}
		return r.measure(ctx, &jobs[i])
	})
}

func (r *runner) isStopped() bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.stopped != ""
}

// measure does a job. An error ends the run.
func (r *runner) measure(ctx context.Context, j *job) error {
	d := &drawn{runner: r, text: j.group.text, config: j.Config, packs: map[packKey]*pack.Pack{}}
	textTokens, err := r.counter.Count(strings.NewReader(j.group.text))
	if err != nil {
		return err
	}
	for _, p := range j.probes {
		if ctx.Err() != nil || r.isStopped() {
			return nil
		}
		o := newOutcome(p, j.Condition)
		o.Characters, o.Tokens.Text = utf8.RuneCountInString(p.Text), textTokens
		var e event
		q := &question{task: j.group.task, probe: p, config: j.Config}
		err := r.answer(ctx, d, q, o, &e)
		e.Elapsed = r.meter.Elapsed().Seconds()
		overBudget := errors.Is(err, llm.ErrBudget) || errors.Is(err, runs.ErrBudget)
		switch {
		case ctx.Err() != nil, overBudget, fatal(err):
			if overBudget {
				r.stop(err)
			}
			if ctx.Err() != nil || overBudget {
				err = nil // of the end of ctx, runs.Each tells
			}
			if e.Calls > 0 || e.Paid != (llm.Bill{}) {
				err = errors.Join(err, r.record(e))
			}
			return err
		case err != nil:
			o.fail(err.Error())
		default:
			o.Score = j.group.task.Score(p, o.Answer)
		}
		e.Outcome = o
		if err := r.record(e); err != nil {
			return fmt.Errorf("keeping an outcome: %w", err)
		}
		r.done(o)
	}
	return nil
}

// record logs an event and counts what it says was spent.
func (r *runner) record(e event) error {
	r.mu.Lock()
	r.spent = r.spent.Plus(e.Paid)
	r.mu.Unlock()
	return r.run.Append(e)
}

// fatal reports whether an error would meet every other probe too.
func fatal(err error) bool {
	unkept, _ := errors.AsType[*store.KeepError](err) // what cannot be kept would be paid again
	return errors.Is(err, llm.ErrAuth) || unkept != nil
}

func (r *runner) stop(err error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.stopped == "" {
		r.stopped = err.Error()
	}
}

func (r *runner) done(o *Outcome) {
	r.mu.Lock()
	r.outcomes[o.key()] = o
	spent := r.spent
	r.mu.Unlock()
	r.progress.Step(func(p *Progress) {
		addScore(p, o)
		p.At = o.Task
		p.Tokens, p.Money = spent.Total(), spent.Money
	})
}

// answer fills an outcome but for its score, and what that took into e. An error
// says why there is no answer.
func (r *runner) answer(ctx context.Context, d *drawn, q *question, o *Outcome, e *event) error {
	if o.Arm == Adaptive {
		return r.climb(ctx, d, q, o, e)
	}
	if err := r.show(ctx, d, q, o); err != nil {
		return err
	}
	ask := r.respondent.fromPages
	if o.Arm == Text {
		ask = r.respondent.fromText
	}
	if o.Arm != Text || r.client != nil {
		if err := r.call(e); err != nil {
			return err
		}
	}
	a, err := ask(ctx, q)
	if a != nil {
		e.Paid = e.Paid.Plus(a.paid)
		o.bill(a)
	}
	if err != nil {
		return err
	}
	var report *verify.Report
	if o.Arm == Hybrid {
		if report, err = q.pack.Verify(ctx, a.text); err != nil {
			return err
		}
	}
	o.answered(a.text, report)
	return nil
}

// call takes a call from the budget.
func (r *runner) call(e *event) error {
	if err := r.meter.Call(); err != nil {
		return err
	}
	e.Calls++
	return nil
}

// show puts together what an arm other than Adaptive shows, and counts it.
func (r *runner) show(ctx context.Context, d *drawn, q *question, o *Outcome) error {
	if o.Arm == Text {
		o.Tokens.Sent = o.Tokens.Text
		if r.client == nil {
			return nil
		}
		first := r.spec.Configs[0]
		d.config = first.Name
		return d.ask(ctx, q, r.spec.dpis(first)[0], noSheet)
	}
	budget := noSheet
	if o.Arm == Hybrid {
		budget = r.spec.ExactBudget
	}
	if err := d.ask(ctx, q, o.DPI, budget); err != nil {
		return err
	}
	for _, p := range pageParts(q.pack) {
		o.Pages = append(o.Pages, shownPage(p, o.DPI))
		o.Tokens.Pages += p.Tokens
	}
	if o.Arm == Hybrid {
		q.sheet = sheetStrings(q.pack)
		for _, request := range q.pack.Requests {
			o.Tokens.Sheet += request.Tokens.Sheet
		}
		for _, gold := range q.probe.Gold {
			if slices.Contains(q.sheet, gold) {
				o.OnSheet++
			}
		}
	}
	return nil
}

// answered takes an answer over, with what verification repaired in it.
func (o *Outcome) answered(text string, report *verify.Report) {
	o.Answer, o.Raw, o.Verified = text, "", nil
	if report == nil {
		return
	}
	o.Verified = map[verify.Status]int{}
	for status, n := range report.Counts {
		if n > 0 {
			o.Verified[status] = n
		}
	}
	if report.Plain != text {
		o.Answer, o.Raw = report.Plain, text
	}
}

// bill adds what an answer costs.
func (o *Outcome) bill(a *answer) {
	o.Usage = o.Usage.Plus(a.usage)
	o.Cost += a.cost
}

// noSheet is the budget of packs without a fact sheet.
const noSheet pack.Budget = "off"

func (r *runner) packOptions(budget pack.Budget) pack.Options {
	return pack.Options{
		Model: r.spec.Model, Instruction: instruction, ExactBudget: budget, Tokenizers: r.o.Tokenizers,
		Secrets: secrets.Allow, // guard has looked at what is the user's; keys and codes of generated texts look like secrets
	}
}

// drawn keeps the packs of a text while its probes are asked.
type drawn struct {
	runner *runner
	text   string
	config string
	packs  map[packKey]*pack.Pack
}

type packKey struct {
	dpi    float64
	budget pack.Budget
}

func (d *drawn) pack(ctx context.Context, dpi float64, budget pack.Budget) (*pack.Pack, error) {
	at := packKey{dpi, budget}
	if k := d.packs[at]; k != nil {
		return k, nil
	}
	drawer, err := d.runner.renderers.get(d.config, dpi)
	if err != nil {
		return nil, err
	}
	k, err := pack.Build(ctx, []*document.Document{textDocument(d.text)}, drawer, d.runner.packOptions(budget))
	if err != nil {
		return nil, err
	}
	d.packs[at] = k
	return k, nil
}

// ask gives a question its pack.
func (d *drawn) ask(ctx context.Context, q *question, dpi float64, budget pack.Budget) error {
	k, err := d.pack(ctx, dpi, budget)
	if err != nil {
		return err
	}
	q.pack, err = k.Ask(q.probe.Question)
	return err
}
