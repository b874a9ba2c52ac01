package eval

import (
	"cmp"
	"encoding/json"
	"fmt"
	"maps"
	"path/filepath"
	"slices"
	"strings"

	"github.com/glyphkit/glyph/ask/llm"
	"github.com/glyphkit/glyph/eval/task"
	"github.com/glyphkit/glyph/exact/secrets"
	"github.com/glyphkit/glyph/internal/runs"
	"github.com/glyphkit/glyph/internal/stats"
)

// Result is what a run has measured. Its JSON is the same for any number of
// workers and interruptions, but for what was spent.
type Result struct {
	Format     string  `json:"format"` // Format
	Tool       string  `json:"tool"`   // build of this toolkit
	Shard      Shard   `json:"shard,omitzero"`
	Reader     string  `json:"reader"`
	Solver     bool    `json:"solver"` // see Manifest
	Model      string  `json:"model"`  // that prices
	Confidence string  `json:"confidence"`
	Tokenizer  string  `json:"tokenizer"`
	Estimated  bool    `json:"estimated"`
	Probes     int     `json:"probes"`
	Usage      int64   `json:"usage"` // tokens of a model's answers or readings, prompts included
	Cost       float64 `json:"cost"`  // of Usage at the endpoint's prices; 0 without

	// Spent is what the endpoint billed for the run, over all resumptions:
	// failed attempts and repetitions are in it, and what came from a store is
	// not.
	Spent llm.Bill `json:"spent,omitzero"`

	// Outcomes that there are, and how many there are to be, of the shard.
	// Unfinished says that some are missing, and Stopped why, where it is known.
	Done       int    `json:"done"`
	Total      int    `json:"total"`
	Unfinished bool   `json:"unfinished,omitempty"`
	Stopped    string `json:"stopped,omitempty"`

	Cells       []Cell        `json:"cells"`  // by task and condition
	Groups      []Cell        `json:"groups"` // by group of tasks, such as ruler, and condition
	Strata      []Cell        `json:"strata"` // by task, stratum and condition
	Differences []difference  `json:"differences"`
	Ladder      []rungSummary `json:"ladder"`
	Unscored    []tally       `json:"unscored"`
	Notes       []string      `json:"notes"`

	Outcomes []*Outcome `json:"outcomes"` // in the order of probes, then of conditions
}

// Cell is what was measured of some probes under a condition.
type Cell struct {
	Task    string `json:"task"`
	Stratum string `json:"stratum,omitempty"`
	Condition
	Metric string `json:"metric,omitempty"` // of Accuracy; "" in Groups

	// Accuracy is the mean score. Nil where nothing was scored.
	Accuracy *stats.Estimate `json:"accuracy"`

	// Compression is the tokens of the text over those that were spent in its
	// place, and CharactersPerToken the characters over the same.
	Compression        *stats.Estimate `json:"compression"`
	CharactersPerToken *stats.Estimate `json:"characters_per_token"`

	// CER and WER are of transcriptions, Exact is the share of exact strings
	// that were read right. Nil where there are none.
	CER   *stats.Estimate `json:"cer,omitempty"`
	WER   *stats.Estimate `json:"wer,omitempty"`
	Exact *stats.Estimate `json:"exact,omitempty"`

	Scored      int `json:"scored"`
	Unscored    int `json:"unscored"`
	SilentWrong int `json:"silent_wrong"` // not right, and nothing in the answer says so
	Abstained   int `json:"abstained"`

	Tokens tokenSums `json:"tokens"` // of all its outcomes
	Cost   float64   `json:"cost"`   // of a model's answers
}

// difference compares two conditions on the probes that were scored under both.
type difference struct {
	Task     string         `json:"task"`
	A        Condition      `json:"a"`
	B        Condition      `json:"b"`
	Estimate stats.Estimate `json:"estimate"` // of A's score less B's
	Tie      bool           `json:"tie"`      // the interval holds 0, or there is none
	LeftOut  int            `json:"left_out"` // probes without a score under one of them
}

