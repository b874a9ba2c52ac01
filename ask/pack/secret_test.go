package pack

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/glyphkit/glyph/document"
	"github.com/glyphkit/glyph/exact/secrets"
)

// In two pieces, so that the file itself holds no key.
const awsKey = "AKIA" + "Q3EGRPIM5VKZ7TWD"

func withSecret() string {
	return strings.Repeat("a line of text\n", 40) + "aws_access_key_id = " + awsKey + "\n" + strings.Repeat("more text\n", 40)
}

func TestSecretsBlock(t *testing.T) {
	for _, mode := range []secrets.Mode{"", secrets.Block} {
		o := Options{Model: model(t, "gpt-5.5"), Secrets: mode, Instruction: "Look for " + awsKey}
		docs := []string{"clean text\n", withSecret()}
		_, err := Build(t.Context(), numbered(docs), small(t), o)
		var blocked *secrets.FoundError
		if !errors.As(err, &blocked) || len(blocked.Found) != 2 {
			t.Fatalf("%q: got %v", mode, err)
		}
		if s := blocked.Found[0]; s.Document != "d1" || s.Line != 41 || s.Rule == "" {
			t.Errorf("found %+v", s)
		}
		if s := blocked.Found[1]; s.Document != "" || s.Line != 1 {
			t.Errorf("found %+v", s)
		}
		if !strings.Contains(err.Error(), `"d1" line 41`) || !strings.Contains(err.Error(), "the question or another text without a name") || strings.Contains(err.Error(), awsKey[4:]) {
			t.Errorf("error %q", err)
		}
	}
}

func TestSecretsRedact(t *testing.T) {
	text := withSecret()
	p := ask(t, "Is it "+awsKey+"?", build(t, small(t), Options{Secrets: secrets.Redact}, numbered([]string{text})...))
	d := p.Documents[0]
	if len(d.Text) != len(text) || d.Text[:600] != text[:600] || !strings.HasSuffix(d.Text, text[len(text)-300:]) {
		t.Error("ranges moved")
	}
	only, err := p.TextOnly()
	if err != nil {
		t.Fatal(err)
	}
	again, err := p.Ask("And " + awsKey + "?")
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range []*Question{p, only, again} {
		m := p.Manifest()
		if m.Secrets.Count != 2 || m.Secrets.Mode != secrets.Redact || m.Secrets.Rules == "" {
			t.Errorf("manifest has %+v", m.Secrets)
		}
		all := string(asJSON(t, m)) + sent(p) + p.Documents[0].Text + p.Text
		if strings.Contains(all, awsKey) || strings.Contains(all, awsKey[4:]) {
			t.Error("the secret is in the pack")
		}
	}
	for _, s := range d.strings {
		if s.Start < int64(p.Secrets.Found[0].End) && int64(p.Secrets.Found[0].Start) < s.End {
			t.Errorf("an exact string of a mask: %+v", s)
		}
	}
}

// Half of an exact string is none.
func TestNoFactOfAMask(t *testing.T) {
	const text = "The database is postgres://app:Qw7Zk2Lp9Xv4@db.internal:5432/app since 2026-07-14.\n"
	p := build(t, small(t), Options{Secrets: secrets.Redact, ExactBudget: "500"}, doc("a", text))
	sheet := p.Requests[0].Sheet.Text()
	if !strings.Contains(sheet, "2026-07-14") || strings.Contains(sheet, "postgres") {
		t.Errorf("the sheet is %q", sheet)
	}
}

func TestSecretsAllow(t *testing.T) {
	p := build(t, small(t), Options{Secrets: secrets.Allow}, numbered([]string{withSecret()})...)
	if p.Documents[0].Text != withSecret() {
		t.Error("the text was changed")
	}
	if m := p.Manifest(); m.Secrets.Count != 1 || strings.Contains(string(asJSON(t, m)), awsKey) {
		t.Errorf("manifest has %+v", m.Secrets)
	}
}

func TestASecretInALaterQuestion(t *testing.T) {
	p := build(t, small(t), Options{Secrets: secrets.Block}, numbered([]string{"text"})...)
	var blocked *secrets.FoundError
	if _, err := p.Ask("What is " + awsKey + "?"); !errors.As(err, &blocked) {
		t.Errorf("got %v", err)
	}
}

// Nothing but pixels leaves the machine in a page.
func TestPagesHoldNoMetadata(t *testing.T) {
	p := build(t, small(t), Options{}, numbered([]string{strings.Repeat("text of a page\n", 100)})...)
	for _, part := range p.Documents[0].Parts {
		png, ok := bytes.CutPrefix(part.Page.PNG, []byte("\x89PNG\r\n\x1a\n"))
		if !ok {
			t.Fatal("not a PNG")
		}
		var chunks []string
		for len(png) >= 12 {
			n := int(binary.BigEndian.Uint32(png))
			chunks = append(chunks, string(png[4:8]))
			png = png[12+n:]
		}
		if got := strings.Join(chunks, " "); got != "IHDR PLTE IDAT IEND" || len(png) != 0 {
			t.Errorf("page %d: chunks %s, %d bytes behind them", part.Page.Number, got, len(png))
		}
	}
}

// numbered are documents d0, d1 and so on.
func numbered(texts []string) (docs []*document.Document) {
	for i, text := range texts {
		docs = append(docs, doc(fmt.Sprintf("d%d", i), text))
	}
	return docs
}
