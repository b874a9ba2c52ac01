package eval

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"

	"github.com/glyphkit/glyph/ask/pack"
	"github.com/glyphkit/glyph/eval/task"
	"github.com/glyphkit/glyph/exact/secrets"
	"github.com/glyphkit/glyph/model/vision"
)

// format names the kind of a run's directory, with the version of its files.
const format = "glyph-eval/2"

// Manifest says what a run measures, and with what: it is what run.json has as
// params. Two runs of one build with equal manifests have equal results, as far
// as the reader's answers are equal.
type Manifest struct {
	Reader    string `json:"reader"`
	Solver    bool   `json:"solver"` // answers are computed from transcripts by rules
	Tokenizer string `json:"tokenizer"`
	Estimated bool   `json:"estimated"` // tokens are, for tokenizer or page rule is not known exactly

	Secrets secrets.Report `json:"secrets"` // of documents and data

	Tasks       []string        `json:"tasks"`
	Metrics     []string        `json:"metrics"` // of Tasks, in their order
	Documents   []content       `json:"documents"`
	Data        []content       `json:"data"`
	Configs     []Config        `json:"configs"`
	Model       *vision.Profile `json:"model"`
	DPIs        []float64       `json:"dpis"` // none: the configs' own
	Arms        []Arm           `json:"arms"`
	Zoom        bool            `json:"zoom"`
	Seed        uint64          `json:"seed"`
	N           int             `json:"n"` // as asked for; 0 is the tasks' own
	Lengths     []int           `json:"lengths"`
	ExactBudget pack.Budget     `json:"exact_budget"`
	MaxAnswer   int             `json:"max_answer"`

	Probes int      `json:"probes"`
	SHA256 string   `json:"probes_sha256"`
	Notes  []string `json:"notes"` // how the probes came to be
}

// content identifies a file or text.
type content struct {
	Task   string `json:"task,omitempty"` // of data
	Name   string `json:"name"`
	Bytes  int    `json:"bytes"`
	SHA256 string `json:"sha256"`
}

// conditions are all ways that each probe is asked in, in the order of results.
func (m *Manifest) conditions() []Condition {
	s := Spec{Configs: m.Configs, DPIs: m.DPIs, Arms: m.Arms}
	return s.conditions()
}

// storedProbe is a line of probes.jsonl: a probe whose text is a file of texts.
type storedProbe struct {
	*task.Probe
	Text string `json:"text"` // SHA-256
}

func hashOf(data []byte) string {
	sum := sha256.Sum256(data)
	return hex.EncodeToString(sum[:])
}

// newManifest describes a completed spec. Probes is the content of
// probes.jsonl.
func newManifest(s *Spec, sets []*task.Set, probes []byte) *Manifest {
	m := &Manifest{
		Tasks: s.Tasks, Metrics: []string{}, Documents: []content{}, Data: []content{}, Configs: s.Configs, Model: s.Model,
		DPIs: append([]float64{}, s.DPIs...), Arms: s.Arms, Zoom: s.Zoom, Seed: s.Seed, N: s.Probes,
		Lengths: append([]int{}, s.Lengths...), ExactBudget: s.ExactBudget, MaxAnswer: s.MaxAnswer,
		SHA256: hashOf(probes), Notes: []string{},
	}
	for _, d := range s.Documents {
		m.Documents = append(m.Documents, content{Name: d.Name, Bytes: len(d.Text), SHA256: hashOf([]byte(d.Text))})
	}
	for _, d := range s.Data {
		m.Data = append(m.Data, content{d.Task, d.Name, len(d.Content), hashOf(d.Content)})
	}
	for _, set := range sets {
		m.Probes += len(set.Probes)
		m.Metrics = append(m.Metrics, set.Metric())
		for _, note := range set.Notes {
			m.Notes = append(m.Notes, set.Name()+": "+note)
		}
	}
	return m
}

// encodeProbes is the content of probes.jsonl and the texts of probes by their
// hash.
func encodeProbes(sets []*task.Set) (lines []byte, texts map[string]string, err error) {
	texts = map[string]string{}
	hashes := map[string]string{}
	var b bytes.Buffer
	for _, set := range sets {
		for _, p := range set.Probes {
			hash, known := hashes[p.Text]
			if !known {
				hash = hashOf([]byte(p.Text))
				hashes[p.Text], texts[hash] = hash, p.Text
			}
			data, err := json.Marshal(storedProbe{p, hash})
			if err != nil {
				return nil, nil, err
			}
			b.Write(append(data, '\n'))
		}
	}
	return b.Bytes(), texts, nil
}
