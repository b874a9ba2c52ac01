package cli

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"

	"github.com/glyphkit/glyph/internal/cli/verb"
	"github.com/glyphkit/glyph/internal/llmtest"
)

// Stopped by Ctrl-C, the same command goes on and ends as if it had not been.
func TestSearchGoesOn(t *testing.T) {
	archive, err := txtar.ParseFile("testdata/script/search.txtar")
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	i := slices.IndexFunc(archive.Files, func(f txtar.File) bool { return f.Name == "docs/mill.txt" })
	docs := filepath.Join(dir, "mill.txt")
	if err := os.WriteFile(docs, archive.Files[i].Data, 0o666); err != nil {
		t.Fatal(err)
	}
	const never = 1 << 30
	var asked, stopAt atomic.Int64
	var stop atomic.Value
	server := llmtest.New(llmtest.Func(func(*llmtest.Request) llmtest.Reply {
		if asked.Add(1) == stopAt.Load() {
			stop.Load().(context.CancelFunc)()
		}
		return llmtest.Text("The miller counted 12 lamps near the river.")
	}))
	defer server.Close()
	search := func(run string, after int64) error {
		ctx, cancel := context.WithCancel(t.Context())
		defer cancel()
		stop.Store(cancel)
		stopAt.Store(asked.Load() + after)
		cmd := newRoot(&verb.App{})
		cmd.SetArgs([]string{
			"search", "--docs", docs, "--reader", "vlm", "--base-url", server.URL(), "--served-name", "any", "--model", "qwen3-vl",
			"--budget", "calls=140", "--chars", "80", "--rungs", "8", "--held-out", "4", "--population", "6",
			"--min-accuracy", "0", "--strata", "prose", "-o", filepath.Join(dir, run),
		})
		var out bytes.Buffer
		cmd.SetOut(&out)
		cmd.SetErr(&out)
		return cmd.ExecuteContext(ctx)
	}
	if err := search("whole", never); err != nil {
		t.Fatal(err)
	}
	for _, after := range []int64{3, 20, 30} {
		err := search("parts", after)
		var coded *verb.ExitError
		if !errors.As(err, &coded) || coded.Code != verb.ExitInterrupted || !strings.Contains(err.Error(), "the same command goes on") {
			t.Fatalf("interrupted: %v", err)
		}
	}
	if err := search("parts", never); err != nil {
		t.Fatal(err)
	}
	var archives [2]map[string]any
	for i, name := range []string{"whole", "parts"} {
		data, err := os.ReadFile(filepath.Join(dir, name, "archive.json"))
		if err == nil {
			err = json.Unmarshal(data, &archives[i])
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	// What was billed is more where a request was cut, or a page read again.
	whole, parts := archives[0]["billed"].(map[string]any), archives[1]["billed"].(map[string]any)
	if whole["attempts"].(float64) > parts["attempts"].(float64) || whole["prompt_tokens"].(float64) <= 0 {
		t.Errorf("billed %v, in parts %v", whole, parts)
	}
	delete(archives[0], "billed")
	delete(archives[1], "billed")
	if !reflect.DeepEqual(archives[0], archives[1]) {
		t.Error("the archives differ")
	}
}

func TestSplitSettings(t *testing.T) {
	for text, want := range map[string][]string{
		"dpi=72":                         {"dpi=72"},
		"page-size=595,842,dpi=72":       {"page-size=595,842", "dpi=72"},
		"dpi=72,page-size=595,842":       {"dpi=72", "page-size=595,842"},
		"newline-markup=a=b,c,columns=2": {"newline-markup=a=b,c", "columns=2"},
		"dpi=72,":                        {"dpi=72,"},
		"":                               {""},
	} {
		if got := splitSettings(text); !slices.Equal(got, want) {
			t.Errorf("%q is split into %q, want %q", text, got, want)
		}
	}
}
