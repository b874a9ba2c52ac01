package eval

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/glyphkit/glyph/ask/pack"
	"github.com/glyphkit/glyph/configs"
	"github.com/glyphkit/glyph/eval/task"
	"github.com/glyphkit/glyph/model/vision"
)

// Arm is a way to put a text before a reader.
type Arm string

// The arms; see the package comment.
const (
	Image    Arm = "image"
	Hybrid   Arm = "hybrid"
	Text     Arm = "text"
	Adaptive Arm = "adaptive"
)

// Arms are all arms.
func Arms() []Arm { return []Arm{Image, Hybrid, Text, Adaptive} }

// Config is a config with the name that results have for it.
type Config struct {
	Name   string         `json:"name"`
	Config configs.Config `json:"config"`
}

// Data is a file of the user's for a task.
type Data struct {
	Task    string // that reads it
	Name    string // for errors
	Content []byte
}

// Spec says what is measured. Two runs of an equal Spec, reader and version ask
// the same.
type Spec struct {
	Tasks     []string // of package task; the name of a group stands for all of it
	Documents []task.Document
	Data      []Data

	Configs []Config
	Model   *vision.Profile // that prices pages and text

	// DPIs are what every config is drawn at, in px per inch and ascending; none
	// means the config's own. Adaptive climbs them.
	DPIs []float64
	Arms []Arm
	Zoom bool

	Seed    uint64
	Probes  int   // see task.Options
	Lengths []int // in tokens of the model; see task.Options

	// ExactBudget is for the fact sheets of Hybrid; "" is
	// pack.DefaultBudget.
	ExactBudget pack.Budget

	// MaxAnswer is the most tokens of a model's answer; 0 is
	// DefaultMaxAnswer.
	MaxAnswer int
}

// DefaultMaxAnswer is what the published evaluations allow for an answer,
// enough to copy a page.
const DefaultMaxAnswer = 8192

// Condition is how a probe was put before the reader. Config and DPI are empty
// for Text; Adaptive has the DPI that it begins at.
type Condition struct {
	Config string  `json:"config,omitempty"`
	DPI    float64 `json:"dpi,omitempty"`
	Arm    Arm     `json:"arm"`
}

// String is such as "hybrid, glyph-en at 72 dpi".
func (c Condition) String() string {
	if c.Config == "" {
		return string(c.Arm)
	}
	return fmt.Sprintf("%s, %s at %g dpi", c.Arm, c.Config, c.DPI)
}

// complete checks a spec, resolves the names of tasks and fills in defaults.
func (s Spec) complete() (Spec, error) {
	var names []string
	for _, name := range s.Tasks {
		resolved, err := task.Resolve(name)
		if err != nil {
			return s, err
		}
		for _, n := range resolved {
			if !slices.Contains(names, n) {
				names = append(names, n)
			}
		}
	}
	s.Tasks = names
	switch {
	case len(s.Tasks) == 0:
		return s, fmt.Errorf("no task; accepted: one or more of %s, or a group such as ruler", strings.Join(task.Names(), ", "))
	case len(s.Configs) == 0:
		return s, errors.New("no config; accepted: one or more")
	case s.Model == nil:
		return s, errors.New("no model; accepted: a profile of package vision, which prices the pages")
	case len(s.Arms) == 0:
		return s, errors.New("no arm; accepted: image, hybrid, text, adaptive")
	case s.MaxAnswer < 0:
		return s, fmt.Errorf("answers of at most %d tokens; accepted: 1 or more, or 0 for %d", s.MaxAnswer, DefaultMaxAnswer)
	case s.Zoom && !slices.Contains(s.Arms, Adaptive):
		return s, errors.New("zoom without the arm adaptive; accepted: both")
	}
	for i, arm := range s.Arms {
		if !slices.Contains(Arms(), arm) {
			return s, fmt.Errorf("unknown arm %q; accepted: image, hybrid, text, adaptive", arm)
		}
		if slices.Contains(s.Arms[:i], arm) {
			return s, fmt.Errorf("arm %q is given twice", arm)
		}
	}
	for i, c := range s.Configs {
		if c.Name == "" || slices.ContainsFunc(s.Configs[:i], func(o Config) bool { return o.Name == c.Name }) {
			return s, fmt.Errorf("config name %q; accepted: a name for each config, all different", c.Name)
		}
		for _, dpi := range s.dpis(c) {
			if _, err := atDPI(c.Config, dpi); err != nil {
				return s, fmt.Errorf("config %q at %g dpi: %w", c.Name, dpi, err)
			}
		}
	}
	if !slices.IsSorted(s.DPIs) || len(slices.Compact(slices.Clone(s.DPIs))) != len(s.DPIs) {
		return s, fmt.Errorf("dpis %v; accepted: ascending, each once", s.DPIs)
	}
	for _, d := range s.Data {
		if !slices.Contains(s.Tasks, d.Task) {
			return s, fmt.Errorf("data %q is for the task %q, which is not measured; accepted: one of %s", d.Name, d.Task, strings.Join(s.Tasks, ", "))
		}
	}
	if s.MaxAnswer == 0 {
		s.MaxAnswer = DefaultMaxAnswer
	}
	if s.ExactBudget == "" {
		s.ExactBudget = pack.DefaultBudget
	}
	return s, nil
}

// atDPI is a config at another resolution: the same layout in points.
func atDPI(c configs.Config, dpi float64) (configs.Config, error) {
	c.DPI = dpi
	return c, c.Validate()
}

func (s *Spec) dpis(c Config) []float64 {
	if len(s.DPIs) == 0 {
		return []float64{c.Config.DPI}
	}
	return s.DPIs
}

// dpisOf are those of the config of a name.
func (s *Spec) dpisOf(name string) []float64 {
	i := slices.IndexFunc(s.Configs, func(c Config) bool { return c.Name == name })
	return s.dpis(s.Configs[i])
}

// conditions are all ways that each probe is asked in, in the order of results.
func (s *Spec) conditions() []Condition {
	var out []Condition
	for _, c := range s.Configs {
		dpis := s.dpis(c)
		for _, dpi := range dpis {
			for _, arm := range s.Arms {
				if arm == Image || arm == Hybrid {
					out = append(out, Condition{c.Name, dpi, arm})
				}
			}
		}
		if slices.Contains(s.Arms, Adaptive) {
			out = append(out, Condition{c.Name, dpis[0], Adaptive})
		}
	}
	if slices.Contains(s.Arms, Text) {
		out = append(out, Condition{Arm: Text})
	}
	return out
}
