package reader

import (
	"context"
	"crypto/sha256"
	"sync"

	"github.com/glyphkit/glyph/eval/read"
	"github.com/glyphkit/glyph/render"
)

// maxTranscripts bounds the memory of transcripts, of about 10 kB each.
const maxTranscripts = 1024

// transcripts reads pages and remembers the last ones: many questions are asked
// of the same page, which takes seconds to read.
type transcripts struct {
	reader read.Reader

	mu    sync.Mutex
	texts map[[sha256.Size]byte]string
	order [][sha256.Size]byte // as they came
}

func (t *transcripts) read(ctx context.Context, page *render.Page) (string, error) {
	key := sha256.Sum256(page.PNG)
	t.mu.Lock()
	text, ok := t.texts[key]
	t.mu.Unlock()
	if ok {
		return text, nil
	}
	text, err := t.reader.Read(ctx, read.Page{Page: page})
	if err != nil {
		return "", err
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.texts == nil {
		t.texts = map[[sha256.Size]byte]string{}
	}
	if _, ok := t.texts[key]; !ok {
		if len(t.order) == maxTranscripts {
			delete(t.texts, t.order[0])
			t.order = t.order[1:]
		}
		t.texts[key] = text
		t.order = append(t.order, key)
	}
	return text, nil
}
