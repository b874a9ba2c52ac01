package document

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/glyphkit/glyph/internal/bundles"

	"golang.org/x/text/encoding/htmlindex"
	"golang.org/x/text/encoding/unicode"
	"golang.org/x/text/encoding/unicode/utf32"
)

func textDocument(name string, data []byte) *Document {
	return &Document{Name: name, Open: func() (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(data)), nil }}
}

// readText returns the document's text, read in chunks of one byte to cut
// through every sequence.
func readText(t *testing.T, d *Document) (*Text, string) {
	t.Helper()
	text, err := d.Text()
	if err != nil {
		t.Fatal(err)
	}
	defer text.Close()
	got, err := io.ReadAll(iotest.OneByteReader(text))
	if err != nil {
		t.Fatal(err)
	}
	return text, string(got)
}

func encode(t *testing.T, charset, s string) []byte {
	t.Helper()
	codec, err := htmlindex.Get(charset)
	if err != nil {
		t.Fatal(err)
	}
	data, err := codec.NewEncoder().Bytes([]byte(s))
	if err != nil {
		t.Fatal(err)
	}
	return data
}

func TestCharsets(t *testing.T) {
	for _, c := range []struct{ charset, text string }{
		{"windows-1252", "The résumé was naïve, but the café stayed open all day.\n"},
		{"windows-1252", "Der Bär läuft über die Brücke und hört die Vögel. Straße, größer.\n"},
		{"windows-1252", "“Smart quotes” — it’s fine\n"},
		{"windows-1251", "Привет, мир. Это простой текст на русском языке.\n"},
		{"koi8-r", "Привет, мир. Это простой текст на русском языке.\n"},
		{"gb18030", "这是一个简单的中文文本，用来测试编码。\n"},
		{"big5", "這是一個簡單的中文文本，用來測試編碼。\n"},
		{"shift_jis", "これは日本語のテキストです。文字コードのテスト。\n"},
		{"euc-jp", "これは日本語のテキストです。文字コードのテスト。\n"},
		{"euc-kr", "이것은 한국어 텍스트입니다. 인코딩 시험.\n"},
	} {
		t.Run(c.charset, func(t *testing.T) {
			text, got := readText(t, textDocument("a", encode(t, c.charset, c.text)))
			if text.Encoding.Name != c.charset || !text.Encoding.Guessed || got != c.text {
				t.Errorf("read as %+v: %q, want %q as %s", text.Encoding, got, c.text, c.charset)
			}
		})
	}
}

// The detector asks its recognisers at the same time; the answer must not
// depend on which is first.
func TestCharsetGuessIsStable(t *testing.T) {
	data := encode(t, "windows-1252", "“Smart quotes” — it’s fine\n")
	want, _, _ := sniff(data, true, "")
	for range 50 {
		if got, _, _ := sniff(data, true, ""); got != want {
			t.Fatalf("guessed %+v, before %+v", got, want)
		}
	}
}

func TestUnicodeEncodings(t *testing.T) {
	const text = "Grüße, 世界 🙂\nnext line\n"
	utf16 := func(e unicode.Endianness, b unicode.BOMPolicy) []byte {
		data, _ := unicode.UTF16(e, b).NewEncoder().Bytes([]byte(text))
		return data
	}
	utf32le, _ := utf32.UTF32(utf32.LittleEndian, utf32.UseBOM).NewEncoder().Bytes([]byte(text))
	for _, c := range []struct {
		name, encoding, want string
		data                 []byte
	}{
		{"UTF-8", "utf-8", text, []byte(text)},
		{"UTF-8 with mark", "utf-8", "\uFEFF" + text, []byte("\uFEFF" + text)},
		{"UTF-16LE with mark", "utf-16le", "\uFEFF" + text, utf16(unicode.LittleEndian, unicode.UseBOM)},
		{"UTF-16BE with mark", "utf-16be", "\uFEFF" + text, utf16(unicode.BigEndian, unicode.UseBOM)},
		{"UTF-16LE", "utf-16le", text, utf16(unicode.LittleEndian, unicode.IgnoreBOM)},
		{"UTF-16BE", "utf-16be", text, utf16(unicode.BigEndian, unicode.IgnoreBOM)},
		{"UTF-32LE with mark", "utf-32le", "\uFEFF" + text, utf32le},
		{"a few bad bytes", "utf-8", text + "\xFF" + text, []byte(text + "\xFF" + text)},
		{"bad bytes that are no charset", "utf-8", "a \xE9", []byte("a \xE9")},
	} {
		t.Run(c.name, func(t *testing.T) {
			got, s := readText(t, textDocument("a", c.data))
			if got.Encoding.Name != c.encoding || s != c.want {
				t.Errorf("read as %+v: %q, want %q as %s", got.Encoding, s, c.want, c.encoding)
			}
		})
	}
}

