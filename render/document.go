package render

import (
	"bufio"
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"hash"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"
	"unicode"
	"unicode/utf8"

	"github.com/gogs/chardet"
	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/htmlindex"
	textunicode "golang.org/x/text/encoding/unicode"
	"golang.org/x/text/encoding/unicode/utf32"
	"golang.org/x/text/transform"
)

// Document is one source of a bundle: a name and a way to read its bytes.
type Document struct {
	Name    string // as manifests and reports show it: slash-separated
	Size    int64  // bytes, for progress only; 0 if unknown
	Charset string // WHATWG label such as "windows-1251"; "" finds out

	// Found says that the caller did not name this document but a walk or a
	// pattern found it. One that holds no text is then skipped, not failed.
	Found bool

	Open func() (io.ReadCloser, error)
}

// Encoding says how the bytes of a document were read as text.
type Encoding struct {
	Name       string `json:"name"`       // WHATWG name in lower case, such as "utf-8" or "windows-1252"
	Guessed    bool   `json:"guessed"`    // from the frequency of bytes, which can err
	Confidence int    `json:"confidence"` // percent; 100 unless guessed
}

// Transcoded reports whether the text is not made of the document's own bytes.
func (e Encoding) Transcoded() bool { return e.Name != utf8Name }

const utf8Name = "utf-8"

// Text is the content of a document as UTF-8, to be read once, front to back.
// Bytes that are UTF-8 already pass through unchanged, a byte order mark and
// invalid ones included; other charsets are transcoded while they stream. It
// holds about 64 KiB however long the document is. Not safe for concurrent
// use.
type Text struct {
	Encoding Encoding

	// Han says that most letters in the first 64 KiB are Chinese characters.
	Han bool

	source, text *digest
	replaced     *replacements // nil unless transcoded
	close        func() error
}

// ErrEmpty is the error of a document of no bytes.
var ErrEmpty = errors.New("empty: there is no byte of text in it")

// NotTextError is the error of a document whose bytes are no text.
type NotTextError struct {
	Kind string // what they look like: "a PNG image"
}

func (e *NotTextError) Error() string {
	return "looks like " + e.Kind + ", not text; accepted: text in UTF-8, UTF-16 or another charset"
}

// FindDocuments turns command line arguments into documents, in their order:
//
//   - a file, whatever it is
//   - a directory: its files and those of its subdirectories, sorted
//   - a pattern, if no file has its name: * ? [a-z] within a name, ** for any
//     number of directories; it matches files
//   - "-": stdin
//
// Names are as given, with slashes; those of an absolute argument start at
// its last element, so that they do not tell where on a machine it stands.
//
// Walks leave out what is hidden (a leading dot) and the folders of version
// control, and count them in hidden. What else they cannot take, such as a
// symbolic link or a bundle of pages, is a document whose Open says so. An
// argument that names nothing is an error.
func FindDocuments(args []string, stdin io.Reader) (docs []*Document, hidden int, err error) {
	f := finder{}
	for i, arg := range args {
		if arg == "-" {
			if slices.Contains(args[:i], arg) {
				return nil, 0, errors.New(`"-" is given twice, and standard input can be read once`)
			}
			f.docs = append(f.docs, &Document{Name: "stdin", Open: func() (io.ReadCloser, error) { return io.NopCloser(stdin), nil }})
			continue
		}
		if err := f.find(arg); err != nil {
			return nil, 0, fmt.Errorf("finding %q: %w", arg, err)
		}
	}
	return f.docs, f.hidden, nil
}

type finder struct {
	docs   []*Document
	hidden int
}

func (f *finder) find(arg string) error {
	info, err := os.Stat(arg)
	switch {
	case err == nil && info.IsDir():
		return f.walk(arg, parent(arg), nil)
	case err == nil:
		f.file(arg, parent(arg), info.Size(), false)
		return nil
	case errors.Is(err, fs.ErrNotExist) && strings.ContainsAny(arg, "*?["):
		return f.glob(arg)
	case errors.Is(err, fs.ErrNotExist):
		return errors.New("no such file; accepted: a file, a directory, a pattern such as '**/*.md', or - for standard input")
	}
	return errors.Unwrap(err) // the path is already in the message
}

