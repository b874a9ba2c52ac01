package render

import (
	"bufio"
	"bytes"
	_ "embed"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/glyphkit/glyph/document"
	"github.com/glyphkit/glyph/internal/version"
)

// manifestVersion names the format of manifest.json. A change that a reader
// of the old format would misunderstand gets a new number.
const manifestVersion = "glyph-manifest/1"

// ManifestSchema is the JSON Schema (draft 2020-12) of manifest.json.
//
//go:embed manifest.schema.json
var ManifestSchema []byte

// Manifest is the content of a bundle's manifest.json. It is a function of
// the documents, the config and the version of this module alone: it holds no
// time and no path of the machine that wrote it.
type Manifest struct {
	Version string `json:"version"` // of the format: "glyph-manifest/1"
	Tool    struct {
		Name    string `json:"name"`
		Version string `json:"version"`
	} `json:"tool"`
	Config       json.RawMessage    `json:"config"` // every key; configs.Parse reads it
	ConfigSHA256 string             `json:"config_sha256"`
	Legend       string             `json:"legend"` // how to read the newline marker; "" if there is none
	Documents    []manifestDocument `json:"documents"`
	LeftOut      []LeftOut          `json:"left_out"` // documents that are not on the pages
	Fonts        []manifestFont     `json:"fonts"`    // that drew something, in the order of the fallback chain
	Totals       manifestTotals     `json:"totals"`
	Cost         *manifestCost      `json:"cost,omitempty"` // nil unless the pages were priced for a model
}

// manifestFont identifies a face by the hash of its font file.
type manifestFont struct {
	Name   string `json:"name"`
	SHA256 string `json:"sha256"`
}

// manifestDocument is one source with its pages. All ranges on them count
// bytes of the source or, if it was transcoded, of Text. The ranges of all
// lines, those of all that was dropped and those of text parts cover that text
// without a gap.
type manifestDocument struct {
	Name     string            `json:"name"`
	Encoding document.Encoding `json:"encoding"`
	RangesOf string            `json:"ranges_of"` // "source" or "text"
	Pages    []manifestPage    `json:"pages"`
	Source   document.Sum      `json:"source"`
	Text     *manifestText     `json:"text,omitempty"` // nil unless transcoded

	// Gate says why the document is in Parts; nil if all of it is on the pages.
	Gate  *Decision      `json:"gate,omitempty"`
	Parts []manifestPart `json:"parts,omitempty"`
}

// manifestPart is a stretch of a document, in the order of the document. It is
// on pages or in a text file.
type manifestPart struct {
	Kind   string `json:"kind"` // "pages" or "text"
	Start  int64  `json:"start"`
	End    int64  `json:"end"`
	Tokens int64  `json:"tokens"` // as the gate counted

	FirstPage int `json:"first_page,omitempty"` // from 1, over the whole bundle
	Pages     int `json:"pages,omitempty"`

	File   string `json:"file,omitempty"` // in the directory of the manifest: the bytes from Start to End
	SHA256 string `json:"sha256,omitempty"`
}

// The kinds of a ManifestPart.
const (
	partPages = "pages"
	partText  = "text"
)

// manifestText is the UTF-8 that a document was transcoded to.
type manifestText struct {
	document.Sum
	Replaced int `json:"replaced"` // U+FFFD in it: bytes without a meaning in the document's charset
}

// manifestPage is one page of a document.
type manifestPage struct {
	File        string     `json:"file"` // in the directory of the manifest
	SHA256      string     `json:"sha256"`
	Width       int        `json:"width"`      // px
	Height      int        `json:"height"`     // px
	Bytes       int64      `json:"bytes"`      // of the PNG
	FirstLine   int        `json:"first_line"` // of the source, from 1
	LastLine    int        `json:"last_line"`
	Characters  int        `json:"characters"` // of the source
	Lines       [][2]int64 `json:"lines"`      // as drawn, from top to bottom
	Dropped     []Note     `json:"dropped"`
	Substituted []Note     `json:"substituted"`
	Anchors     []Anchor   `json:"anchors,omitempty"` // if the config has exact-anchors
	Tokens      int        `json:"tokens,omitempty"`  // for the model of ManifestCost
}

// LeftOut is a document that is not in a bundle.
type LeftOut struct {
	Name   string `json:"name"`
	Reason string `json:"reason"`
	Failed bool   `json:"failed"` // it was named by the caller, rather than found by a walk or pattern
}

