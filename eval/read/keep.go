package read

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"os"

	"github.com/glyphkit/glyph/internal/store"
	"github.com/glyphkit/glyph/render"
)

// What a Kept holds at most, in bytes.
const (
	maxKeptInMemory = 64 << 20
	maxKeptInFiles  = 8 << 30
)

// kept is a Reader that reads each page once and keeps the reading. Those who
// ask for a page that is being read wait for it.
type kept struct {
	reader Reader
	store  *store.Store
	files  bool
}

var _ Reader = (*kept)(nil)

// Keep returns a Reader that keeps what r reads in a directory, which is made if
// it is not there, and in memory if dir is "". Failures are not kept.
func Keep(r Reader, dir string) (*kept, error) {
	if dir == "" {
		return &kept{r, store.Memory(maxKeptInMemory), false}, nil
	}
	s, err := store.Open(dir, maxKeptInFiles)
	if err != nil {
		return nil, err
	}
	return &kept{r, s, true}, nil
}

// Name is the name of the reader that reads.
func (k *kept) Name() string { return k.reader.Name() }

// Read implements [Reader]. A reading that cannot be written to the directory
// comes with an error that says so, a *store.KeepError.
func (k *kept) Read(ctx context.Context, page Page) (Reading, error) {
	hash := sha256.Sum256(pageBytes(page.Page))
	r, stored, err := store.Do(ctx, k.store, keyOf(k.Name(), hash), func() (Reading, error) {
		return k.reader.Read(ctx, page)
	})
	r.Stored = r.Stored || stored
	if _, unkept := errors.AsType[*store.KeepError](err); unkept && !k.files {
		err = nil // it is too long for memory and will be read again
	}
	return r, err
}

// PageHash is the SHA-256, in hexadecimal, of all that a reader may use of a
// page: its PNG and the boxes of its lines.
func PageHash(page *render.Page) string {
	hash := sha256.Sum256(pageBytes(page))
	return hex.EncodeToString(hash[:])
}

func pageBytes(page *render.Page) []byte {
	data := fmt.Appendf(nil, "%d\n", len(page.PNG))
	data = append(data, page.PNG...)
	if page.Lines == nil {
		return data // lines have to be found, which is another way of reading
	}
	data = fmt.Appendln(data, len(page.Lines))
	for _, l := range page.Lines {
		data = fmt.Appendln(data, l.X, l.Y, l.Width, l.Height)
	}
	return data
}

func keyOf(reader string, page [sha256.Size]byte) store.Key {
	return store.KeyOf([]byte("glyph-reading/1"), []byte(reader), page[:])
}

// Lookup returns what a reader, by its name, was kept to have read in a
// directory of [Keep] on the page with a [PageHash]. It is false if there is
// nothing, or nothing whole.
func Lookup(dir, reader, pageHash string) (Reading, bool) {
	hash, err := hex.DecodeString(pageHash)
	if _, missing := os.Stat(dir); err != nil || len(hash) != sha256.Size || missing != nil {
		return Reading{}, false
	}
	s, err := store.Open(dir, maxKeptInFiles)
	if err != nil {
		return Reading{}, false
	}
	r, ok := store.Get[Reading](s, keyOf(reader, [sha256.Size]byte(hash)))
	r.Stored = ok
	return r, ok
}