// parent is what names of an absolute argument do not show; "" if relative.
func parent(arg string) string {
	if !filepath.IsAbs(arg) {
		return ""
	}
	return filepath.Dir(filepath.Clean(arg))
}

func (f *finder) add(path, strip string, d Document) {
	path = filepath.Clean(path)
	if rel, err := filepath.Rel(strip, path); strip != "" && err == nil {
		path = rel
	}
	d.Name = filepath.ToSlash(path)
	f.docs = append(f.docs, &d)
}

func (f *finder) file(path, strip string, size int64, found bool) {
	f.add(path, strip, Document{Size: size, Found: found, Open: func() (io.ReadCloser, error) {
		r, err := os.Open(path)
		if err != nil {
			return nil, errors.Unwrap(err)
		}
		return r, nil
	}})
}

func (f *finder) unfit(path, strip string, err error) {
	f.add(path, strip, Document{Found: true, Open: func() (io.ReadCloser, error) { return nil, err }})
}

// walk adds the files below root. A pattern, if any, holds the segments that
// their paths below root must match.
func (f *finder) walk(root, strip string, pattern []string) error {
	dots := slices.ContainsFunc(pattern, func(s string) bool { return s[0] == '.' })
	return filepath.WalkDir(root, func(p string, d fs.DirEntry, err error) error {
		var below []string // segments of p
		if rel, err := filepath.Rel(root, p); err == nil && rel != "." {
			below = strings.Split(filepath.ToSlash(rel), "/")
			if name := d.Name(); name[0] == '.' && !dots || d.IsDir() && slices.Contains(versionControl, name) {
				f.hidden++
				if d.IsDir() {
					return fs.SkipDir
				}
				return nil
			}
		}
		switch {
		case err != nil:
			f.unfit(p, strip, errors.Unwrap(err))
			return fs.SkipDir
		case d.IsDir() && pattern != nil && !reaches(pattern, below):
			return fs.SkipDir
		case d.IsDir() && isBundle(p):
			f.unfit(p, strip, errors.New("a bundle of pages that glyph wrote"))
			return fs.SkipDir
		case d.IsDir() || pattern != nil && !match(pattern, below):
		case d.Type()&fs.ModeSymlink != 0:
			f.unfit(p, strip, errors.New("a symbolic link; name it as an argument to draw what it points to"))
		case !d.Type().IsRegular():
			f.unfit(p, strip, errors.New("not a regular file"))
		default:
			size := int64(0)
			if info, err := d.Info(); err == nil {
				size = info.Size()
			}
			f.file(p, strip, size, true)
		}
		return nil
	})
}

var versionControl = []string{".git", ".hg", ".svn", ".bzr", ".jj", "CVS", "_darcs"}

// glob walks the directory that stands before the first segment with a
// wildcard.
func (f *finder) glob(arg string) error {
	slashed := filepath.ToSlash(arg)
	cut := strings.LastIndexByte(slashed[:strings.IndexAny(slashed, "*?[")], '/') + 1
	root := filepath.Clean(filepath.FromSlash(slashed[:cut])) // "." if empty
	pattern := strings.FieldsFunc(slashed[cut:], func(r rune) bool { return r == '/' })
	for _, segment := range pattern {
		if _, err := path.Match(segment, ""); err != nil {
			return fmt.Errorf("pattern %q: %w", segment, err)
		}
	}
	strip := ""
	if filepath.IsAbs(arg) {
		strip = root
	}
	docs, hidden := len(f.docs), f.hidden
	if _, err := os.Stat(root); err == nil {
		if err := f.walk(root, strip, pattern); err != nil {
			return err
		}
	}
	f.hidden = hidden // a pattern says itself what it wants
	if len(f.docs) == docs {
		return errors.New("no file matches; accepted: * ? [a-z] within a name, ** for any number of directories")
	}
	return nil
}

// reaches reports whether files below a directory can match.
func reaches(pattern, directory []string) bool {
	for i, p := range pattern {
		if p == "**" || i == len(directory) {
			return true
		}
		if ok, _ := path.Match(p, directory[i]); !ok {
			return false
		}
	}
	return false
}