// manifestTotals sums up all pages and text parts.
type manifestTotals struct {
	Documents  int   `json:"documents"`
	Pages      int   `json:"pages"`
	Characters int64 `json:"characters"` // of the sources, on the pages
	Pixels     int64 `json:"pixels"`
	Bytes      int64 `json:"bytes"`      // of the PNG files
	TextParts  int   `json:"text_parts"` // files
	TextBytes  int64 `json:"text_bytes"` // of those files
}

// manifestCost is what the bundle costs a model.
type manifestCost struct {
	Model      string `json:"model"`
	Confidence string `json:"confidence"` // of the count of pages: A to D
	Date       string `json:"date"`       // when that was true

	Tokenizer   string `json:"tokenizer"`
	Estimated   bool   `json:"estimated"`    // the tokens of text are an estimate
	TextTokens  int64  `json:"text_tokens"`  // of all documents, if they were sent as text
	ImageTokens int64  `json:"image_tokens"` // of all pages
	KeptTokens  int64  `json:"kept_tokens"`  // of the text parts
}

func newManifestPage(file, sum string, tokens int, p *Page) manifestPage {
	return manifestPage{
		File: file, SHA256: sum, Width: p.Width, Height: p.Height, Bytes: int64(len(p.PNG)), Tokens: tokens,
		FirstLine: p.FirstLine, LastLine: p.LastLine, Characters: p.Runes,
		Lines: p.Ranges(), Dropped: p.Dropped(), Substituted: p.Substituted(), Anchors: p.Anchors,
	}
}

// ReadManifest reads a manifest.json and checks what a reader of the bundle
// relies on: the format's version, file names that stay in the directory,
// ranges that are ordered and sizes that are positive. Fields that it does
// not know are ignored. It holds the manifest in memory, about 150 bytes for
// a line of text.
func ReadManifest(path string) (*Manifest, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("reading manifest: %w", err)
	}
	defer f.Close()
	m, err := parseManifest(bufio.NewReader(f))
	if err != nil {
		return nil, fmt.Errorf("reading manifest %q: %w", path, err)
	}
	return m, nil
}

func parseManifest(r io.Reader) (*Manifest, error) {
	d := json.NewDecoder(r)
	m := &Manifest{}
	if err := d.Decode(m); err != nil {
		return nil, err
	}
	if _, err := d.Token(); err != io.EOF {
		return nil, errors.New("more than one JSON value")
	}
	if m.Version != manifestVersion {
		return nil, fmt.Errorf("version %q; accepted: %q", m.Version, manifestVersion)
	}
	for _, doc := range m.Documents {
		for _, p := range doc.Pages {
			if err := p.check(); err != nil {
				return nil, fmt.Errorf("document %q: page %q: %w", doc.Name, p.File, err)
			}
		}
		for i, p := range doc.Parts {
			if err := p.check(); err != nil {
				return nil, fmt.Errorf("document %q: part %d: %w", doc.Name, i+1, err)
			}
		}
	}
	return m, nil
}

func (p *manifestPage) check() error {
	if err := checkFile(p.File); err != nil {
		return err
	}
	if p.Width <= 0 || p.Height <= 0 {
		return fmt.Errorf("size %dx%d px; accepted: at least 1x1", p.Width, p.Height)
	}
	for _, r := range p.Lines {
		if err := checkRange(r[0], r[1]); err != nil {
			return fmt.Errorf("line %w", err)
		}
	}
	for _, d := range p.Dropped {
		if err := checkRange(d.Start, d.End); err != nil {
			return fmt.Errorf("dropped %w", err)
		}
	}
	for _, a := range p.Anchors {
		if err := checkRange(a.Start, a.End); err != nil {
			return fmt.Errorf("anchor %w", err)
		}
	}
	for _, s := range p.Substituted {
		if err := checkRange(s.Start, s.End); err != nil {
			return fmt.Errorf("substituted %w", err)
		}
	}
	return nil
}

func (p *manifestPart) check() error {
	var err error
	switch p.Kind {
	case partPages:
		if p.FirstPage < 1 || p.Pages < 1 {
			err = fmt.Errorf("%d pages from page %d; accepted: at least 1 from 1", p.Pages, p.FirstPage)
		}
	case partText:
		err = checkFile(p.File)
	default:
		err = fmt.Errorf("kind %q; accepted: %q, %q", p.Kind, partPages, partText)
	}
	return errors.Join(err, checkRange(p.Start, p.End))
}