// rungSummary is what a rung of Adaptive took and bought.
type rungSummary struct {
	Task     string  `json:"task"`
	Config   string  `json:"config"`
	Rung     int     `json:"rung"` // from 0
	DPI      float64 `json:"dpi"`  // 0 for text
	Reached  int     `json:"reached"`
	Verified int     `json:"verified"` // the ladder ended there
	Tokens   int64   `json:"tokens"`   // of what was read on it

	// Gain is the sum, over the probes that reached it, of the score with this
	// rung less the score with the one before.
	Gain float64 `json:"gain"`
}

// tally counts outcomes without a score.
type tally struct {
	Task      string    `json:"task"`
	Condition Condition `json:"condition"`
	Reason    string    `json:"reason"`
	Count     int       `json:"count"`
}

// unit is what a cluster of probes is called.
const unit = "document"

// newResult is what follows from a run's identity, its probes, the outcomes so
// far and what was spent. Of a probe's Text only whether two are equal counts.
func newResult(id runs.Identity, m *Manifest, probes []*task.Probe, outcomes map[key]*Outcome, spent llm.Bill, stopped string) (*Result, error) {
	res := &Result{
		Format: format, Tool: id.Tool, Shard: id.Shard, Reader: m.Reader, Solver: m.Solver, Model: m.Model.Name, Confidence: m.Model.Confidence,
		Tokenizer: m.Tokenizer, Estimated: m.Estimated, Probes: m.Probes, Stopped: stopped, Spent: spent,
		Cells: []Cell{}, Groups: []Cell{}, Strata: []Cell{}, Differences: []difference{}, Ladder: []rungSummary{}, Unscored: []tally{},
		Notes: slices.Clone(m.Notes), Outcomes: []*Outcome{},
	}
	if n := m.Secrets.Allowed; n > 0 {
		res.Notes = append(res.Notes, fmt.Sprintf("secrets in documents and data that were allowed: %d", n))
	}
	if n := m.Secrets.Count; n > 0 {
		done := "taken as they are"
		if m.Secrets.Mode == secrets.Redact {
			done = "masked"
		}
		res.Notes = append(res.Notes, fmt.Sprintf("secrets in documents and data: %d, %s", n, done))
	}
	if m.Solver {
		res.Notes = append(res.Notes, "answers are computed from transcripts by each task's rules, not by a model: scores say whether what an answer needs was read")
	}
	conditions := m.conditions()
	of := map[string][]*Outcome{} // by task
	has := inShard(id.Shard, probes)
	for _, p := range probes {
		if !has[p.Text] {
			continue
		}
		res.Total += len(conditions)
		for _, c := range conditions {
			if o := outcomes[newOutcome(p, c).key()]; o != nil {
				of[p.Task] = append(of[p.Task], o)
				res.Usage += o.Usage.Total()
				res.Cost += o.Cost
			}
		}
	}
	for i, name := range m.Tasks {
		res.Outcomes = append(res.Outcomes, of[name]...)
		if err := res.addTask(name, m.Metrics[i], of[name], conditions, m.Seed); err != nil {
			return nil, err
		}
	}
	res.Done = len(res.Outcomes)
	res.Unfinished = res.Done < res.Total
	return res, res.addGroups(m.Tasks, conditions, m.Seed)
}

// addTask adds what is told of one task.
func (res *Result) addTask(name, metric string, outcomes []*Outcome, conditions []Condition, seed uint64) error {
	of := byCondition(outcomes)
	for _, c := range conditions {
		if len(of[c]) == 0 {
			continue
		}
		cell, err := newCell(name, "", metric, c, of[c], seed)
		if err != nil {
			return err
		}
		res.Cells = append(res.Cells, cell)
		strata := map[string][]*Outcome{}
		var order []string
		for _, o := range of[c] {
			if strata[o.Stratum] == nil {
				order = append(order, o.Stratum)
			}
			strata[o.Stratum] = append(strata[o.Stratum], o)
		}
		for _, s := range order {
			if cell, err = newCell(name, s, metric, c, strata[s], seed); err != nil {
				return err
			}
			res.Strata = append(res.Strata, cell)
		}
		res.tally(name, c, of[c])
		res.climbed(name, c, of[c])
	}
	return res.compare(name, of, conditions)
}

