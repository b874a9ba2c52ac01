package cli

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/glyphkit/glyph/exact/secrets"
	"github.com/glyphkit/glyph/internal/llmtest"
)

// In pieces, so that the file itself holds no key.
const (
	awsKey    = "AKIA" + "Q3EGRPIM5VKZ7TWD"
	gitHubKey = "ghp" + "_x7Kd92LmQpR4tVw8ZbNc3YfHj6SgAe1UoIq5"
	password  = "Sommer" + "#2021Garten"
)

// Every verb that draws or sends text refuses secrets before it draws or sends
// anything, masks them, or takes them as they are and says so.
func TestSecretsOfEveryVerb(t *testing.T) {
	dir := t.TempDir()
	var text, labels, cases strings.Builder
	for i := range 300 {
		fmt.Fprintf(&text, "The committee met on day %d and spoke of the weather in the harbour for %d minutes.\n", i, 7*i%50)
		if i%30 == 7 {
			fmt.Fprintf(&text, "aws_access_key_id = %s\ntoken: %s\npassword: %s\n", awsKey, gitHubKey, password)
		}
	}
	for i := range 20 {
		said := fmt.Sprintf("question %d", i)
		if i == 3 {
			said += " about " + gitHubKey
		}
		fmt.Fprintf(&labels, "{\"question\": %q, \"answer\": \"an answer\", \"score\": %d}\n", said, 1+i%5)
		fmt.Fprintf(&cases, "{\"question\": %q, \"answer\": \"an answer\"}\n", said)
	}
	file := func(name, content string) string {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte(content), 0o666); err != nil {
			t.Fatal(err)
		}
		return path
	}
	doc, labelled, answers := file("doc.txt", text.String()), file("labels.jsonl", labels.String()), file("answers.jsonl", cases.String())
	const url, out = "URL", "OUT"
	for _, v := range []struct {
		name     string
		args     []string
		endpoint bool
	}{
		{"compress", []string{"compress", doc, "-o", out}, false},
		{"compress for a model", []string{"compress", doc, "-o", out, "-m", "qwen3-vl", "--gate"}, false},
		{"ask", []string{"ask", doc, "What was spoken of?", "-m", "qwen3-vl", "--base-url", url}, true},
		{"eval by a model", []string{"eval", doc, "--task", "ocr", "--arms", "image,text", "--reader", "vlm", "-m", "qwen3-vl", "--base-url", url, "-o", out}, true},
		{"eval of text", []string{"eval", doc, "--task", "ocr", "--reader", "text", "-o", out}, false},
		{"search", []string{"search", "--docs", doc, "--reader", "vlm", "--base-url", url, "-m", "qwen3-vl", "--budget", "calls=300",
			"--proposer-base-url", url, "--proposer-model", "m", "--population", "4", "--generations", "2", "--rungs", "8", "--held-out", "4", "--strata", "prose", "-o", out}, true},
		{"examine", []string{"examine", doc, "-m", "m", "--base-url", url, "-n", "1", "-o", out}, true},
		{"judge calibrate", []string{"judge", "calibrate", labelled, "-m", "m", "--base-url", url, "--criteria", "It is right.", "-o", out}, true},
		{"judge grade", []string{"judge", "grade", answers, "-m", "m", "--base-url", url, "--criteria", "It is right.", "--waive-calibration"}, true},
	} {
		for _, mode := range []string{"", "block", "redact", "allow"} {
			t.Run(v.name+" "+mode, func(t *testing.T) {
				s := llmtest.New(llmtest.Text("4"))
				defer s.Close()
				target := filepath.Join(t.TempDir(), "out")
				args := slices.Clone(v.args)
				for i, arg := range args {
					args[i] = map[string]string{url: s.URL(), out: target}[arg]
					if args[i] == "" {
						args[i] = arg
					}
				}
				if mode != "" {
					args = append(args, "--secrets", mode)
				}
				var stdout, stderr bytes.Buffer
				code := run(args, strings.NewReader(""), &stdout, &stderr)
				said := stdout.String() + stderr.String()
				holds := func(text string) bool {
					return strings.Contains(text, awsKey) || strings.Contains(text, gitHubKey) || strings.Contains(text, password)
				}
				var sent, written bool
				for _, r := range s.Requests() {
					sent = sent || holds(r.Text())
				}
				_ = filepath.WalkDir(filepath.Dir(target), func(path string, d fs.DirEntry, err error) error {
					if err == nil && d.Type().IsRegular() {
						data, err := os.ReadFile(path)
						written = written || err != nil || holds(string(data))
					}
					return nil
				})
				switch mode {
				case "", "block":
					if _, err := os.Stat(target); code == 0 || s.Calls() > 0 || !os.IsNotExist(err) {
						t.Errorf("code %d, %d requests, target %v", code, s.Calls(), err)
					}
					if !strings.Contains(said, "secret") || !strings.Contains(said, "--secrets=redact or --secrets=allow") || holds(said) {
						t.Errorf("said %s", said)
					}
				case "redact":
					if sent || written || holds(said) || !strings.Contains(said, "masked") {
						t.Errorf("sent: %t, written: %t, said %s", sent, written, said)
					}
				case "allow":
					if !strings.Contains(said, "--secrets=allow") && !strings.Contains(said, "taken as they are") {
						t.Errorf("said %s", said)
					}
				}
				if mode != "" && mode != "block" && v.endpoint && s.Calls() == 0 {
					t.Errorf("nothing was sent: code %d, %s", code, said)
				}
			})
		}
	}
}

