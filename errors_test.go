package glyph_test

import (
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/glyphkit/glyph"
	"github.com/glyphkit/glyph/configs"
	"github.com/glyphkit/glyph/document"
	"github.com/glyphkit/glyph/eval/task"
	"github.com/glyphkit/glyph/exact/secrets"
	"github.com/glyphkit/glyph/exact/verify"
	"github.com/glyphkit/glyph/internal/judge"
	"github.com/glyphkit/glyph/model/tokens"
	"github.com/glyphkit/glyph/model/vision"
)

// Errors reach logs and run directories: none holds text of a document.
func TestErrorsHoldNoTextOfDocuments(t *testing.T) {
	const (
		marker = "Zanzibarquartz"
		number = "77340961552877340961" // too large for a whole number
		prose  = marker + " opened the safe.\n"
	)
	dir := t.TempDir()
	file := func(text string) string {
		path := filepath.Join(dir, "document.txt")
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	read := func(text, charset string) error {
		d := document.FromString("document.txt", text)
		d.Charset = charset
		r, err := d.Text()
		if err != nil {
			return err
		}
		defer r.Close()
		_, err = io.ReadAll(r)
		return err
	}
	records := []string{
		prose, `"` + marker + `"`, `["` + marker + `"]`, `{"question": 1, "answer": "` + marker + `"}`, `{"score": "` + marker + `"}`,
		`{"question":"` + marker + `","answer":"` + marker + `","score":` + number + `}`, `{"question":"` + marker + `","answer":`,
		`{"prompt":"[{\"role\":\"` + marker + `\",\"content\":\"` + marker + `\"}]","answer":"` + marker + `","random_string_to_prepend":"x","n_needles":2}`,
		`{"task":"` + marker + `","id":"` + marker + `"}`,
		`{"paragraphs":["` + marker + `"]}`, `{"data": "` + marker + `"}`, `[{"context": ["` + marker + `"], "supporting_facts": ["` + marker + `"]}]`,
	}
	var errs []error
	add := func(err error) { errs = append(errs, err) }
	for _, text := range []string{"%PDF-1.7\n" + prose, "\x89PNG\r\n\x1a\n\x00\x00" + prose, prose + "\x00\x01\x02\x00" + prose, "\x7fELF\x02\x01\x01" + prose} {
		add(read(text, ""))
	}
	add(read(prose, "no-such-charset"))
	add(read(prose+"\xff\xfe", "us-ascii"))
	for _, text := range records {
		_, err := judge.ReadLabels(strings.NewReader(text), "labels.jsonl")
		add(err)
		_, err = judge.ReadCases(strings.NewReader(text), "cases.jsonl")
		add(err)
		_, err = vision.Load(strings.NewReader(text))
		add(err)
		for _, name := range []string{"longbench/qasper", "mrcr/2", "ruler/qa_1", "ruler/qa_2", "questions"} {
			_, err := task.New(name, task.Options{Data: strings.NewReader(text), DataName: "data.jsonl"})
			add(err)
		}
		path := file(text)
		_, err = tokens.FromTokenizerJSON(path)
		add(err)
		_, err = configs.Load(path)
		add(err)
	}
	_, err := verify.New([]verify.Source{{Text: prose + "\xff"}}).Verify(t.Context(), "", marker+"\xff 4,711.00")
	add(err)
	_, err = secrets.NewExceptions(nil, file(prose))
	add(err)
	if err := os.WriteFile(filepath.Join(dir, secrets.ExceptionsFile), []byte(prose), 0o600); err != nil {
		t.Fatal(err)
	}
	_, err = secrets.NewExceptions(nil, file(prose))
	add(err)
	withSecret := document.FromString("a", "password: "+marker+"77!\n")
	for _, o := range []glyph.PackOptions{{}, {MaxTokens: 1, Secrets: secrets.Allow}} {
		o.Model, o.Question = "gpt-5.5", prose+"?"
		_, err = glyph.Pack(t.Context(), []*glyph.Document{withSecret}, o)
		add(err)
	}
	seen := 0
	for _, err := range errs {
		if err == nil {
			continue
		}
		seen++
		if said := fmt.Sprint(err); strings.Contains(said, marker) || strings.Contains(said, number) {
			t.Errorf("an error holds text: %.300s", said)
		}
	}
	if seen < 60 {
		t.Errorf("%d errors of %d: what should fail does not", seen, len(errs))
	}
}
