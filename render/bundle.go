package render

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"

	"github.com/glyphkit/glyph/document"
	"github.com/glyphkit/glyph/fonts"
)

// BundleOptions say how a bundle is written.
type BundleOptions struct {
	Force    bool           // replace a bundle that is already there
	Preview  bool           // add preview.png, a contact sheet of the first pages
	Progress func(Progress) // called after each page; may be nil

	// Model counts what the documents and pages cost; nil counts nothing.
	Model *Model

	// Gate says which parts of a document are drawn. The others are kept as
	// text, in files of their own. It reads the document itself, which must open
	// more than once (see [Spool]). Nil draws everything.
	Gate func(context.Context, *document.Document) (*Decision, error)

	create func(path string) (bundleFile, error) // tests fill the disk with it
}

// Progress is how far a bundle has come.
type Progress struct {
	Document string // under way
	Pages    int    // written
	Read     int64  // bytes of the documents
	Size     int64  // of all documents, in bytes; 0 if one is unknown
}

// ErrNothingDrawn is the error of a bundle to which no document gave anything.
var ErrNothingDrawn = errors.New("nothing was drawn")

// maxFiles is what the six digits of a file name hold, so that names sort in
// the order of pages and of text parts.
const maxFiles = 999_999

// WriteBundle draws documents into a directory: page-000001.png and so on,
// numbered through, each document from a new page on; part-000001.txt and so on
// for what o.Gate keeps as text; manifest.json; and legend.txt if newlines are
// drawn as a marker.
//
// The directory appears when it is complete: pages are written to a hidden
// directory beside it, which is renamed at the end and removed on any error,
// so that a bundle is either whole or not there. What a killed process left in
// such a hidden directory is removed by the next call with the same dir.
//
// A dir that exists is refused with ErrTargetExists, unless it is an empty
// directory or, with o.Force, a bundle with nothing else in it. That is checked
// at the start and again at the moment of the renaming. Of several calls at
// once with a new dir and without o.Force one succeeds.
//
// A document that cannot be read or has no text is listed in the summary and
// in the manifest, with no page, while the others are drawn. If none is, the
// error is ErrNothingDrawn and no directory appears; the summary tells why.
//
// For the same documents, config and released version of this module the files
// have the same bytes.
// Memory does not grow with the length of documents but for 24 bytes a page,
// and what o.Gate needs.
func WriteBundle(ctx context.Context, dir string, docs []*document.Document, r *Renderer, o BundleOptions) (*Summary, error) {
	if o.create == nil {
		o.create = createFile
	}
	target, err := checkTarget(dir, o.Force)
	if err != nil {
		return nil, fmt.Errorf("writing %q: %w", dir, err)
	}
	s, err := writeBundle(ctx, target, docs, r, o)
	if s != nil {
		s.Dir = filepath.ToSlash(dir)
	}
	if err != nil && !errors.Is(err, ErrNothingDrawn) {
		err = fmt.Errorf("writing %q: %w", dir, err)
	}
	return s, err
}

func writeBundle(ctx context.Context, target string, docs []*document.Document, r *Renderer, o BundleOptions) (s *Summary, err error) {
	at, err := newSite(target)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, at.close()) }()
	b := &bundle{dir: at.fresh(), o: o, r: r}
	if err := b.write(ctx, docs); err != nil {
		return &b.Summary, inside(err)
	}
	return &b.Summary, at.install(o.Force)
}

// inside names a file of the bundle by its name alone: it stands in a
// directory that will be gone.
func inside(err error) error {
	var at *fs.PathError
	if errors.As(err, &at) {
		return fmt.Errorf("%s: %w", filepath.Base(at.Path), at.Err)
	}
	return err
}

// bundleFile is the part of os.File that a bundle needs.
type bundleFile interface {
	io.WriteCloser
	io.Seeker
	Truncate(size int64) error
	Sync() error
}

func createFile(path string) (bundleFile, error) {
	return os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o666)
}

