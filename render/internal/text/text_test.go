package text

import (
	"bytes"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/iotest"
	"unicode/utf8"

	"pgregory.net/rapid"
)

// read returns copies of all pieces of src.
func read(t interface{ Fatal(...any) }, src io.Reader, o Options) []Piece {
	sc := NewScanner(src, o)
	var ps []Piece
	for {
		p, err := sc.Next()
		if errors.Is(err, io.EOF) {
			return ps
		}
		if err != nil {
			t.Fatal(err)
		}
		p.Text = bytes.Clone(p.Text)
		p.Anchors = append([]Anchor(nil), p.Anchors...)
		p.Notes = append([]Note(nil), p.Notes...)
		ps = append(ps, p)
	}
}

func TestLineEnds(t *testing.T) {
	for _, c := range []struct{ src, want string }{
		{"", ""},
		{"a", "a$"},
		{"a\n", "a/"},
		{"a\n\nb", "a//b$"},
		{"a\r\nb\rc\vd\u0085e\u2028f\u2029g", "a/b/c/d/e/f/g$"},
		{"a\fb", "a^b$"},
		{"\r", "/"},
		{"\n\r\n", "//"},
	} {
		for _, r := range []io.Reader{strings.NewReader(c.src), iotest.OneByteReader(strings.NewReader(c.src)), iotest.DataErrReader(strings.NewReader(c.src))} {
			got := ""
			for _, p := range read(t, r, Options{}) {
				got += string(p.Text) + map[End]string{Newline: "/", FormFeed: "^", EOF: "$"}[p.End]
			}
			if got != c.want {
				t.Errorf("%q: got %q, want %q", c.src, got, c.want)
			}
		}
	}
}

func TestDropsAndSubstitutions(t *testing.T) {
	src := "\ufeffso\u00adft\x00 \x1b[31mred\x1b[0m bad\xff end\u200b\u2060 \u202Eabc\u202C\u200E" + "z" + strings.Repeat("\u0301", 35)
	ps := read(t, strings.NewReader(src), Options{})
	if len(ps) != 1 {
		t.Fatalf("%d pieces", len(ps))
	}
	if want := "soft red bad\\xFF end\u200b abc\u200E" + "z" + strings.Repeat("\u0301", 30); string(ps[0].Text) != want {
		t.Errorf("text\n got %q\nwant %q", ps[0].Text, want)
	}
	var got []string
	for _, n := range ps[0].Notes {
		got = append(got, string(n.Reason)+":"+src[n.Start:n.End]+">"+n.Drawn)
	}
	want := []string{
		"byte order mark:\ufeff>", "soft hyphen:\u00ad>", "control character:\x00>",
		"ANSI escape sequence:\x1b[31m>", "ANSI escape sequence:\x1b[0m>", `invalid UTF-8:` + "\xff" + `>\xFF`,
		"zero-width space:\u200b>", "invisible format character:\u2060>", "bidi control:\u202e>", "bidi control:\u202c\u200e>",
		"combining marks beyond 30 on one base:" + strings.Repeat("\u0301", 5) + ">",
	}
	if strings.Join(got, "|") != strings.Join(want, "|") {
		t.Errorf("notes\n got %q\nwant %q", got, want)
	}
	if !ps[0].Bidi {
		t.Error("the mark of direction was not seen")
	}
}

// rebuild puts the source together again from what the pieces say: text that
// is in step with the source, and notes for the rest.
func rebuild(src []byte, ps []Piece) []byte {
	var out []byte
	pos := int64(0)
	for _, p := range ps {
		for i, a := range p.Anchors {
			out = append(out, src[pos:a.Src]...) // dropped, substituted or the newline before
			if a.Drawn {
				pos = a.Src
				continue
			}
			end := len(p.Text)
			if i+1 < len(p.Anchors) {
				end = p.Anchors[i+1].Text
			}
			out = append(out, p.Text[a.Text:end]...)
			pos = a.Src + int64(end-a.Text)
		}
	}
	return append(out, src[pos:]...)
}

