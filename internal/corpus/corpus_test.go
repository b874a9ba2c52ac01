package corpus

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"io"
	"strings"
	"testing"
	"testing/iotest"
	"unicode/utf8"
)

const sampleSize = 450_000

// golden holds the SHA-256 of the first 450,000 bytes, seed 1. A changed value
// means that every measurement made with the corpus is void.
var golden = map[Kind]string{
	Prose:        "194520d6bdd29b6faeb72b99fdd1fbd45e0d494eea09a92cce0aa6eae2a6fe8f",
	Licence:      "10567942b74fa413fb49efd56af64bc190815c70745ebb22a0b830113d8ab84b",
	Code:         "8a67497b76bd34bdd297d9efc3d790fc5b68ad2a00e494b4b26392d53f48eeac",
	Log:          "96ae78259d5e8a544047dc05c192bcc8e5a62dc6de50d2c2ee410fd93f93839f",
	Markdown:     "e1bf06018ed0f91d8fdc20b4d520b5f54539be116680c9733f2dad00aade9f67",
	Table:        "1f2fc83f48167549bb4ba366e740142f6526607547ea7441da6106fd9b2fea03",
	JSON:         "5fb25b4063bbc550d9698d4df861333c78bec38e8dcfcca7d3754fc15cb96b27",
	Chinese:      "d7d2b0b730f957ff3d0874dc84d4a0dc87b3c0837417c5e653edb2e0f86df247",
	Japanese:     "4ac655eaf73bc45e0e827223c966ef6c05d112073a621d687bac199cb6d5ffe9",
	Multilingual: "21c85af9fd2cbe32fb108493dbddafac8a0ad2de21b163442ec17c0731329976",
}