// bundle is a bundle under way.
type bundle struct {
	Summary
	dir      string
	o        BundleOptions
	r        *Renderer
	manifest *manifestWriter
	preview  contactSheet
	faces    []*fonts.Face // that drew something

	read, size int64 // bytes of finished documents, of all documents
}

func (b *bundle) write(ctx context.Context, docs []*document.Document) error {
	b.Config = b.r.Config().Hash()
	b.Legend = b.r.Legend()
	// JSON has lists here, never null.
	b.Documents, b.LeftOut = []documentSummary{}, []LeftOut{}
	b.Dropped, b.Substituted, b.Fonts = []Tally{}, []Tally{}, []fonts.Info{}
	for _, d := range docs {
		if d.Size == 0 && !d.Found {
			b.size = 0
			break
		}
		b.size += d.Size
	}

	f, err := b.o.create(filepath.Join(b.dir, manifestFile))
	if err != nil {
		return err
	}
	defer f.Close() // for the error paths; closed below otherwise
	b.manifest = newManifestWriter(f)
	b.manifest.header(b.r)
	priced := b.o.Model != nil && b.o.Model.PageTokens != nil
	if m := b.o.Model; m != nil {
		b.Cost = manifestCost{Model: m.Name, Confidence: m.Confidence, Date: m.Date, Tokenizer: m.Tokenizer, Estimated: m.Estimated}
	}
	for _, d := range docs {
		if err := b.document(ctx, d); err != nil {
			return err
		}
	}
	if b.Totals.Documents == 0 {
		return ErrNothingDrawn
	}
	used := []manifestFont{}
	for _, f := range b.r.faces {
		if slices.Contains(b.faces, f) {
			info := f.Info()
			b.Fonts = append(b.Fonts, info)
			used = append(used, manifestFont{info.Name, info.SHA256})
		}
	}
	var cost *manifestCost
	if priced {
		cost = &b.Cost
	}
	if err := b.manifest.finish(b.LeftOut, used, b.Totals, cost); err != nil {
		return err
	}
	if b.Legend != "" {
		if err := b.file(legendFile, []byte(b.Legend+"\n")); err != nil {
			return err
		}
	}
	if b.o.Preview && b.Totals.Pages > 0 {
		png, err := b.preview.png(b.Totals.Pages)
		if err != nil {
			return fmt.Errorf("drawing %s: %w", previewFile, err)
		}
		if err := b.file(previewFile, png); err != nil {
			return err
		}
		b.Preview = true
	}
	// One sync, of the file that says what the others must hold: a sync for
	// each page would take longer than drawing it.
	if err := f.Sync(); err != nil {
		return err
	}
	if err := f.Close(); err != nil {
		return err
	}
	syncDir(b.dir)
	return nil
}

// document adds a document whole or not at all. Its error is one that ends
// the bundle; what is wrong with the document itself goes into LeftOut.
func (b *bundle) document(ctx context.Context, d *document.Document) error {
	t, err := d.Text()
	if err == nil {
		defer t.Close()
	}
	var gate *Decision
	if err == nil && ctx.Err() == nil && b.o.Gate != nil {
		gate, err = b.o.Gate(ctx, d)
	}
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	if err != nil {
		b.leaveOut(d, err)
		return nil
	}
	if err := b.manifest.begin(d.Name, t.Encoding); err != nil {
		return err
	}
	before := b.state()
	parts, drawErr, err := b.draw(ctx, d.Name, t, gate)
	if err != nil {
		return err
	}
	if drawErr != nil {
		if err := b.takeBack(before); err != nil {
			return err
		}
		b.leaveOut(d, drawErr)
		return b.manifest.discard()
	}

	content := t.Source()
	var transcoded *manifestText
	if t.Encoding.Transcoded() {
		transcoded = &manifestText{t.UTF8(), t.Replaced()}
	}
	b.manifest.end(content, transcoded, gate, parts)
	b.Documents = append(b.Documents, documentSummary{
		Name: d.Name, Encoding: t.Encoding, Replaced: t.Replaced(), Han: t.Han, Bytes: content.Bytes,
		FirstPage: before.Totals.Pages + 1, Pages: b.Totals.Pages - before.Totals.Pages, Characters: b.Totals.Characters - before.Totals.Characters,
		Gate: gate,
	})
	b.Totals.Documents++
	b.read += content.Bytes
	return nil
}

