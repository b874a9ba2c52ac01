package exact

import (
	"errors"
	"io"
	"runtime"
	"slices"
	"strings"
	"testing"
	"testing/iotest"
	"unicode/utf8"

	"github.com/glyphkit/glyph/exact/internal/lex"

	"pgregory.net/rapid"

	"github.com/glyphkit/glyph/internal/corpus"
)

func sample(t testing.TB, kind corpus.Kind, size int64) string {
	t.Helper()
	b, err := io.ReadAll(corpus.New(kind, 7, size))
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func scanAll(t testing.TB, r io.Reader) (found []String, tooLong []tooLongError) {
	t.Helper()
	for s, err := range Scan(r) {
		if e, ok := errors.AsType[*tooLongError](err); ok {
			tooLong = append(tooLong, *e)
			continue
		}
		if err != nil {
			t.Fatal(err)
		}
		found = append(found, s)
	}
	return found, tooLong
}

// chunks is a reader whose reads end where the sizes say.
type chunks struct {
	text  string
	sizes []int
}

func (c *chunks) Read(p []byte) (int, error) {
	if c.text == "" {
		return 0, io.EOF
	}
	n := len(c.text)
	if len(c.sizes) > 0 {
		n, c.sizes = c.sizes[0], c.sizes[1:]
	}
	n = copy(p, c.text[:min(n, len(c.text))])
	c.text = c.text[n:]
	return n, nil
}

func TestScanIsFindAtEveryChunking(t *testing.T) {
	texts := map[corpus.Kind]string{}
	for _, k := range corpus.Kinds() {
		texts[k] = sample(t, k, 700<<10)
	}
	texts["one line"] = strings.ReplaceAll(texts[corpus.JSON], "\n", "")
	texts["no blanks"] = strings.NewReplacer("\n", "", " ", "").Replace(texts[corpus.JSON])
	// Names are found by the language of the passage around them.
	texts["two languages"] = strings.Repeat(strings.Repeat("the old man came to Kragujevac by rail\n", 100)+
		strings.Repeat("der alte Mann kam gestern mit dem Zug nach Kragujevac\n", 100), 80)
	want := map[corpus.Kind][]String{}
	for k, text := range texts {
		want[k] = Find(text)
	}
	rapid.Check(t, func(t *rapid.T) {
		for k, text := range texts {
			sizes := rapid.SliceOfN(rapid.IntRange(1, 300<<10), 0, 8).Draw(t, "sizes")
			var got []String
			for s, err := range Scan(&chunks{text, sizes}) {
				if err != nil {
					t.Fatal(err)
				}
				got = append(got, s)
			}
			if !slices.Equal(got, want[k]) {
				t.Fatalf("%s in chunks of %v: %d strings, want %d", k, sizes, len(got), len(want[k]))
			}
			if len(text) > 600<<10 {
				delete(texts, k) // the large ones once
				texts[k] = strings.ToValidUTF8(text[:10<<10], "")
				want[k] = Find(texts[k])
			}
		}
	})
}

func TestNamesAreFoundInEnglishOnly(t *testing.T) {
	english := strings.Repeat("the old man came to Kragujevac by rail\n", 100)
	german := strings.Repeat("der alte Mann kam gestern mit dem Zug nach Kragujevac\n", 100)
	for name, c := range map[string]struct {
		text string
		want int
	}{"English": {english, 100}, "German": {german, 0}, "few words": {"Kragujevac\nwir kamen in Kragujevac an\n", 2}} {
		if got := Find(c.text); len(got) != c.want {
			t.Errorf("%s: %d names, want %d", name, len(got), c.want)
		}
	}
}

func TestFindDoesNotDependOnProcessors(t *testing.T) {
	text := sample(t, corpus.Log, 1<<20)
	want := Find(text)
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(1))
	if got := Find(text); !slices.Equal(got, want) {
		t.Errorf("one processor finds %d strings, more find %d", len(got), len(want))
	}
}

func TestStringsOfALongLineAreWhole(t *testing.T) {
	// The blanks between the codes put the window's end at every place of one.
	for pad := range 24 {
		text := strings.Repeat("x", pad) + strings.Repeat(" INV-2041-77", 20000)
		found := Find(text)
		if len(found) != 20000 {
			t.Fatalf("%d strings, want 20000", len(found))
		}
		for _, s := range found {
			if s.Text != "INV-2041-77" {
				t.Fatalf("pad %d: %q at %d", pad, s.Text, s.Start)
			}
		}
	}
}

func TestTooLongRunIsReported(t *testing.T) {
	for _, n := range []int{maxSegment + 1, 3*maxSegment + 5, 20 * maxSegment} {
		text := "a INV-1 b\n" + strings.Repeat("Q7", n/2) + " INV-2 " + strings.Repeat("Z", n)
		found, tooLong := scanAll(t, strings.NewReader(text))
		if len(found) != 2 || found[0].Text != "INV-1" || found[1].Text != "INV-2" {
			t.Errorf("%d: found %v", n, found)
		}
		if len(tooLong) != 2 || tooLong[0].Start != 10 || tooLong[1].End != int64(len(text)) {
			t.Errorf("%d: too long %v in %d bytes", n, tooLong, len(text))
		}
		if !slices.Equal(found, Find(text)) {
			t.Errorf("%d: Find differs", n)
		}
	}
}