func TestUTF8PrefixMayEndInsideARune(t *testing.T) {
	for shift := range 4 {
		s := strings.Repeat("a", shift) + strings.Repeat("🙂", sniffSize/4+10)
		text, got := readText(t, textDocument("a", []byte(s)))
		if text.Encoding.Name != utf8Name || got != s {
			t.Errorf("shift %d: read as %+v, same text: %v", shift, text.Encoding, got == s)
		}
	}
}

func TestReplacedCharactersAreCounted(t *testing.T) {
	// A surrogate without its partner, twice.
	data := []byte("\xFF\xFEa\x00\x00\xD8b\x00\x00\xD8c\x00")
	text, s := readText(t, textDocument("a", data))
	if n := text.Replaced(); n != 2 || s != "\uFEFFa\uFFFDb\uFFFDc" {
		t.Errorf("%d replaced in %q", n, s)
	}
}

func TestEncodingCanBeGiven(t *testing.T) {
	const want = "Žluťoučký kůň"
	d := textDocument("a", encode(t, "iso-8859-2", want))
	d.Charset = "latin2"
	text, got := readText(t, d)
	if got != want || text.Encoding != (Encoding{Name: "iso-8859-2", Confidence: 100}) {
		t.Errorf("read as %+v: %q", text.Encoding, got)
	}
	for _, bad := range []string{"klingon", "", "replacement", "iso-2022-kr"} {
		if err := CheckCharset(bad); err == nil {
			t.Errorf("charset %q is accepted", bad)
		}
	}
}

func TestHan(t *testing.T) {
	for s, want := range map[string]bool{
		"一个中文的文本 with a word":        true,
		"an English text with one 字": false,
		"日本語は、ひらがなとカタカナも、つかいます。":     false,
		"12345": false,
	} {
		if text, _ := readText(t, textDocument("a", []byte(s))); text.Han != want {
			t.Errorf("%q: mostly Han %v", s, text.Han)
		}
	}
}

func TestNotText(t *testing.T) {
	for data, kind := range map[string]string{
		"\x89PNG\r\n\x1A\n\x00\x00":     "a PNG image",
		"%PDF-1.7\n%\xE2\xE3\xCF\xD3\n": "a PDF document",
		"PK\x03\x04\x14\x00":            "a ZIP archive",
		"\x1F\x8B\x08\x00":              "gzip data",
		"\x7FELF\x02\x01\x01":           "an ELF program",
		"RIFF\x24\x00\x00\x00WAVE":      "RIFF media",
		"text with a \x00 in it":        "binary data (1 NUL",
		"\x01\x02\x03 abc":              "binary data (3 control characters",
	} {
		_, err := textDocument("a", []byte(data)).Text()
		var notText *NotTextError
		if !errors.As(err, &notText) || !strings.HasPrefix(notText.Kind, kind) {
			t.Errorf("%q: %v, want %s", data, err, kind)
		}
	}
	for _, text := range []string{"RIFF is a word", "GIF89a was a format", "BZh", "\x1B[31mred\x1B[0m", "over\b_struck", "MZ"} {
		if _, err := textDocument("a", []byte(text)).Text(); err != nil {
			t.Errorf("%q: %v", text, err)
		}
	}
	if _, err := textDocument("a", nil).Text(); !errors.Is(err, ErrEmpty) {
		t.Errorf("no bytes: %v, want ErrEmpty", err)
	}
}