// anyText mixes what goes wrong: all kinds of runes, bytes and notations.
func anyText() *rapid.Generator[[]byte] {
	part := rapid.OneOf(
		rapid.String(),
		rapid.SampledFrom([]string{"\n", "\r\n", "\r", "\f", "\t", "  ", `\`, `\n`, `\\n`, "n", "↵", `\↵`, "\u200b", "\u00ad", "\ufeff", "\x1b[1m", "\x80", "e\u0301", "אב", "ab cd", "\u2028"}),
		rapid.Map(rapid.SliceOfN(rapid.Byte(), 0, 4), func(b []byte) string { return string(b) }),
	)
	return rapid.Map(rapid.SliceOfN(part, 0, 40), func(p []string) []byte { return []byte(strings.Join(p, "")) })
}

func TestNothingIsLost(t *testing.T) {
	markers := []*Marker{nil, mustMarker(t, ` \n `), mustMarker(t, "↵")}
	rapid.Check(t, func(t *rapid.T) {
		src := anyText().Draw(t, "src")
		o := Options{Marker: rapid.SampledFrom(markers).Draw(t, "marker"), FormFeedMark: rapid.Bool().Draw(t, "ff")}
		ps := read(t, bytes.NewReader(src), o)
		checkPieces(t, src, ps)
	})
}

func checkPieces(t interface{ Fatalf(string, ...any) }, src []byte, ps []Piece) {
	if got := rebuild(src, ps); !bytes.Equal(got, src) {
		t.Fatalf("rebuilt %q from %q", got, src)
	}
	end := int64(0)
	for _, p := range ps {
		if !utf8.Valid(p.Text) {
			t.Fatalf("piece %q is not UTF-8", p.Text)
		}
		if p.EndSrc < end || p.EndSrc == end && p.End == Continues {
			t.Fatalf("piece ends at %d after %d", p.EndSrc, end)
		}
		// Every byte of text either is the source's or lies in a note.
		noted := func(off int64) bool {
			for _, n := range p.Notes {
				if off >= n.Start && off < n.End {
					return true
				}
			}
			return false
		}
		for i := range p.Text {
			if at := p.Src(i); at >= int64(len(src)) || src[at] != p.Text[i] && !noted(at) {
				t.Fatalf("text byte %d (%q) is said to be from source byte %d", i, p.Text[i], at)
			}
		}
		end = p.EndSrc
	}
	if end != int64(len(src)) {
		t.Fatalf("pieces end at %d of %d", end, len(src))
	}
}

func TestLongLinesArePieces(t *testing.T) {
	for name, src := range map[string]string{
		"spaces":      strings.Repeat("word ", 50_000),
		"none":        strings.Repeat("x", 200_000),
		"cjk":         strings.Repeat("漢字", 40_000),
		"marks":       strings.Repeat("e\u0301\u0302", 40_000),
		"only marks":  strings.Repeat("\u0301", 100_000),
		"backslashes": strings.Repeat(`\`, 100_000),
		"zwj":         strings.Repeat("👩\u200d", 30_000),
	} {
		ps := read(t, strings.NewReader(src), Options{Marker: mustMarker(t, "↵")})
		if len(ps) < 2 {
			t.Errorf("%s: %d pieces", name, len(ps))
		}
		for _, p := range ps {
			if len(p.Text) > 2*MaxPiece {
				t.Errorf("%s: a piece of %d bytes", name, len(p.Text))
			}
		}
		if name != "backslashes" {
			checkPieces(t, []byte(src), ps)
		}
	}
}

func mustMarker(t interface{ Fatal(...any) }, s string) *Marker {
	m, err := NewMarker(s)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func TestMarkerNotation(t *testing.T) {
	for _, c := range []struct{ marker, src, want string }{
		{"↵", "a\nb", "a↵b"},
		{"↵", "a↵b\n", `a\↵b↵`},
		{"↵", `C:\dir\new`, `C:\dir\new`},
		{"↵", "a\\\nb", `a\\↵b`},
		{"↵", `a\↵`, `a\\\↵`},
		{`\n`, "a\nb", `a\nb`},
		{`\n`, `printf("a\n")` + "\n", `printf("a\\n")\n`},
		{`\n`, `C:\new\dir`, `C:\\new\dir`},
		{`\n`, "nn\nn", `nn\nn`},
	} {
		m := mustMarker(t, c.marker)
		if got := m.Encode(c.src); got != c.want {
			t.Errorf("marker %s: %q drawn as %q, want %q", c.marker, c.src, got, c.want)
		}
		if got := m.Decode(c.want); got != c.src {
			t.Errorf("marker %s: %q read as %q, want %q", c.marker, c.want, got, c.src)
		}
	}
	for _, bad := range []string{"", "  ", `\`, `\\n`, "--", "<n<", `a\b`, "[", "nl"} {
		if _, err := NewMarker(bad); err == nil {
			t.Errorf("marker %q was accepted", bad)
		}
	}
}

func TestMarkerRoundTrip(t *testing.T) {
	markers := []string{`\n`, "↵", "<br>", "¶", "|/", `\nl`}
	rapid.Check(t, func(t *rapid.T) {
		m := mustMarker(t, rapid.SampledFrom(markers).Draw(t, "marker"))
		alphabet := append([]rune(m.core), '\\', '\n', 'n', 'x', ' ')
		s := rapid.StringOf(rapid.SampledFrom(alphabet)).Draw(t, "s")
		drawn := m.Encode(s)
		if strings.Contains(drawn, "\n") {
			t.Fatalf("%q still has a newline", drawn)
		}
		if got := m.Decode(drawn); got != s {
			t.Fatalf("%q was drawn as %q and read as %q", s, drawn, got)
		}
	})
}

// The scanner draws what Encode says.
func TestScannerUsesNotation(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		m := mustMarker(t, rapid.SampledFrom([]string{`\n`, "↵", "<br>"}).Draw(t, "marker"))
		s := rapid.StringOf(rapid.SampledFrom(append([]rune(m.core), '\\', '\n', 'n', 'x', ' '))).Draw(t, "s")
		got := ""
		for _, p := range read(t, strings.NewReader(s), Options{Marker: m}) {
			got += string(p.Text)
			if p.End == Newline {
				got += m.core
			}
		}
		if got != m.Encode(s) {
			t.Fatalf("scanned %q, want %q", got, m.Encode(s))
		}
	})
}

// What is dropped between a backslash and what it stands before does not hide
// the one from the other.
func TestNotationIsOfDrawnText(t *testing.T) {
	for _, c := range []struct{ marker, src, want string }{
		{`\n`, "C:\\\u200bnew", `C:\\new`},
		{`\n`, "x\\\u00ad\ny", `x\\\ny`},
		{`↵`, "end\\\u00ad\n", `end\\↵`},
		{`↵`, "next \\\u200b\u21b5 lit", `next \\\↵ lit`},
		{`↵`, "a\\\x1b[0m\n", `a\\↵`},
		{`\x`, "a\x85b", `a\\x85b`},
		{`<br>`, "<b\u200dr>", `\<br>`},
	} {
		m := mustMarker(t, c.marker)
		got := ""
		ps := read(t, strings.NewReader(c.src), Options{Marker: m})
		for _, p := range ps {
			got += string(p.Text)
			if p.End == Newline {
				got += m.core
			}
		}
		if got != c.want {
			t.Errorf("marker %s: %q is drawn as %q, want %q", c.marker, c.src, got, c.want)
		}
	}
}

func FuzzScanner(f *testing.F) {
	files, _ := filepath.Glob("../../../*.md")
	for _, name := range files {
		if b, err := os.ReadFile(name); err == nil {
			f.Add(b[:min(len(b), 4096)], true, false)
		}
	}
	f.Add([]byte("a\r\nb\xff\x1b[0m↵\\\n"), true, true)
	f.Fuzz(func(t *testing.T, src []byte, marked, ff bool) {
		o := Options{FormFeedMark: ff}
		if marked {
			o.Marker = mustMarker(t, "↵")
		}
		checkPieces(t, src, read(t, bytes.NewReader(src), o))
	})
}

func BenchmarkScanner(b *testing.B) {
	line := strings.Repeat("The quick brown fox jumps over the lazy dog. ", 2) + "\n"
	src := []byte(strings.Repeat(line, 10_000))
	b.SetBytes(int64(len(src)))
	for b.Loop() {
		sc := NewScanner(bytes.NewReader(src), Options{})
		for {
			if _, err := sc.Next(); err != nil {
				break
			}
		}
	}
}
