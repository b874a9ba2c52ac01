package document

import (
	"cmp"
	"fmt"
	"slices"
	"unicode"
	"unicode/utf8"

	"github.com/gogs/chardet"
	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/htmlindex"
	textunicode "golang.org/x/text/encoding/unicode"
	"golang.org/x/text/encoding/unicode/utf32"
)

// A guess needs evidence: minConfidence is the least score in percent that is
// believed, minForeign the least number of bytes beyond ASCII to judge by. On
// sentences the right charset scores 50 to 100 (the cases of TestCharsets);
// but a single byte can score 75 as Cyrillic.
const (
	minConfidence = 20
	minForeign    = 4
)

// utf16Codec and utf32Codec keep a byte order mark as U+FEFF, so that it is
// reported like that of a UTF-8 document.
func utf16Codec(e textunicode.Endianness) encoding.Encoding {
	return textunicode.UTF16(e, textunicode.IgnoreBOM)
}

func utf32Codec(e utf32.Endianness) encoding.Encoding {
	return utf32.UTF32(e, utf32.IgnoreBOM)
}

// marked lists the byte order marks; that of UTF-32LE begins with UTF-16LE's.
var marked = []struct {
	mark, name string
	codec      encoding.Encoding
}{
	{"\xEF\xBB\xBF", utf8Name, nil},
	{"\xFF\xFE\x00\x00", "utf-32le", utf32Codec(utf32.LittleEndian)},
	{"\x00\x00\xFE\xFF", "utf-32be", utf32Codec(utf32.BigEndian)},
	{"\xFF\xFE", "utf-16le", utf16Codec(textunicode.LittleEndian)},
	{"\xFE\xFF", "utf-16be", utf16Codec(textunicode.BigEndian)},
}

// sniff decides how to read a document from its first bytes; whole says that
// they are all of it. The codec is nil for UTF-8.
func sniff(prefix []byte, whole bool, charset string) (Encoding, encoding.Encoding, error) {
	if charset != "" {
		return named(charset)
	}
	for _, m := range marked {
		if len(prefix) >= len(m.mark) && string(prefix[:len(m.mark)]) == m.mark {
			return Encoding{Name: m.name, Confidence: 100}, m.codec, nil
		}
	}
	asUTF8 := Encoding{Name: utf8Name, Confidence: 100}
	if kind := magic(prefix); kind != "" {
		return asUTF8, nil, &NotTextError{kind}
	}
	if enc, codec := unmarkedUTF16(prefix); codec != nil {
		return enc, codec, nil
	}
	// A few bad bytes do not make a UTF-8 document anything else: they are
	// drawn as \xHH. In other charsets, sequences that happen to be valid
	// UTF-8 are rarer than bytes that are not.
	if valid, invalid := countUTF8(prefix, whole); valid >= invalid || invalid < minForeign {
		return asUTF8, nil, nil
	}
	if enc, codec := guess(prefix); codec != nil {
		return enc, codec, nil
	}
	return asUTF8, nil, nil
}

// CheckCharset returns an error unless the label names a charset that a
// Document can have.
func CheckCharset(label string) error {
	_, _, err := named(label)
	return err
}

func named(label string) (Encoding, encoding.Encoding, error) {
	for _, m := range marked {
		if label == m.name {
			return Encoding{Name: m.name, Confidence: 100}, m.codec, nil
		}
	}
	codec, err := htmlindex.Get(label)
	if err == nil {
		name, err := htmlindex.Name(codec)
		switch {
		case err != nil || name == "replacement" || name == "x-user-defined":
		case name == utf8Name:
			return Encoding{Name: name, Confidence: 100}, nil, nil
		default:
			return Encoding{Name: name, Confidence: 100}, codec, nil
		}
	}
	return Encoding{}, nil, fmt.Errorf("unknown charset %q; accepted: the WHATWG labels, such as utf-8, utf-16le, windows-1252, windows-1251, koi8-r, gb18030, big5, shift_jis, euc-kr", label)
}

// unmarkedUTF16 finds UTF-16 without a byte order mark by its NULs: the high
// bytes of ASCII, which are all even or all odd. It needs four of them, and
// one in eight units to be ASCII, as line ends and spaces are even in scripts
// beyond Latin.
func unmarkedUTF16(prefix []byte) (Encoding, encoding.Encoding) {
	var nul [2]int
	for i, b := range prefix {
		if b == 0 {
			nul[i&1]++
		}
	}
	units := len(prefix) / 2
	many := max(4, units/8)
	switch {
	case nul[1] >= many && nul[0]*20 <= nul[1]: // U+DE00, half an emoji, has one too
		return Encoding{Name: "utf-16le", Guessed: true, Confidence: 90}, utf16Codec(textunicode.LittleEndian)
	case nul[0] >= many && nul[1]*20 <= nul[0]:
		return Encoding{Name: "utf-16be", Guessed: true, Confidence: 90}, utf16Codec(textunicode.BigEndian)
	}
	return Encoding{}, nil
}

// countUTF8 counts the valid sequences of two bytes and more, and the invalid
// bytes.
func countUTF8(b []byte, whole bool) (valid, invalid int) {
	for len(b) > 0 {
		if b[0] < utf8.RuneSelf {
			b = b[1:]
			continue
		}
		if !whole && !utf8.FullRune(b) {
			return valid, invalid
		}
		r, n := utf8.DecodeRune(b)
		if r == utf8.RuneError && n == 1 {
			invalid++
		} else {
			valid++
		}
		b = b[n:]
	}
	return valid, invalid
}