func TestFind(t *testing.T) {
	dir := t.TempDir()
	t.Chdir(dir)
	for _, name := range []string{
		"b.txt", "a.md", ".hidden", ".git/config", "docs/one.md", "docs/two.txt", "docs/deep/three.md",
		"docs/.cache/four.md", "docs/CVS/Root", "we[ird].md", "out/page-000001.png",
	} {
		os.MkdirAll(filepath.Dir(name), 0o777)
		if err := os.WriteFile(name, []byte(name), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	os.WriteFile("out/manifest.json", []byte(bundles.Start+"1\"}"), 0o666)
	base := filepath.Base(dir)
	for _, c := range []struct {
		args   []string
		want   string
		hidden int
	}{
		{[]string{"b.txt", "a.md"}, "b.txt a.md", 0},
		{[]string{"."}, "a.md b.txt docs/deep/three.md docs/one.md docs/two.txt out we[ird].md", 4},
		{[]string{"docs"}, "docs/deep/three.md docs/one.md docs/two.txt", 2},
		{[]string{"docs/*.md"}, "docs/one.md", 0},
		{[]string{"**/*.md"}, "a.md docs/deep/three.md docs/one.md out we[ird].md", 0},
		{[]string{"d*/**/t*"}, "docs/deep/three.md docs/two.txt", 0},
		{[]string{"./?.[tm]*"}, "a.md b.txt", 0},
		{[]string{"we[ird].md"}, "we[ird].md", 0},
		{[]string{".h*"}, ".hidden", 0},
		{[]string{filepath.Join(dir, "docs")}, "docs/deep/three.md docs/one.md docs/two.txt", 2},
		{[]string{filepath.Join(dir, "b.txt"), "-"}, "b.txt stdin", 0},
		{[]string{filepath.Join(dir, "*.txt")}, "b.txt", 0},
	} {
		docs, hidden, err := Find(t.Context(), c.args, strings.NewReader(""))
		if err != nil {
			t.Errorf("%q: %v", c.args, err)
			continue
		}
		var names []string
		for _, d := range docs {
			names = append(names, d.Name)
			if strings.Contains(d.Name, base) {
				t.Errorf("%q: name %q tells where it stands", c.args, d.Name)
			}
		}
		if got := strings.Join(names, " "); got != c.want || hidden != c.hidden {
			t.Errorf("%q: %s and %d hidden, want %s and %d", c.args, got, hidden, c.want, c.hidden)
		}
	}
	for _, args := range [][]string{{"missing"}, {"*.none"}, {"none/**"}, {"a[.md"}, {"-", "-"}} {
		if docs, _, err := Find(t.Context(), args, nil); err == nil {
			t.Errorf("%q: %d documents, want an error", args, len(docs))
		}
	}
}

func TestFindReportsWhatItCannotTake(t *testing.T) {
	t.Chdir(t.TempDir())
	os.WriteFile("a.txt", []byte("a"), 0o666)
	if err := os.Symlink("a.txt", "link.txt"); err != nil {
		t.Fatal(err)
	}
	docs, _, err := Find(t.Context(), []string{"."}, nil)
	if err != nil || len(docs) != 2 {
		t.Fatalf("%d documents, %v", len(docs), err)
	}
	if _, err := docs[1].Open(); err == nil || !docs[1].Found || !strings.Contains(err.Error(), "symbolic link") {
		t.Errorf("%s: %v", docs[1].Name, err)
	}
	docs, _, err = Find(t.Context(), []string{"link.txt"}, nil)
	if err != nil || len(docs) != 1 || docs[0].Found {
		t.Fatalf("a link that is named: %v", err)
	}
}

func FuzzText(f *testing.F) {
	f.Add([]byte("plain"), "")
	f.Add([]byte("\xFF\xFEa\x00\xD8\x00"), "")
	f.Add([]byte("\xE9t\xE9"), "")
	f.Add([]byte("\x82\xB1\x82\xEA\x82\xCD"), "shift_jis")
	f.Add([]byte("%PDF-"), "utf-16be")
	f.Fuzz(func(t *testing.T, data []byte, charset string) {
		d := textDocument("a", data)
		d.Charset = charset
		text, err := d.Text()
		if err != nil {
			return
		}
		got, err := io.ReadAll(text)
		if err != nil {
			t.Fatal(err)
		}
		if !text.Encoding.Transcoded() && !bytes.Equal(got, data) {
			t.Errorf("UTF-8 %q came as %q", data, got)
		}
		if source, out := text.Source(), text.UTF8(); source.Bytes != int64(len(data)) || out.Bytes != int64(len(got)) {
			t.Errorf("%d and %d bytes counted of %d and %d", source.Bytes, out.Bytes, len(data), len(got))
		}
	})
}

func ExampleFind() {
	docs, hidden, err := Find(context.Background(), []string{"-"}, strings.NewReader("A text from standard input.\n"))
	if err != nil {
		panic(err)
	}
	fmt.Println(docs[0].Name, hidden)
	// Output: stdin 0
}

func ExampleDocument_Text() {
	d := &Document{Name: "old.txt", Open: func() (io.ReadCloser, error) {
		return io.NopCloser(strings.NewReader("Der B\xE4r l\xE4uft \xFCber die Br\xFCcke und h\xF6rt die V\xF6gel.\n")), nil
	}}
	text, err := d.Text()
	if err != nil {
		panic(err)
	}
	defer text.Close()
	s, _ := io.ReadAll(text)
	fmt.Print(text.Encoding.Name, ": ", string(s))
	// Output: windows-1252: Der Bär läuft über die Brücke und hört die Vögel.
}