// match compares segment by segment; "**" stands for any number of them.
func match(pattern, segments []string) bool {
	for i, p := range pattern {
		if p == "**" {
			for j := i; j <= len(segments); j++ {
				if match(pattern[i+1:], segments[j:]) {
					return true
				}
			}
			return false
		}
		if i >= len(segments) {
			return false
		}
		if ok, _ := path.Match(p, segments[i]); !ok {
			return false
		}
	}
	return len(pattern) == len(segments)
}

// A guess needs evidence: minConfidence is the least score in percent that is
// believed, minForeign the least number of bytes beyond ASCII to judge by. On
// sentences the right charset scores 50 to 100 (the cases of TestCharsets);
// but a single byte can score 75 as Cyrillic.
const (
	minConfidence = 20
	minForeign    = 4
)

// sniffSize is how many bytes decide about charset and kind.
const sniffSize = 64 << 10

// Text opens the document and decides from its first 64 KiB how to read it.
// A document without bytes is ErrEmpty, one that is no text a *NotTextError.
// The caller closes the text.
func (d *Document) Text() (*Text, error) {
	rc, err := d.Open()
	if err != nil {
		return nil, err
	}
	t, err := newText(rc, d.Charset)
	if err != nil {
		rc.Close()
		return nil, err
	}
	t.close = rc.Close
	return t, nil
}

func newText(r io.Reader, charset string) (*Text, error) {
	br := bufio.NewReaderSize(r, sniffSize)
	prefix, err := br.Peek(sniffSize)
	if err != nil && err != io.EOF {
		return nil, err
	}
	if len(prefix) == 0 {
		return nil, ErrEmpty
	}
	enc, codec, err := sniff(prefix, err == io.EOF, charset)
	if err != nil {
		return nil, err
	}
	t := &Text{Encoding: enc, source: newDigest(br)}
	t.text = t.source
	sample := prefix
	if enc.Transcoded() {
		t.replaced = &replacements{r: transform.NewReader(t.source, codec.NewDecoder())}
		t.text = newDigest(t.replaced)
		sample, _ = codec.NewDecoder().Bytes(prefix) // a rune cut by the end of the prefix does not matter
	}
	if kind := notText(sample); kind != "" {
		return nil, &NotTextError{kind}
	}
	t.Han = mostlyHan(sample)
	return t, nil
}

// Read reads UTF-8.
func (t *Text) Read(p []byte) (int, error) { return t.text.Read(p) }

// Close closes the document.
func (t *Text) Close() error { return t.close() }

// Read so far: bytes and hash of the document, bytes and hash of its UTF-8
// form (the same unless transcoded), and how many U+FFFD transcoding gave,
// which stand for bytes without a meaning in the charset.
func (t *Text) sums() (source, text *digest, replaced int) {
	if t.replaced != nil {
		replaced = t.replaced.n
	}
	return t.source, t.text, replaced
}

// digest counts and hashes what is read through it.
type digest struct {
	r io.Reader
	h hash.Hash
	n atomic.Int64 // bytes; progress reads it while the text is being read
}

func newDigest(r io.Reader) *digest { return &digest{r: r, h: sha256.New()} }

func (d *digest) Read(p []byte) (int, error) {
	n, err := d.r.Read(p)
	d.n.Add(int64(n))
	d.h.Write(p[:n])
	return n, err
}

func (d *digest) sum() string { return hex.EncodeToString(d.h.Sum(nil)) }

// replacements counts U+FFFD in the UTF-8 read through it.
type replacements struct {
	r       io.Reader
	n, seen int // seen: bytes of an unfinished U+FFFD at the end
}

func (c *replacements) Read(p []byte) (int, error) {
	const mark = "\uFFFD"
	n, err := c.r.Read(p)
	for _, b := range p[:n] {
		switch b {
		case mark[c.seen]:
			c.seen++
		case mark[0]:
			c.seen = 1
		default:
			c.seen = 0
		}
		if c.seen == len(mark) {
			c.n, c.seen = c.n+1, 0
		}
	}
	return n, err
}

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
	case nul[1] >= many && nul[0] == 0:
		return Encoding{Name: "utf-16le", Guessed: true, Confidence: 90}, utf16Codec(textunicode.LittleEndian)
	case nul[0] >= many && nul[1] == 0:
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
	case nul > 0:
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