func checkFile(name string) error {
	if name == "" || name == "." || name == ".." || strings.ContainsAny(name, "/\\:\x00") {
		return errors.New("file is not the name of a file in the directory")
	}
	return nil
}

func checkRange(start, end int64) error {
	if start < 0 || end < start {
		return fmt.Errorf("range [%d,%d]; accepted: 0 <= start <= end", start, end)
	}
	return nil
}

// manifestWriter writes a manifest as its pages come, one line for each, so
// that it holds one page at a time. What is known only afterwards stands
// after the pages. Write errors surface in flush, as bufio keeps the first.
type manifestWriter struct {
	f         bundleFile
	w         *bufio.Writer
	buf       bytes.Buffer
	mark      int64 // file offset of the document under way
	documents int
	pages     int // of the document under way
}

func newManifestWriter(f bundleFile) *manifestWriter {
	return &manifestWriter{f: f, w: bufio.NewWriterSize(f, 32<<10)}
}

// put writes literals as they are and everything else as JSON.
func (m *manifestWriter) put(parts ...any) {
	for _, part := range parts {
		if s, ok := part.(literal); ok {
			m.w.WriteString(string(s))
			continue
		}
		m.buf.Reset()
		e := json.NewEncoder(&m.buf)
		e.SetEscapeHTML(false)
		if err := e.Encode(part); err != nil {
			panic(err) // plain structs of strings and numbers
		}
		m.w.Write(bytes.TrimSuffix(m.buf.Bytes(), []byte("\n")))
	}
}

type literal string

func (m *manifestWriter) header(r *Renderer) {
	config := r.Config()
	var head Manifest
	head.Tool.Name, head.Tool.Version = "glyph", version.Module()
	m.put(literal("{\n\"version\": "), manifestVersion,
		literal(",\n\"tool\": "), head.Tool,
		literal(",\n\"config\": "), config,
		literal(",\n\"config_sha256\": "), config.Hash(),
		literal(",\n\"legend\": "), r.Legend(),
		literal(",\n\"documents\": ["))
}

func (m *manifestWriter) begin(name string, e document.Encoding) error {
	if err := m.w.Flush(); err != nil {
		return err
	}
	var err error
	if m.mark, err = m.f.Seek(0, io.SeekCurrent); err != nil {
		return err
	}
	of := literal(`"source"`)
	if e.Transcoded() {
		of = `"text"`
	}
	m.comma(m.documents)
	m.documents++
	m.pages = 0
	m.put(literal("\n{\"name\": "), name, literal(", \"encoding\": "), e,
		literal(", \"ranges_of\": "), of, literal(", \"pages\": ["))
	return nil
}

func (m *manifestWriter) comma(before int) {
	if before > 0 {
		m.put(literal(","))
	}
}

func (m *manifestWriter) page(p manifestPage) {
	m.comma(m.pages)
	m.pages++
	m.put(literal("\n"), p)
}

func (m *manifestWriter) end(source document.Sum, text *manifestText, gate *Decision, parts []manifestPart) {
	m.put(literal("\n], \"source\": "), source)
	if text != nil {
		m.put(literal(", \"text\": "), text)
	}
	if gate != nil {
		m.put(literal(",\n\"gate\": "), gate, literal(", \"parts\": ["))
		for i, p := range parts {
			m.comma(i)
			m.put(literal("\n"), p)
		}
		m.put(literal("\n]"))
	}
	m.put(literal("}"))
}

// discard takes back the document under way.
func (m *manifestWriter) discard() error {
	if err := m.w.Flush(); err != nil {
		return err
	}
	if err := m.f.Truncate(m.mark); err != nil {
		return err
	}
	_, err := m.f.Seek(m.mark, io.SeekStart)
	m.documents--
	return err
}

func (m *manifestWriter) finish(leftOut []LeftOut, fonts []manifestFont, totals manifestTotals, cost *manifestCost) error {
	m.put(literal("\n],\n\"left_out\": ["))
	for i, l := range leftOut {
		m.comma(i)
		m.put(literal("\n"), l)
	}
	m.put(literal("],\n\"fonts\": ["))
	for i, f := range fonts {
		m.comma(i)
		m.put(literal("\n"), f)
	}
	m.put(literal("],\n\"totals\": "), totals)
	if cost != nil {
		m.put(literal(",\n\"cost\": "), cost)
	}
	m.put(literal("\n}\n"))
	return m.w.Flush()
}