// addGroups adds the groups of which several tasks were measured.
func (res *Result) addGroups(tasks []string, conditions []Condition, seed uint64) error {
	members := map[string]int{}
	for _, t := range tasks {
		if group, _, grouped := strings.Cut(t, "/"); grouped {
			members[group]++
		}
	}
	for _, group := range slices.Sorted(maps.Keys(members)) {
		if members[group] < 2 {
			continue
		}
		var outcomes []*Outcome
		for _, o := range res.Outcomes {
			if strings.HasPrefix(o.Task, group+"/") {
				outcomes = append(outcomes, o)
			}
		}
		of := byCondition(outcomes)
		for _, c := range conditions {
			if len(of[c]) == 0 {
				continue
			}
			cell, err := newCell(group, "", "", c, of[c], seed)
			if err != nil {
				return err
			}
			res.Groups = append(res.Groups, cell)
		}
		if err := res.compare(group, of, conditions); err != nil {
			return err
		}
	}
	return nil
}

func byCondition(outcomes []*Outcome) map[Condition][]*Outcome {
	of := map[Condition][]*Outcome{}
	for _, o := range outcomes {
		of[o.Condition] = append(of[o.Condition], o)
	}
	return of
}

func newCell(name, stratum, metric string, c Condition, outcomes []*Outcome, seed uint64) (Cell, error) {
	cell := Cell{Task: name, Stratum: stratum, Condition: c, Metric: metric}
	var scores []stats.Observation
	var compression, characters, cer, wer, exact []stats.Fraction
	for _, o := range outcomes {
		cell.Cost += o.Cost
		cell.Tokens.Text += o.Tokens.Text
		cell.Tokens.Pages += o.Tokens.Pages
		cell.Tokens.Sheet += o.Tokens.Sheet
		cell.Tokens.Sent += o.Tokens.Sent
		if spent := float64(o.Tokens.Spent()); spent > 0 {
			compression = append(compression, stats.Fraction{Cluster: o.Cluster, Numerator: float64(o.Tokens.Text), Denominator: spent})
			characters = append(characters, stats.Fraction{Cluster: o.Cluster, Numerator: float64(o.Characters), Denominator: spent})
		}
		s := o.Score
		if s.Unscored != "" {
			cell.Unscored++
			continue
		}
		cell.Scored++
		if s.SilentlyWrong() {
			cell.SilentWrong++
		}
		if s.Abstained {
			cell.Abstained++
		}
		scores = append(scores, stats.Observation{Cluster: o.Cluster, Value: s.Value})
		count := func(to *[]stats.Fraction, part, of int) {
			if of > 0 {
				*to = append(*to, stats.Fraction{Cluster: o.Cluster, Numerator: float64(part), Denominator: float64(of)})
			}
		}
		count(&cer, s.Characters.Distance, s.Characters.Length)
		count(&wer, s.Words.Distance, s.Words.Length)
		count(&exact, s.Exact.Right, s.Exact.Total)
	}
	var err error
	if cell.Accuracy, err = accuracy(scores); err != nil {
		return cell, err
	}
	for _, ratio := range []struct {
		to        **stats.Estimate
		fractions []stats.Fraction
	}{{&cell.Compression, compression}, {&cell.CharactersPerToken, characters}, {&cell.CER, cer}, {&cell.WER, wer}, {&cell.Exact, exact}} {
		if len(ratio.fractions) == 0 {
			continue
		}
		e, err := stats.Ratio(ratio.fractions, stats.Resampling{Seed: seed, Unit: unit})
		if err != nil {
			return cell, err
		}
		*ratio.to = &e
	}
	for _, share := range []*stats.Estimate{cell.CER, cell.WER, cell.Exact} {
		if share == nil {
			continue
		}
		share.Percent = true
		if share.NoInterval == "" && share.Low == share.High {
			share.Low, share.High, share.NoInterval = 0, 0, "all documents have the same"
		}
	}
	return cell, nil
}

