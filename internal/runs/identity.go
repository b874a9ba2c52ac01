package runs

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
)

// Identity says what a run is a function of, besides the answers of readers. It
// is the content of run.json.
type Identity struct {
	// Kind tells runs of different verbs apart, with the version of what their
	// files hold, such as "glyph-eval/2".
	Kind string `json:"kind"`

	// Tool is the build of this toolkit, version.Build. Open fills it in.
	Tool string `json:"tool"`

	// Shard is the part of the run that the directory holds.
	Shard Shard `json:"shard,omitzero"`

	// Params is marshalled to a JSON object: configs, the model profile by its
	// content, the reader with its version, prompts, and the settings of the
	// verb.
	Params any `json:"params"`
}

func (id *Identity) encode() ([]byte, error) {
	data, err := json.MarshalIndent(id, "", "  ")
	return append(data, '\n'), err
}

// compare returns an error that names what differs between two run.json, nil if
// nothing does.
func compare(old, now []byte) error {
	var a, b map[string]any
	if err := json.Unmarshal(old, &a); err != nil {
		return err
	}
	if err := json.Unmarshal(now, &b); err != nil {
		return err
	}
	// What is of another kind or build differs in its parameters, too: that would
	// hide the reason.
	for _, key := range []string{"kind", "tool"} {
		if found := differences(key, a[key], b[key]); found != nil {
			return &DifferentError{found}
		}
	}
	found := differences("", a["params"], b["params"])
	if found = append(found, differences("shard", a["shard"], b["shard"])...); found != nil {
		return &DifferentError{found}
	}
	return nil
}

// DifferentError says that a directory holds another run.
type DifferentError struct {
	Differences []string // such as "seed is 7 there and 8 here"
}

func (e *DifferentError) Error() string {
	return "it holds another run: " + strings.Join(e.Differences, "; ") + "; accepted: the same settings and the same build, or another directory"
}

// differences lists the keys in which two JSON values differ. Long values are
// not shown.
func differences(path string, a, b any) []string {
	x, xIsObject := a.(map[string]any)
	y, yIsObject := b.(map[string]any)
	if xIsObject && yIsObject {
		keys := maps.Clone(x)
		maps.Copy(keys, y)
		var out []string
		for _, k := range slices.Sorted(maps.Keys(keys)) {
			out = append(out, differences(strings.TrimPrefix(path+"."+k, "."), x[k], y[k])...)
		}
		return out
	}
	u, v := brief(a), brief(b)
	if u == v {
		return nil
	}
	const most = 60
	if len(u) > most || len(v) > most {
		return []string{path + " differs"}
	}
	return []string{fmt.Sprintf("%s is %s there and %s here", path, u, v)}
}

// brief is a value as JSON, and of nothing "none".
func brief(v any) string {
	if v == nil {
		return "none"
	}
	data, _ := json.Marshal(v) // it was unmarshalled from JSON
	return string(data)
}
