// Package input opens and reads files whose bytes may never come: named pipes
// without a writer, devices, standard input. Every wait ends with a context.
package input

import (
	"context"
	"io"
	"os"
	"sync"
)

// Open opens a file for reading. The opening and every read end with the cause
// of ctx once ctx is done. A goroutine that the system does not let go may stay
// behind then, and holds the file until it is let go.
func Open(ctx context.Context, path string) (io.ReadCloser, error) {
	if info, err := os.Stat(path); err == nil && info.Mode().IsRegular() && info.Size() > 0 {
		return os.Open(path) // its bytes are there; files of /proc, which can wait, have size 0
	}
	type opening struct {
		file *os.File
		err  error
	}
	opened := make(chan opening)
	go func() {
		f, err := os.Open(path)
		select {
		case opened <- opening{f, err}:
		case <-ctx.Done():
			if err == nil {
				f.Close()
			}
		}
	}()
	select {
	case o := <-opened:
		if o.err != nil {
			return nil, o.err
		}
		return &file{Reader(ctx, o.file), o.file}, nil
	case <-ctx.Done():
		return nil, context.Cause(ctx)
	}
}

type file struct {
	io.Reader
	io.Closer
}

// Reader returns r with reads that end when ctx does, which those of a terminal
// or a pipe do not. Nothing is read from r before the first Read. Not safe for
// concurrent use.
func Reader(ctx context.Context, r io.Reader) io.Reader {
	return &reader{ctx: ctx, from: r}
}

type reader struct {
	ctx  context.Context
	from io.Reader
	once sync.Once
	pipe *io.PipeReader
}

func (r *reader) Read(p []byte) (int, error) {
	r.once.Do(func() {
		var w *io.PipeWriter
		r.pipe, w = io.Pipe()
		context.AfterFunc(r.ctx, func() { w.CloseWithError(context.Cause(r.ctx)) })
		go func() {
			_, err := io.Copy(w, r.from)
			w.CloseWithError(err)
		}()
	})
	return r.pipe.Read(p)
}