// Each of these made some matcher read to the end of the line from every word.
func TestLongRunsAreReadOnce(t *testing.T) {
	for _, piece := range []string{"a-", "a.", "1.", "1,234,", "A/", "ab:", "a%", "a@", "0x1/", "1-", "é.", "“", "'a", "(1", "$", "1 ", "Mar ", "+1 ", "q1w2", "::", "../",
		"1-\n", "ISO ", "AAAA ", "DE89 ", "two years ", "1 ", "1/", "1x", "1–", "1 ± ", "§ 1 Abs. ", "May ", "’01. 9", "三十", "Ab ", "A. ", "a::", "--a=", "Act ", "1:2.3-4~", "<http://a/\n"} {
		text := strings.Repeat(piece, 200<<10/len(piece))
		found := Find(text)
		checkStrings(t, text, found)
		got, _ := scanAll(t, strings.NewReader(text))
		if !slices.Equal(got, found) {
			t.Errorf("%q: Scan finds %d strings, Find %d", piece, len(got), len(found))
		}
	}
}

func TestScanStopsAndFails(t *testing.T) {
	for range Scan(strings.NewReader(sample(t, corpus.Log, 600<<10))) {
		break
	}
	var last error
	for _, err := range Scan(io.MultiReader(strings.NewReader("INV-1\n"), iotest.ErrReader(io.ErrUnexpectedEOF))) {
		last = err
	}
	if !errors.Is(last, io.ErrUnexpectedEOF) {
		t.Errorf("last error %v", last)
	}
}

func TestScanMemoryIsBounded(t *testing.T) {
	live := func(size int64) uint64 {
		var peak uint64
		n := 0
		for range Scan(corpus.New(corpus.Log, 1, size)) {
			if n++; n%100000 == 0 {
				var m runtime.MemStats
				runtime.GC()
				runtime.ReadMemStats(&m)
				peak = max(peak, m.HeapAlloc)
			}
		}
		return peak
	}
	if small, large := live(4<<20), live(12<<20); large > small+8<<20 {
		t.Errorf("live heap of %d bytes at 4 MiB, %d at 12 MiB", small, large)
	}
}

func checkStrings(t *testing.T, text string, found []String) {
	t.Helper()
	end := int64(0)
	for _, s := range found {
		if s.Start < end || s.End <= s.Start || s.End > int64(len(text)) || s.Text != lex.OneLine(text[s.Start:s.End], s.Kind) {
			t.Fatalf("%+v after byte %d of %q", s, end, text)
		}
		if _, ok := worths[s.Kind]; !ok {
			t.Fatalf("kind %q", s.Kind)
		}
		if strings.ContainsAny(s.Text, "\r\n") || strings.TrimSpace(s.Text) != s.Text || !utf8.ValidString(s.Text) {
			t.Fatalf("%q has white space at its ends, or is not UTF-8", s.Text)
		}
		end = s.End
	}
}

func FuzzFind(f *testing.F) {
	for _, k := range corpus.Kinds() {
		f.Add(sample(f, k, 2000))
	}
	for _, s := range []string{"12 Mar", "12th March,", "Mar 12,", "Tue, ", "1e", "$", "+(1)", "v1.", "a@b.", "EUR ", "0x", "--", "http://", "C:\\", "5 °"} {
		f.Add(s)
	}
	f.Add("12年3月 '’“a”’ +(1) ::1::2 $ €5,5 1,2,3.4e-5% \\\\x http://[::1]:8/(a)). v1.-2 Mar 3 00:00:60 0x 0b")
	f.Fuzz(func(t *testing.T, text string) {
		found := Find(text)
		checkStrings(t, text, found)
		got, _ := scanAll(t, iotest.OneByteReader(strings.NewReader(text)))
		if !slices.Equal(got, found) {
			t.Fatalf("Scan gives %v, Find %v", got, found)
		}
	})
}

func BenchmarkFindAndSheet10MB(b *testing.B) {
	text := sample(b, corpus.Log, 10<<20)
	b.SetBytes(int64(len(text)))
	for b.Loop() {
		found := Find(text)
		if _, err := NewSheet(onPages(found, text), SheetOptions{EmPx: 8, Budget: 2000, Count: countWords}); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkFind(b *testing.B) {
	for _, k := range corpus.Kinds() {
		b.Run(string(k), func(b *testing.B) {
			text := sample(b, k, 1<<20)
			b.SetBytes(int64(len(text)))
			for b.Loop() {
				Find(text)
			}
		})
	}
}
