package ppocr

import (
	"context"
	"errors"
	"fmt"
	"os"
	"runtime"
	"strings"
	"sync"

	"github.com/glyphkit/glyph/eval/read"
)

// Options are the settings of a Reader.
type Options struct {
	// Files are the model, its keys and the library; zero is what Find finds.
	Files Files

	// Workers bounds how many pieces of lines are read at once, over all calls
	// of Read, each on one thread; 0 is GOMAXPROCS. More threads for one piece
	// read a page slower than one thread each for several.
	Workers int
}

// Reader reads pages with PP-OCR. It is safe for concurrent use. The same page
// gives the same text with any number of workers.
type Reader struct {
	name  string
	keys  []string
	slots chan struct{} // one for each piece that is being read

	mu      sync.RWMutex // held for reading while the session is in use
	session *session     // nil once closed
}

var _ read.Reader = (*Reader)(nil)

var errClosed = errors.New("the reader is closed")

// New loads the library and the model, about 0.3 s and 100 MB, and checks that
// they are the files that were installed and fit together. The error wraps
// [ErrNotInstalled] where they are not there and [ErrUnsupported] where no
// library can be loaded. Close the reader when it is no longer needed.
func New(ctx context.Context, o Options) (*Reader, error) {
	if o.Workers < 0 {
		return nil, fmt.Errorf("%d workers of PP-OCR: want 1 or more, or 0 for one a CPU", o.Workers)
	}
	if o.Workers == 0 {
		o.Workers = runtime.GOMAXPROCS(0)
	}
	if !supported {
		return nil, fmt.Errorf("loading ONNX Runtime on %s: %w", platform(), ErrUnsupported)
	}
	if o.Files == (Files{}) {
		var err error
		if o.Files, err = Find(); err != nil {
			return nil, err
		}
	}
	f := o.Files
	libraryHash, err := f.Library.verify()
	if err != nil {
		return nil, err
	}
	model, modelHash, err := f.Model.read()
	if err != nil {
		return nil, err
	}
	data, keysHash, err := f.Keys.read()
	if err != nil {
		return nil, err
	}
	keys, err := parseKeys(data)
	if err != nil {
		return nil, fmt.Errorf("reading the keys %q: %w", f.Keys.Path, err)
	}
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	s, version, err := openSession(f.Library.Path, model)
	if err != nil {
		return nil, fmt.Errorf("loading PP-OCR's model %q: %w", f.Model.Path, err)
	}
	r := &Reader{keys: keys, slots: make(chan struct{}, o.Workers), session: s}
	if err := r.checkClasses(); err != nil {
		s.close()
		return nil, fmt.Errorf("loading PP-OCR's model %q with the keys %q: %w", f.Model.Path, f.Keys.Path, err)
	}
	r.name = fmt.Sprintf("pp-ocrv4 rec (onnxruntime %s%s)", version, unpinned(libraryHash, modelHash, keysHash))
	return r, nil
}

// checkClasses runs the model once on a blank image.
func (r *Reader) checkClasses() error {
	blank := newTensor(inputHeight)
	return r.session.run(blank, func(o scores) error {
		if want := len(r.keys) + 1; o.classes != want {
			return fmt.Errorf("the model tells %d classes apart, the keys name %d with the blank", o.classes, want)
		}
		return nil
	})
}

// Name is such as "pp-ocrv4 rec (onnxruntime 1.30.0)". Files other than those
// that Install fetches are named by the beginning of their SHA-256.
func (r *Reader) Name() string { return r.name }

// Read implements [read.Reader]. The page is a PNG of at most 36 Mpx, with dark
// text on a light ground or the reverse. A line without ink has no line in the
// text, and the space before and after a line is no text. Boxes of page.Lines
// that reach out of the image are an error. When ctx ends, Read returns after
// the pieces of lines that are being read, a few tenths of a second.
func (r *Reader) Read(ctx context.Context, page read.Page) (read.Reading, error) {
	r.mu.RLock()
	defer r.mu.RUnlock()
	if r.session == nil {
		return read.Reading{}, fmt.Errorf("reading a page with PP-OCR: %w", errClosed)
	}
	img, err := decodeGray(page.PNG)
	if err != nil {
		return read.Reading{}, fmt.Errorf("reading a page with PP-OCR: %w", err)
	}
	var boxes []box
	if page.Lines != nil {
		boxes, err = layoutBoxes(img, page.Lines)
	} else {
		boxes = findBoxes(img)
	}
	if err != nil {
		return read.Reading{}, fmt.Errorf("reading a page with PP-OCR: %w", err)
	}
	pieces := split(img, boxes)
	texts, err := r.readAll(ctx, pieces)
	if err != nil {
		return read.Reading{}, fmt.Errorf("reading a page with PP-OCR: %w", err)
	}
	return read.Reading{Text: join(pieces, texts)}, nil
}

// readAll reads pieces side by side.
func (r *Reader) readAll(ctx context.Context, pieces []piece) ([]string, error) {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	texts := make([]string, len(pieces))
	var wg sync.WaitGroup
	for i := range pieces {
		select {
		case <-ctx.Done():
		case r.slots <- struct{}{}:
			wg.Go(func() {
				defer func() { <-r.slots }()
				err := r.session.run(pieces[i].tensor(), func(o scores) error {
					texts[i] = decode(o, r.keys)
					return nil
				})
				if err != nil {
					cancel(err)
				}
			})
		}
		if ctx.Err() != nil {
			break
		}
	}
	wg.Wait()
	if ctx.Err() != nil {
		return nil, context.Cause(ctx)
	}
	return texts, nil
}

// join makes lines of the texts of their pieces.
func join(pieces []piece, texts []string) string {
	var b strings.Builder
	for i, p := range pieces {
		text := strings.Trim(texts[i], " ")
		if p.continues {
			if p.wordGap && spaced(b.String(), text) {
				b.WriteByte(' ')
			}
		} else if i > 0 {
			b.WriteByte('\n')
		}
		b.WriteString(text)
	}
	if len(pieces) > 0 {
		b.WriteByte('\n')
	}
	return b.String()
}

// Close frees the model. It waits for calls of Read; later ones are errors.
func (r *Reader) Close() error {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.session == nil {
		return errClosed
	}
	r.session.close()
	r.session = nil
	return nil
}

func (f file) read() (data []byte, hash string, err error) {
	data, err = os.ReadFile(f.Path)
	if err != nil {
		return nil, "", fmt.Errorf("reading PP-OCR's files: %w", err)
	}
	hash = sum(data)
	return data, hash, f.check(hash)
}
