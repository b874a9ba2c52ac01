package examiner

import (
	"bufio"
	"os"
	"strconv"
	"strings"
	"testing"
	"unicode/utf8"

	"pgregory.net/rapid"

	"github.com/glyphkit/glyph/eval/task"
)

// testdata/equivalent.txt has an answer, a gold answer and whether they say the
// same.
func TestEquivalentAnswers(t *testing.T) {
	f, err := os.Open("testdata/equivalent.txt")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	n := 0
	for s := bufio.NewScanner(f); s.Scan(); {
		fields := strings.Split(s.Text(), "|")
		if len(fields) != 3 || strings.HasPrefix(s.Text(), "#") {
			continue
		}
		answer, gold, want := strings.TrimSpace(fields[0]), strings.TrimSpace(fields[1]), strings.TrimSpace(fields[2])
		if got := strconv.FormatBool(equivalent(answer, gold)); got != want {
			t.Errorf("%q for %q: %s, want %s", answer, gold, got, want)
		}
		n++
	}
	if n < 20 {
		t.Errorf("%d cases", n)
	}
}

func TestFindVerbatim(t *testing.T) {
	for _, c := range []struct{ text, part, want string }{
		{"one two three", "two", "two"},
		{"one\n  two\tthree", " one two\n", "one\n  two"},
		{"one\u00a0two", "one two", "one\u00a0two"},
		{"a b a b", "a b", "a b"},
		{"onetwo", "one two", ""},
		{"one two", "onetwo", ""},
		{"Größe: 7 µm und", "7 µm", "7 µm"},
		{"世界 你好", "界 你", "界 你"},
		{"one", "", ""},
		{"one", " \n", ""},
		{"", "one", ""},
	} {
		start, end, ok := findVerbatim(c.text, c.part)
		if ok != (c.want != "") || c.text[start:end] != c.want {
			t.Errorf("%q in %q: %q, %t", c.part, c.text, c.text[start:end], ok)
		}
	}
}

// A piece of a text is found in it, however its white space is changed, and what
// is found says the same.
func TestPiecesAreFound(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.StringOf(rapid.RuneFrom([]rune("ab \n\t\u00a0é世"))).Draw(t, "text")
		from := rapid.IntRange(0, len(text)).Draw(t, "from")
		to := rapid.IntRange(from, len(text)).Draw(t, "to")
		piece := text[from:to]
		if !utf8.ValidString(piece) || strings.TrimSpace(piece) == "" {
			return
		}
		part := strings.Join(strings.Fields(piece), "\n ")
		start, end, ok := findVerbatim(text, part)
		if !ok || strings.Join(strings.Fields(text[start:end]), " ") != strings.Join(strings.Fields(piece), " ") {
			t.Fatalf("%q in %q: %q, %t", part, text, text[start:end], ok)
		}
	})
}

// Passages are valid UTF-8, not longer than asked for, and have what is to be
// asked about in them.
func TestPassages(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var documents []task.Document
		for range rapid.IntRange(1, 3).Draw(t, "documents") {
			text := rapid.StringOfN(rapid.RuneFrom([]rune("ab \né世")), 0, 2000, -1).Draw(t, "text")
			documents = append(documents, task.Document{Name: "d", Text: text})
		}
		size := rapid.IntRange(minPassage, 900).Draw(t, "size")
		for _, p := range samplePassages(documents, 8, size, 1) {
			if len(p.text()) > size || !utf8.ValidString(p.text()) || p.focus == "" || !strings.Contains(p.text(), p.focus) || p.seed < 0 {
				t.Fatalf("%d to %d of %q with %q", p.start, p.end, p.document.Text, p.focus)
			}
		}
	})
}

func TestPassagesAreSpreadOverAllText(t *testing.T) {
	text := strings.Repeat("A line of some words.\n", 1000)
	documents := []task.Document{{Name: "a", Text: text}, {Name: "b", Text: text[:len(text)/2]}}
	tenths := map[string]int{}
	for _, p := range samplePassages(documents, 30, 1000, 9) {
		tenths[p.document.Name+strconv.Itoa(10*p.start/len(text))]++
	}
	if len(tenths) != 15 {
		t.Errorf("passages begin in %d of 15 tenths: %v", len(tenths), tenths)
	}
}

func FuzzParse(f *testing.F) {
	f.Add("```json\n{\"question\": \"Q?\", \"answer\": \"a\", \"evidence\": \"e\"}\n```", "some a  e\ntext")
	f.Fuzz(func(t *testing.T, written, text string) {
		c := candidate{}
		if why, _ := c.parse(written); why == "" && (c.question == "" || c.answer == "" || c.evidence == "") {
			t.Fatalf("%q: %+v", written, c)
		}
		start, end, ok := findVerbatim(text, c.evidence)
		if ok && strings.Join(strings.Fields(text[start:end]), " ") != strings.Join(strings.Fields(c.evidence), " ") {
			t.Fatalf("%q in %q: %d to %d", c.evidence, text, start, end)
		}
		equivalent(written, text)
	})
}
