package secrets_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"

	"github.com/glyphkit/glyph/document"
	"github.com/glyphkit/glyph/exact/secrets"
)

// In two pieces, so that the file itself holds no key.
const awsKey = "AKIA" + "Q3EGRPIM5VKZ7TWD"

func TestCheck(t *testing.T) {
	const text = "first line\r\nkey = " + awsKey + "\n"
	for _, c := range []struct {
		mode  secrets.Mode
		want  string
		valid bool
	}{
		{"", "", false},
		{secrets.Block, "", false},
		{secrets.Redact, strings.Replace(text, awsKey, strings.Repeat("*", len(awsKey)), 1), true},
		{secrets.Allow, text, true},
		{"mask", "", false},
	} {
		got, err := secrets.Check(text, c.mode)
		if got.Valid() != c.valid || got.Text() != c.want || (err == nil) != c.valid {
			t.Errorf("%q: valid %t, text %q, error %v", c.mode, got.Valid(), got.Text(), err)
		}
		if err != nil && strings.Contains(err.Error(), awsKey[4:]) {
			t.Errorf("%q: the error holds the secret: %v", c.mode, err)
		}
		if c.valid && (len(got.Found()) != 1 || got.Found()[0].Line != 2) {
			t.Errorf("%q: found %+v", c.mode, got.Found())
		}
		if derived := got.Derive("a part"); derived.Valid() != c.valid || c.valid && derived.Text() != "a part" {
			t.Errorf("%q: derived %+v", c.mode, derived)
		}
	}
	if clean, err := secrets.Check("no secret", ""); err != nil || !clean.Valid() || clean.Text() != "no secret" {
		t.Errorf("%+v, error %v", clean, err)
	}
	if (secrets.Checked{}).Valid() || !secrets.Own("a prompt").Valid() {
		t.Error("the zero value is valid, or the program's own words are not")
	}
}

// One error tells of all texts of a task.
func TestGuardTellsOfAllTexts(t *testing.T) {
	g := secrets.Guard{}
	g.Check("a.txt", "clean")
	g.Check("b.txt", "\n\n"+awsKey)
	g.Check("", "is it "+awsKey+"?")
	var found *secrets.FoundError
	if err := g.Err(); !errors.As(err, &found) || len(found.Found) != 2 ||
		!strings.Contains(err.Error(), `2 secrets found: aws-access-token in "b.txt" line 3 (124f8aca);`) || strings.Contains(err.Error(), awsKey[4:]) {
		t.Errorf("error %v", err)
	}
	if r := g.Report(); r.Mode != secrets.Block || r.Count != 2 || r.Rules != secrets.Version || r.Found[0].Document != "b.txt" {
		t.Errorf("report %+v", r)
	}
	one := secrets.FoundError{Found: found.Found[:1]}
	if !strings.HasPrefix(one.Error(), "1 secret found:") {
		t.Errorf("error %v", &one)
	}
}

func TestReportIsBounded(t *testing.T) {
	g := secrets.Guard{Mode: secrets.Allow}
	g.Check("dump", strings.Repeat(awsKey+"\n", 10_050))
	if r := g.Report(); r.Count != 10_050 || len(r.Found) != 10_000 {
		t.Errorf("%d counted, %d listed", r.Count, len(r.Found))
	}
}

func read(t *testing.T, d *document.Document) string {
	t.Helper()
	text, err := d.Text()
	if err != nil {
		t.Fatal(err)
	}
	defer text.Close()
	b, err := io.ReadAll(text)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// A document of several windows has the findings of the text as a whole,
// wherever between windows they stand.
func TestDocumentsInWindows(t *testing.T) {
	const size = 1 << 20
	var b strings.Builder
	want := map[string]bool{}
	put := func(at int) {
		for b.Len() < at {
			b.WriteString("a line that says nothing\n"[:min(25, at-b.Len())])
		}
		b.WriteString("\r")
		want[fmt.Sprint(b.Len(), " ", b.Len()+len(awsKey))] = true
		b.WriteString(awsKey + "\n")
	}
	for _, at := range []int{0, size - 10, 3*size/2 + 7, 2*size - 300_000, 3 * size} {
		put(at)
	}
	// One that is longer than what windows share with a short overlap.
	for b.Len() < 4*size-2000 {
		b.WriteString("a line that says nothing\n")
	}
	begin := b.Len()
	b.WriteString("-----BEGIN PRIVATE KEY-----\n")
	for range 60 {
		b.WriteString("MIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSjAgEAAoIBAQC7VJTUt9Us8cKj\n")
	}
	b.WriteString("-----END PRIVATE KEY-----")
	want[fmt.Sprint(begin, " ", b.Len())] = true
	b.WriteString("\n")
	text := b.String()
	docs := []*document.Document{document.FromString("clean", "no secret\n"), document.FromString("big", text)}
	g := secrets.Guard{Mode: secrets.Redact}
	out, checked, err := g.Documents(t.Context(), docs)
	if err != nil || !checked.Valid() {
		t.Fatal(err)
	}
	whole := secrets.Scan(text)
	found := g.Report().Found
	if len(found) != len(want) || len(whole) != len(want) {
		t.Fatalf("%d found in windows, %d in the whole, want %d", len(found), len(whole), len(want))
	}
	for i, f := range found {
		if !want[fmt.Sprint(f.Start, " ", f.End)] || f.Line != whole[i].Line || f.Document != "big" {
			t.Errorf("found %+v, in the whole %+v", f, whole[i])
		}
	}
	if got := read(t, out[1]); got != secrets.Mask(text, whole) || strings.Contains(got, awsKey) {
		t.Error("the document is not masked as the whole text is")
	}
	if out[0] != docs[0] || read(t, docs[1]) != text {
		t.Error("a document was changed that had no need, or in place")
	}
}

func TestDocumentsAreRefused(t *testing.T) {
	docs := []*document.Document{
		document.FromString("image.png", "\x89PNG\r\n\x1a\n\x00\x00"), // for whoever draws it
		document.FromString("a.conf", "key = "+awsKey+"\n"),
	}
	for _, mode := range []secrets.Mode{"", secrets.Block, "mask"} {
		g := secrets.Guard{Mode: mode}
		if out, checked, err := g.Documents(t.Context(), docs); err == nil || out != nil || checked.Valid() || strings.Contains(err.Error(), awsKey[4:]) {
			t.Errorf("%q: error %v", mode, err)
		}
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, _, err := new(secrets.Guard).Documents(ctx, docs); !errors.Is(err, context.Canceled) {
		t.Errorf("error %v", err)
	}
}

// A document that changes after the check is not masked where its secrets were.
func TestDocumentThatChanges(t *testing.T) {
	text := "key = " + awsKey + "\n"
	d := &document.Document{Name: "a", Open: func() (io.ReadCloser, error) { return io.NopCloser(strings.NewReader(text)), nil }}
	g := secrets.Guard{Mode: secrets.Redact}
	out, _, err := g.Documents(t.Context(), []*document.Document{d})
	if err != nil {
		t.Fatal(err)
	}
	text = "one word more " + text
	if _, err := out[0].Text(); err == nil || !strings.Contains(err.Error(), "has changed") {
		t.Errorf("error %v", err)
	}
}

func ExampleCheck() {
	checked, err := secrets.Check("region = eu\naws_access_key_id = "+awsKey+"\n", secrets.Redact)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Print(checked.Text())
	for _, f := range checked.Found() {
		fmt.Println(f.Rule, "in line", f.Line)
	}
	// Output:
	// region = eu
	// aws_access_key_id = ********************
	// aws-access-token in line 2
}
