package task

import "github.com/glyphkit/glyph/eval/metric"

// Probe is a question about a text. All of it can be marshalled to JSON and
// back.
type Probe struct {
	ID       string `json:"id"`       // unique within the task
	Task     string `json:"task"`     // name of the task
	Stratum  string `json:"stratum"`  // what scores are broken down by within the task
	Document string `json:"document"` // name of what is drawn
	Cluster  string `json:"cluster"`  // probes of one cluster depend on each other

	Text     string   `json:"text"`     // to draw, all of it
	Question string   `json:"question"` // to ask, as text
	Gold     []string `json:"gold"`     // what the metric compares with

	Asked   []string  `json:"asked,omitempty"`   // what the question is about, for the solver: keys, a value, an input
	Classes []string  `json:"classes,omitempty"` // labels to choose from
	Prefix  string    `json:"prefix,omitempty"`  // what the answer must begin with
	Length  int       `json:"length,omitempty"`  // tokens that were asked for, 0 for a text of given length
	Depths  []float64 `json:"depths,omitempty"`  // where each gold stands in Text, 0 at the start to 1 at the end
}

// asked is the first of p.Asked, or "".
func (p *Probe) asked() string {
	if len(p.Asked) == 0 {
		return ""
	}
	return p.Asked[0]
}

// Score is what an answer is worth.
type Score struct {
	Value     float64 `json:"value"`               // 0 to 1
	Unscored  string  `json:"unscored,omitempty"`  // why there is no Value; "" if there is
	Abstained bool    `json:"abstained,omitempty"` // the answer says that it does not know

	// What transcriptions got wrong; zero for other tasks.
	Characters metric.Errors `json:"characters,omitzero"`
	Words      metric.Errors `json:"words,omitzero"`
	Exact      Exact         `json:"exact,omitzero"`
}

// SilentlyWrong reports whether the answer is not right and does not say so,
// which is the worst that a reader can do.
func (s Score) SilentlyWrong() bool {
	return s.Unscored == "" && !s.Abstained && s.Value < 1
}

// Exact counts exact strings. Total is the sum of the others.
type Exact struct {
	Total     int `json:"total"`
	Right     int `json:"right"`
	Wrong     int `json:"wrong"`     // something else is there, and nothing says so
	Abstained int `json:"abstained"` // marked as not readable
	Missing   int `json:"missing"`   // nothing is there
}

// Task scores and solves the probes of its Set. Its methods are safe for
// concurrent use.
type Task interface {
	Name() string

	// Metric is the name of what Score's Value is.
	Metric() string

	// Score compares an answer with p.Gold. Reasoning up to the last </think>
	// and <|…|> tags are no part of the answer.
	Score(p *Probe, answer string) Score

	// Solve is the answer that follows from a transcript of p.Text by rules.
	// It does not look at p.Gold or p.Text.
	Solve(p *Probe, transcript string) string
}

// Set is a task with its probes.
type Set struct {
	Task
	Probes []*Probe
	Notes  []string // what a report should say of how the probes came to be
}
