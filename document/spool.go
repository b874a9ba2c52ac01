package document

import (
	"bytes"
	"errors"
	"io"
	"os"
	"sync"

	"github.com/glyphkit/glyph/internal/scratch"
)

// spoolMemory is how much of a document is kept in memory, in bytes: a text of
// 15 million tokens, more than any model reads.
const spoolMemory = 64 << 20

// Spool makes documents open any number of times that may open only once:
// those of unknown size, such as standard input and pipes. The first time they
// are read to the end, into memory up to 64 MiB and into a temporary file
// beyond. Remove deletes these files; the documents are then of no use.
//
// The documents can be opened by several goroutines.
func Spool(docs []*Document) (remove func() error) {
	var spools []*spool
	for _, d := range docs {
		if d.Size == 0 {
			s := &spool{from: d.Open}
			spools = append(spools, s)
			d.Open = s.open
		}
	}
	return func() error {
		var errs []error
		for _, s := range spools {
			errs = append(errs, s.remove())
		}
		return errors.Join(errs...)
	}
}

// spool holds the bytes of a document.
type spool struct {
	from func() (io.ReadCloser, error)

	once sync.Once
	err  error
	data []byte // unless file is given
	file string
}

func (s *spool) open() (io.ReadCloser, error) {
	s.once.Do(func() { s.err = s.fill() })
	switch {
	case s.err != nil:
		return nil, s.err
	case s.file != "":
		return os.Open(s.file)
	}
	return io.NopCloser(bytes.NewReader(s.data)), nil
}

func (s *spool) fill() error {
	r, err := s.from()
	if err != nil {
		return err
	}
	defer r.Close()
	if s.data, err = io.ReadAll(io.LimitReader(r, spoolMemory)); err != nil || len(s.data) < spoolMemory {
		return err
	}
	f, err := scratch.File("", "glyph-")
	if err != nil {
		return err
	}
	s.file = f.Name()
	_, err = io.Copy(f, io.MultiReader(bytes.NewReader(s.data), r))
	s.data = nil
	return errors.Join(err, f.Close())
}

func (s *spool) remove() error {
	if s.file == "" {
		return nil
	}
	return scratch.Remove(s.file)
}