// takeBack removes what a document that failed half way has added.
func (b *bundle) takeBack(before bundleState) error {
	for n := before.Totals.Pages + 1; n <= b.Totals.Pages; n++ {
		if err := os.Remove(filepath.Join(b.dir, pageFile(n))); err != nil {
			return err
		}
	}
	for n := before.Totals.TextParts + 1; n <= b.Totals.TextParts; n++ {
		if err := os.Remove(filepath.Join(b.dir, textFile(n))); err != nil {
			return err
		}
	}
	b.restore(before)
	return nil
}

func (b *bundle) page(document string, p *Page) error {
	if b.Totals.Pages == maxFiles {
		return fmt.Errorf("page %d: a bundle holds at most %d; accepted: a denser config, or fewer documents in each bundle", maxFiles+1, maxFiles)
	}
	name := pageFile(b.Totals.Pages + 1)
	tokens := 0
	if m := b.o.Model; m != nil && m.PageTokens != nil {
		var err error
		if tokens, err = m.PageTokens(p.Width, p.Height); err != nil {
			return fmt.Errorf("counting the tokens of %s: %w", name, err)
		}
	}
	if err := b.file(name, p.PNG); err != nil {
		return err
	}
	sum := sha256.Sum256(p.PNG)
	m := newManifestPage(name, hex.EncodeToString(sum[:]), tokens, p)
	b.manifest.page(m)
	if b.o.Preview {
		if err := b.preview.add(b.Totals.Pages+1, p); err != nil {
			return err
		}
	}

	if b.Totals.Pages == 0 {
		b.MinWidth, b.MinHeight = p.Width, p.Height
	}
	b.MinWidth, b.MaxWidth = min(b.MinWidth, p.Width), max(b.MaxWidth, p.Width)
	b.MinHeight, b.MaxHeight = min(b.MinHeight, p.Height), max(b.MaxHeight, p.Height)
	for _, f := range p.Faces {
		if !slices.Contains(b.faces, f) {
			b.faces = append(b.faces, f)
		}
	}
	b.Totals.Pages++
	b.Totals.Characters += int64(p.Runes)
	b.Totals.Pixels += int64(p.Width) * int64(p.Height)
	b.Totals.Bytes += m.Bytes
	b.Sizes = append(b.Sizes, pageSize{p.Width, p.Height, m.Bytes})
	b.Cost.ImageTokens += int64(tokens)
	for _, n := range p.Notes {
		if n.Drawn == "" {
			b.Dropped = Tallied(b.Dropped, document, n)
		} else {
			b.Substituted = Tallied(b.Substituted, document, n)
		}
	}
	return nil
}

func (b *bundle) leaveOut(d *document.Document, err error) {
	b.read += d.Size
	b.LeftOut = append(b.LeftOut, LeftOut{Name: d.Name, Reason: err.Error(), Failed: !d.Found})
}

// bundleState is what a document that fails half way is taken back to.
type bundleState struct {
	Summary
	preview contactSheet
	faces   []*fonts.Face
}

func (b *bundle) state() bundleState {
	s := bundleState{b.Summary, b.preview, slices.Clone(b.faces)}
	s.Dropped, s.Substituted = slices.Clone(b.Dropped), slices.Clone(b.Substituted)
	return s
}

func (b *bundle) restore(s bundleState) {
	b.Summary, b.preview, b.faces = s.Summary, s.preview, s.faces
}

// file writes a whole file.
func (b *bundle) file(name string, data []byte) error {
	f, err := b.o.create(filepath.Join(b.dir, name))
	if err != nil {
		return err
	}
	if _, err := f.Write(data); err != nil {
		f.Close()
		return err
	}
	return f.Close()
}

// syncDir asks the system to keep the names in a directory over a power cut.
// Not all systems can, and the bundle is whole without.
func syncDir(dir string) {
	if d, err := os.Open(dir); err == nil {
		_ = d.Sync()
		d.Close()
	}
}
