package tokens

import (
	"bytes"
	"errors"
	"io"
	"math/rand/v2"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"testing"
	"testing/iotest"

	"github.com/glyphkit/glyph/internal/corpus"
)

// tokenizers returns one of each way to split, normalize and find added tokens.
func tokenizers(tb testing.TB) map[string]*tokenizer {
	all := map[string]*tokenizer{"o200k": o200k.load(), "cl100k": cl100k.load(), "o200k digits": o200kDigits.load()}
	for _, name := range []string{"qwen3", "deepseek_v3", "gpt4o"} {
		c, err := FromTokenizerJSON(filepath.Join("testdata", "golden", name+".tokenizer.json"))
		if err != nil {
			tb.Fatal(err)
		}
		all[name] = c.(*exact).load()
	}
	added := func(list ...addedToken) *addedTokens { return newAddedTokens(list) }
	all["gpt2, digits, added tokens"] = &tokenizer{
		model: o200k.load().model, split: chain{isolate{classes(), number, 1}, gpt2{classes()}},
		raw:   added(addedToken{Content: "<|im_start|>", RStrip: true}, addedToken{Content: "  "}, addedToken{Content: "a b", LStrip: true}, addedToken{Content: "x"}),
		after: added(addedToken{Content: "<think>", SingleWord: true}, addedToken{Content: "c!", SingleWord: true, LStrip: true}),
	}
	all["nfc, added tokens"] = &tokenizer{
		model: cl100k.load().model, compose: true, split: words{classTable: classes(), digits: 1, inWord: letter | mark, contractions: true},
		raw:   added(addedToken{Content: "K"}, addedToken{Content: "\n\n", LStrip: true}),
		after: added(addedToken{Content: "é!"}, addedToken{Content: "Å ", RStrip: true}, addedToken{Content: "K <"}),
	}
	return all
}

// However a text is cut and read, its count is that of the whole.
func TestChunksAddUp(t *testing.T) {
	r := rand.New(rand.NewPCG(7, 8))
	readers := []func(io.Reader) io.Reader{
		func(r io.Reader) io.Reader { return r }, iotest.OneByteReader, iotest.HalfReader, iotest.DataErrReader,
	}
	for name, tok := range tokenizers(t) {
		for range 150 {
			text := randomText(r, r.IntN(600))
			want, err := tok.countText([]byte(text))
			if err != nil {
				t.Fatal(err)
			}
			chunk := 1 + r.IntN(200)
			got, err := tok.count(readers[r.IntN(len(readers))](strings.NewReader(text)), chunk)
			if got != want || err != nil {
				t.Errorf("%s: %q in chunks of %d has %d tokens, error %v; in one %d", name, text, chunk, got, err, want)
			}
		}
	}
	for _, kind := range corpus.Kinds() {
		text, _ := io.ReadAll(corpus.New(kind, 3, 3*chunkSize))
		want, _ := o200k.load().countText(text)
		if got, err := o200k.Count(bytes.NewReader(text)); got != want || err != nil {
			t.Errorf("%s: %d tokens, error %v; in one %d", kind, got, err, want)
		}
	}
}

// Texts are cut where they can be: between any two words.
func TestCutBefore(t *testing.T) {
	tok := o200k.load()
	for text, want := range map[string]int{
		"one two three": 7, "one": 0, "": 0, "don't": 0, "a1b2": 0, "一二，三四": 6, "e\u0301 x": 0, "x\n": 1, "x\n ": 1, "a b\xe4": 1,
	} {
		if got := tok.cutBefore([]byte(text), 0); got != want {
			t.Errorf("%q is cut before byte %d, want %d", text, got, want)
		}
	}
	// Normalized, U+FB1D is a letter and a mark, and the mark goes with "<".
	if got := (&tokenizer{compose: true}).cutBefore([]byte("\ufb1d<"), 0); got != 0 {
		t.Errorf("cut before byte %d, inside of a piece", got)
	}
}

func TestReadErrors(t *testing.T) {
	text := strings.Repeat("some text ", 1000)
	for _, want := range []error{errors.New("disk on fire"), io.ErrUnexpectedEOF} {
		r := io.MultiReader(strings.NewReader(text), iotest.ErrReader(want))
		if n, err := o200k.Count(r); n != 0 || !errors.Is(err, want) {
			t.Errorf("counted %d, error %v; want 0, %v", n, err, want)
		}
	}
	if _, err := o200k.Count(idle{}); !errors.Is(err, io.ErrNoProgress) {
		t.Errorf("a reader that gives nothing: error %v", err)
	}
}

type idle struct{}

func (idle) Read([]byte) (int, error) { return 0, nil }

// Bytes that are not UTF-8 count as the U+FFFD that is sent for them.
func TestInvalidUTF8(t *testing.T) {
	for text, valid := range map[string]string{
		"a\xffb":             "a\uFFFDb",
		"\xe4\xb8 \xe4\xb8":  "\uFFFD \uFFFD",
		"\xf0\x9f\x98\xc0ab": "\uFFFD\uFFFDab",
		"\xed\xa0\x80":       "\uFFFD\uFFFD\uFFFD",
	} {
		for _, chunk := range []int{1, chunkSize} {
			got, err := o200k.load().count(strings.NewReader(text), chunk)
			want, _ := o200k.Count(strings.NewReader(valid))
			if got != want || err != nil {
				t.Errorf("%q has %d tokens, error %v; %q has %d", text, got, err, valid, want)
			}
		}
	}
}

// The memory of a count does not grow with the text.
func TestMemory(t *testing.T) {
	allocated := func(size int64) uint64 {
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		if _, err := o200k.Count(corpus.New(corpus.Licence, 1, size)); err != nil {
			t.Fatal(err)
		}
		runtime.ReadMemStats(&after)
		return after.TotalAlloc - before.TotalAlloc
	}
	allocated(1_000_000) // tables, and the coders that are kept
	if n := allocated(10_000_000); n > 4_000_000 {
		t.Errorf("counting 10 MB allocated %d bytes in all, want at most 4 MB", n)
	}
}

func TestConcurrent(t *testing.T) {
	c, err := ForName("estimate:gemini")
	if err != nil {
		t.Fatal(err)
	}
	want, _ := c.Count(corpus.New(corpus.Markdown, 1, 300_000))
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() {
			if got, err := c.Count(corpus.New(corpus.Markdown, 1, 300_000)); got != want || err != nil {
				t.Errorf("%d tokens, error %v; want %d", got, err, want)
			}
		})
	}
	wg.Wait()
}