// accuracy is the mean score: a proportion where all are right or wrong and no
// two share a document, else a mean clustered by document.
func accuracy(scores []stats.Observation) (*stats.Estimate, error) {
	if len(scores) == 0 {
		return nil, nil
	}
	clusters := map[string]bool{}
	right, binary := 0, true
	for _, s := range scores {
		binary = binary && (s.Value == 0 || s.Value == 1) && !clusters[s.Cluster]
		clusters[s.Cluster] = true
		right += int(s.Value)
	}
	var e stats.Estimate
	var err error
	if binary {
		e, err = stats.Wilson(right, len(scores), unit)
	} else {
		e, err = stats.Score(scores, unit)
	}
	return &e, err
}

// compare adds the differences of arms on the same probes: of those with the
// same config and DPI, and of Text and Adaptive with all others of the config.
func (res *Result) compare(name string, of map[Condition][]*Outcome, conditions []Condition) error {
	for i, a := range conditions {
		for _, b := range conditions[:i] {
			same := a.Config == b.Config && (a.DPI == b.DPI || a.Arm == Adaptive || b.Arm == Adaptive)
			if !same && a.Arm != Text && b.Arm != Text {
				continue
			}
			scored := map[[2]string]*Outcome{}
			for _, o := range of[b] {
				if o.Score.Unscored == "" {
					scored[[2]string{o.Task, o.Probe}] = o
				}
			}
			var pairs []stats.Pair
			d := difference{Task: name, A: a, B: b, LeftOut: max(len(of[a]), len(of[b]))}
			for _, o := range of[a] {
				if other := scored[[2]string{o.Task, o.Probe}]; other != nil && o.Score.Unscored == "" {
					pairs = append(pairs, stats.Pair{Cluster: o.Cluster, A: o.Score.Value, B: other.Score.Value})
				}
			}
			if len(pairs) == 0 {
				continue
			}
			d.LeftOut -= len(pairs)
			var err error
			if d.Estimate, err = stats.PairedScore(pairs, unit); err != nil {
				return err
			}
			d.Tie = !d.Estimate.ExcludesZero()
			res.Differences = append(res.Differences, d)
		}
	}
	return nil
}

func (res *Result) tally(name string, c Condition, outcomes []*Outcome) {
	counts := map[string]int{}
	for _, o := range outcomes {
		if o.Score.Unscored != "" {
			counts[o.Score.Unscored]++
		}
	}
	for _, reason := range slices.SortedFunc(maps.Keys(counts), func(a, b string) int {
		return cmp.Or(counts[b]-counts[a], strings.Compare(a, b))
	}) {
		res.Unscored = append(res.Unscored, tally{name, c, reason, counts[reason]})
	}
}

// climbed sums up the rungs of Adaptive.
func (res *Result) climbed(name string, c Condition, outcomes []*Outcome) {
	var rungs []rungSummary
	for _, o := range outcomes {
		before := 0.0
		for i, step := range o.Rungs {
			if i == len(rungs) {
				rungs = append(rungs, rungSummary{Task: name, Config: c.Config, Rung: i, DPI: step.DPI})
			}
			sum := &rungs[i]
			sum.Reached++
			sum.Tokens += step.Tokens
			sum.Gain += step.Value - before
			before = step.Value
			if step.Verified {
				sum.Verified++
			}
		}
	}
	res.Ladder = append(res.Ladder, rungs...)
}

// write puts the result into the directory of its run.
func (res *Result) write(dir string) error {
	data, err := json.MarshalIndent(res, "", " ")
	if err != nil {
		return err
	}
	return runs.WriteFile(filepath.Join(dir, runs.ResultFile), append(data, '\n'))
}