// guess asks the detector, which has no order among charsets of the same
// score: the name decides, so that the same bytes give the same answer.
func guess(prefix []byte) (Encoding, encoding.Encoding) {
	results, err := chardet.NewTextDetector().DetectAll(prefix)
	if err != nil {
		return Encoding{}, nil
	}
	slices.SortFunc(results, func(a, b chardet.Result) int {
		return cmp.Or(cmp.Compare(b.Confidence, a.Confidence), cmp.Compare(a.Charset, b.Charset))
	})
	for _, r := range results {
		if r.Confidence < minConfidence {
			break
		}
		enc, codec, err := named(r.Charset)
		// UTF-8, UTF-16 and UTF-32 were ruled out with better reasons.
		if err != nil || codec == nil || enc.Name[:3] == "utf" {
			continue
		}
		enc.Guessed, enc.Confidence = true, r.Confidence
		return enc, codec
	}
	return Encoding{}, nil
}

// signatures are first bytes that no text has. Most formats that they name
// would be found by their NULs as well: the table is for a clear message.
var signatures = []struct{ magic, kind string }{
	{"\x89PNG\r\n", "a PNG image"},
	{"\xFF\xD8\xFF", "a JPEG image"},
	{"GIF87a", "a GIF image"},
	{"GIF89a", "a GIF image"},
	{"II*\x00", "a TIFF image"},
	{"MM\x00*", "a TIFF image"},
	{"%PDF-", "a PDF document"},
	{"PK\x03\x04", "a ZIP archive or an office document"},
	{"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1", "an old office document"},
	{"\x1F\x8B", "gzip data"},
	{"BZh", "bzip2 data"},
	{"\xFD7zXZ\x00", "xz data"},
	{"\x28\xB5\x2F\xFD", "zstd data"},
	{"7z\xBC\xAF\x27\x1C", "a 7z archive"},
	{"Rar!\x1A\x07", "a RAR archive"},
	{"\x7FELF", "an ELF program"},
	{"\xCF\xFA\xED\xFE", "a Mach-O program"},
	{"\xCA\xFE\xBA\xBE", "a Java class or Mach-O program"},
	{"\x00asm", "a WebAssembly module"},
	{"SQLite format 3\x00", "an SQLite database"},
	{"\x00\x01\x00\x00", "a TrueType font"},
	{"OTTO\x00", "an OpenType font"},
	{"ttcf\x00", "a font collection"},
	{"wOFF", "a web font"},
	{"wOF2", "a web font"},
	{"OggS\x00", "Ogg media"},
	{"ID3\x03", "MP3 audio"},
	{"ID3\x04", "MP3 audio"},
	{"fLaC\x00", "FLAC audio"},
	{"RIFF", "RIFF media"},
}

func magic(prefix []byte) string {
	for _, s := range signatures {
		if len(prefix) < len(s.magic) || string(prefix[:len(s.magic)]) != s.magic {
			continue
		}
		// Those of letters only may also begin a text: it takes a control
		// character or half a UTF-8 sequence as well.
		if printable(s.magic) && s.kind != "a PDF document" && !strange(prefix) {
			continue
		}
		return s.kind
	}
	return ""
}

func printable(s string) bool {
	for i := range len(s) {
		if s[i] < ' ' || s[i] > '~' {
			return false
		}
	}
	return true
}

func strange(b []byte) bool {
	control, _ := countControls(b)
	_, invalid := countUTF8(b, false)
	return control+invalid > 0
}

// maxControls is the share of control characters above which bytes are no
// text: 1 in 20. Random bytes have more than 1 in 10.
const maxControls = 20

// notText says what the first UTF-8 of a document looks like if it is not
// text: "" if it is. A NUL is in no text, and in nearly all binary data.
func notText(sample []byte) string {
	control, nul := countControls(sample)
	switch {
	case nul*1000 > len(sample): // a stray one is dropped like any control character
		return fmt.Sprintf("binary data (%s in the first %d bytes)", count(nul, "NUL"), len(sample))
	case control > 0 && control*maxControls >= len(sample):
		return fmt.Sprintf("binary data (%s in the first %d bytes)", count(control, "control character"), len(sample))
	}
	return ""
}

// countControls leaves out what text files have: white space, backspace of
// overstruck manuals and escape of coloured logs.
func countControls(b []byte) (control, nul int) {
	for _, c := range b {
		switch {
		case c == 0:
			nul++
			control++
		case c < '\b', c > '\r' && c < 0x1B, c > 0x1B && c < ' ', c == 0x7F:
			control++
		}
	}
	return control, nul
}

func count(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}

// mostlyHan compares the areas that letters take: from Han to Hangul they are
// twice as wide as others. The reference takes a single Chinese character for
// a Chinese document.
func mostlyHan(sample []byte) bool {
	const firstWide = '\u2E80' // CJK radicals
	han, letters := 0, 0
	for len(sample) > 0 {
		c := sample[0]
		if c < utf8.RuneSelf {
			if c|0x20 >= 'a' && c|0x20 <= 'z' {
				letters++
			}
			sample = sample[1:]
			continue
		}
		r, n := utf8.DecodeRune(sample)
		sample = sample[n:]
		switch {
		case unicode.Is(unicode.Han, r):
			han += 2
			letters += 2
		case unicode.IsLetter(r) && r >= firstWide:
			letters += 2
		case unicode.IsLetter(r):
			letters++
		}
	}
	return 2*han > letters
}