func read(t *testing.T, kind Kind, seed uint64, size int64) []byte {
	t.Helper()
	b, err := io.ReadAll(New(kind, seed, size))
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func TestGolden(t *testing.T) {
	for _, kind := range Kinds() {
		sum := sha256.Sum256(read(t, kind, 1, sampleSize))
		if got := hex.EncodeToString(sum[:]); got != golden[kind] {
			t.Errorf("%s: SHA-256 %s, want %q", kind, got, golden[kind])
		}
	}
}

// TestReader checks the contract of New with odd read sizes and odd lengths.
func TestReader(t *testing.T) {
	for _, kind := range Kinds() {
		long := read(t, kind, 7, 40_000)
		for _, size := range []int64{-1, 0, 1, 2, 3, 4, 5, 101, 16_383, 16_385, 39_999} {
			got, err := io.ReadAll(iotest.OneByteReader(New(kind, 7, size)))
			if err != nil {
				t.Fatal(err)
			}
			if len(got) != int(max(size, 0)) {
				t.Errorf("%s: %d bytes, want %d", kind, len(got), size)
			}
			if !utf8.Valid(got) {
				t.Errorf("%s: %d bytes are not valid UTF-8", kind, size)
			}
			if same := max(0, len(got)-3); !bytes.Equal(got[:same], long[:same]) {
				t.Errorf("%s: %d bytes are not the beginning of a longer text", kind, size)
			}
		}
		if bytes.Equal(long, read(t, kind, 8, 40_000)) {
			t.Errorf("%s: seeds 7 and 8 give the same text", kind)
		}
	}
}

func TestKinds(t *testing.T) {
	if len(Kinds()) != len(blocks) {
		t.Errorf("%d kinds, %d generators", len(Kinds()), len(blocks))
	}
	for _, kind := range Kinds() {
		if got, err := ParseKind(string(kind)); err != nil || got != kind {
			t.Errorf("ParseKind(%q) = %q, %v", kind, got, err)
		}
	}
	if _, err := ParseKind("novel"); err == nil || !strings.Contains(err.Error(), "licence") {
		t.Errorf("ParseKind of an unknown kind: %v, want an error that lists the kinds", err)
	}
}

// TestShape holds the proportions that the package comment states.
func TestShape(t *testing.T) {
	for _, kind := range Kinds() {
		text := string(read(t, kind, 1, sampleSize))
		tokens := map[string]bool{}
		for _, word := range strings.Fields(text) {
			tokens[word] = true
		}
		chars, other := 0, 0
		runes := map[rune]bool{}
		for _, r := range text {
			chars++
			runes[r] = true
			if r >= utf8.RuneSelf {
				other++
			}
			if r < ' ' && r != '\n' && r != '\t' || r == utf8.RuneError {
				t.Fatalf("%s has the character %U", kind, r)
			}
		}
		line := float64(chars) / float64(strings.Count(text, "\n"))
		foreign := 100 * float64(other) / float64(chars)
		t.Logf("%-13s %6d %11.1f %9.2f %% %8d", kind, len(tokens), line, foreign, len(runes))
		switch kind {
		case Licence:
			if line < 49.5 || line > 52 || foreign < 0.1 || foreign > 0.3 {
				t.Errorf("licence: mean line %.1f, %.2f %% not ASCII; want about 50.7 and 0.2", line, foreign)
			}
			fallthrough
		case Prose:
			if len(tokens) < 6_000 || len(tokens) > 11_000 {
				t.Errorf("%s: %d distinct tokens, want 6 to 11 thousand", kind, len(tokens))
			}
		case Chinese, Japanese:
			if len(runes) < 2_000 {
				t.Errorf("%s: %d distinct characters, want 2000 or more", kind, len(runes))
			}
		}
	}
}

// TestLicenceLines: hard-wrapped text has no line far beyond its columns.
func TestLicenceLines(t *testing.T) {
	lines := strings.Split(string(read(t, Licence, 1, sampleSize)), "\n")
	long, wrapped := 0, 0
	for _, line := range lines {
		switch n := utf8.RuneCountInString(line); {
		case n > 78:
			long++
		case n >= 62:
			wrapped++
		}
	}
	if long*50 > len(lines) {
		t.Errorf("%d of %d lines are over 78 columns; want 2 %% at most (lists and links)", long, len(lines))
	}
	if wrapped*3 < len(lines) {
		t.Errorf("%d of %d lines are of 62 to 78 columns; want a third or more", wrapped, len(lines))
	}
}

// TestIndentation: code has both tabs and spaces, tables have both separators.
func TestIndentation(t *testing.T) {
	code := string(read(t, Code, 1, sampleSize))
	for _, want := range []string{"\n\t\t", "\n        ", "func ", "def ", "#include", "    return"} {
		if !strings.Contains(code, want) {
			t.Errorf("code has no %q", want)
		}
	}
	table := string(read(t, Table, 1, sampleSize))
	if strings.Count(table, "\t") < 1000 || strings.Count(table, ",") < 1000 {
		t.Error("a table sample wants both tabs and commas")
	}
}

func TestJSONParses(t *testing.T) {
	dec := json.NewDecoder(New(JSON, 1, sampleSize))
	for n := 0; ; n++ {
		var v map[string]any
		if err := dec.Decode(&v); err == io.ErrUnexpectedEOF || err == io.EOF {
			if n < 500 {
				t.Errorf("%d objects, want 500 or more", n)
			}
			return
		} else if err != nil {
			t.Fatalf("object %d: %v", n, err)
		}
	}
}

// TestScripts: the multilingual text really holds what it promises.
func TestScripts(t *testing.T) {
	text := string(read(t, Multilingual, 1, sampleSize))
	for name, want := range map[string]string{
		"combining acute": "e\u0301", "Greek": "θάλασσα", "Cyrillic": "время", "Arabic": "كتاب", "Hebrew": "שלום",
		"Devanagari": "पानी", "Thai": "หนังสือ", "Hangul": "사람", "emoji": "🎉", "joined emoji": "👩\u200d💻", "flag": "🇫🇷",
	} {
		if !strings.Contains(text, want) {
			t.Errorf("no %s (%q)", name, want)
		}
	}
}

func TestConstantMemory(t *testing.T) {
	buf := make([]byte, 64<<10)
	for _, kind := range Kinds() {
		r := New(kind, 1, 1<<40).(*generator)
		for range 64 {
			if _, err := r.Read(buf); err != nil {
				t.Fatal(err)
			}
		}
		if held := cap(r.buf) + cap(r.tmp); held > 256<<10 {
			t.Errorf("%s holds %d bytes after 4 MB, want 256 KB at most", kind, held)
		}
	}
}

func BenchmarkRead(b *testing.B) {
	buf := make([]byte, 64<<10)
	for _, kind := range Kinds() {
		b.Run(string(kind), func(b *testing.B) {
			b.SetBytes(int64(len(buf)))
			b.ReportAllocs()
			r := New(kind, 1, 1<<62)
			for b.Loop() {
				if _, err := r.Read(buf); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