// What a file, a rule or a mark allows is taken as it is, said, and recorded.
func TestAllowedSecrets(t *testing.T) {
	dir := t.TempDir()
	doc := filepath.Join(dir, "doc.txt")
	write := func(path, text string) {
		t.Helper()
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	compress := func(args ...string) (int, string, string) {
		out := filepath.Join(t.TempDir(), "out")
		var stdout, stderr bytes.Buffer
		code := run(append([]string{"compress", doc, "-o", out, "--json"}, args...), strings.NewReader(""), &stdout, &stderr)
		return code, stdout.String(), stderr.String()
	}
	write(doc, "password: "+password+"\n")
	code, _, said := compress()
	m := regexp.MustCompile(`assigned-password in "[^"]*" line 1 \(([0-9a-f]{8})\)`).FindStringSubmatch(said)
	if code == 0 || m == nil {
		t.Fatalf("code %d, said %s", code, said)
	}
	passes := func(by string, args ...string) {
		t.Helper()
		code, record, said := compress(args...)
		if code != 0 || !strings.Contains(said, "1 secret allowed, taken as they are: 1 by "+by) || strings.Contains(record+said, password) {
			t.Errorf("code %d, said %s", code, said)
		}
		var sum struct{ Secrets secrets.Report }
		if err := json.Unmarshal([]byte(record), &sum); err != nil {
			t.Fatal(err)
		}
		if r := sum.Secrets; r.Count != 0 || r.Allowed != 1 || len(r.Found) != 1 || r.Found[0].Allowed != by {
			t.Errorf("recorded %+v", r)
		}
	}
	passes("its rule", "--secrets-allow-rule", "aws-access-token,assigned-password")
	list := filepath.Join(dir, secrets.ExceptionsFile)
	write(list, m[1]+" # of a test\n")
	passes(list)
	write(list, password+"\n")
	if code, _, said := compress(); code == 0 || !strings.Contains(said, "line 1") || strings.Contains(said, password) {
		t.Errorf("code %d, said %s", code, said)
	}
	if err := os.Remove(list); err != nil {
		t.Fatal(err)
	}
	if code, _, said := compress("--secrets-allow-rule", "no-rule"); code == 0 || !strings.Contains(said, `"no-rule"`) {
		t.Errorf("code %d, said %s", code, said)
	}
	write(doc, "password: "+password+" # glyph:allow\n")
	passes("a mark on its line")
}
