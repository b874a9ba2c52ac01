package eval

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"sync"

	"github.com/glyphkit/glyph/eval/read"
	"github.com/glyphkit/glyph/internal/runs"
)

// transcripts keeps what a reader wrote of pages: each is read once, in one
// process or in several. It is safe for concurrent use.
type transcripts struct {
	dir    string
	reader string // its name
	read   func(context.Context, read.Page) (string, error)

	mu      sync.Mutex
	flights map[string]*flight
}

// flight is a reading that others of the same page wait for.
type flight struct {
	done chan struct{}
	text string
	err  error
}

// transcript is the content of a file.
type transcript struct {
	Reader string `json:"reader"`
	Page   string `json:"page"` // SHA-256 of the PNG
	Text   string `json:"text"`
}

func newTranscripts(dir string, r read.Reader) *transcripts {
	return &transcripts{dir: dir, reader: r.Name(), read: r.Read, flights: map[string]*flight{}}
}

func (t *transcripts) path(page string) string {
	return filepath.Join(t.dir, hashOf([]byte(t.reader+"\n"+page))+".json")
}

// stored returns the transcript of a page by the SHA-256 of its PNG.
func (t *transcripts) stored(page string) (text string, ok bool, err error) {
	data, err := os.ReadFile(t.path(page))
	if errors.Is(err, fs.ErrNotExist) {
		return "", false, nil
	}
	if err != nil {
		return "", false, err
	}
	var kept transcript
	if err := json.Unmarshal(data, &kept); err != nil {
		return "", false, fmt.Errorf("reading %q: %w; delete it to read the page again", t.path(page), err)
	}
	return kept.Text, true, nil
}

// of returns the transcript of a page. A reading that fails is not kept, and
// those who waited for it read anew.
func (t *transcripts) of(ctx context.Context, page read.Page) (string, error) {
	hash := hashOf(page.PNG)
	for {
		t.mu.Lock()
		f, under := t.flights[hash]
		if !under {
			f = &flight{done: make(chan struct{})}
			t.flights[hash] = f
		}
		t.mu.Unlock()
		if !under {
			f.text, f.err = t.readOnce(ctx, hash, page)
			t.mu.Lock()
			delete(t.flights, hash)
			t.mu.Unlock()
			close(f.done)
			return f.text, f.err
		}
		select {
		case <-f.done:
		case <-ctx.Done():
			return "", context.Cause(ctx)
		}
		if f.err == nil {
			return f.text, nil
		}
	}
}

func (t *transcripts) readOnce(ctx context.Context, hash string, page read.Page) (string, error) {
	text, ok, err := t.stored(hash)
	if err != nil || ok {
		return text, err
	}
	if text, err = t.read(ctx, page); err != nil {
		return "", err
	}
	data, err := json.Marshal(transcript{t.reader, hash, text})
	if err == nil {
		err = runs.WriteFile(t.path(hash), append(data, '\n'))
	}
	if err != nil {
		return "", &diskError{err}
	}
	return text, nil
}

// diskError ends a run: what cannot be kept would be paid again.
type diskError struct{ err error }

func (e *diskError) Error() string { return e.err.Error() }
func (e *diskError) Unwrap() error { return e.err }
