package runs

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"sync"

	"github.com/glyphkit/glyph/internal/flock"
)

// Log is a file of JSON values, one a line, held by one process at a time. Its
// methods are safe for concurrent use.
type Log struct {
	limit int
	mu    sync.Mutex
	f     *os.File
	err   error // first failed write: nothing is written after it
}

// OpenLog opens a log or begins one, and gives its lines of at most limit bytes
// to learn. A last line without its end, as a kill leaves it, is cut off. It is
// an error if another process holds the log.
func OpenLog(path string, limit int, learn func(line []byte) error) (*Log, error) {
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o666)
	if err != nil {
		return nil, err
	}
	if err := flock.Try(f); err != nil {
		return nil, errors.Join(fmt.Errorf("another process is at work on %q: %w", path, err), f.Close())
	}
	size, err := Read(f, limit, learn)
	if err == nil {
		err = f.Truncate(size)
	}
	if err == nil {
		_, err = f.Seek(size, io.SeekStart)
	}
	if err != nil {
		return nil, errors.Join(fmt.Errorf("reading %q: %w", path, err), f.Close())
	}
	return &Log{limit: limit, f: f}, nil
}

// Read gives the complete lines of a log to learn, whose error ends it, and
// returns the bytes that they take.
func Read(r io.Reader, limit int, learn func(line []byte) error) (size int64, err error) {
	in := bufio.NewReaderSize(r, 64<<10)
	for n := 1; ; n++ {
		line, err := readLine(in, limit)
		if err == io.EOF {
			return size, nil
		}
		if err == nil {
			err = learn(line)
		}
		if err != nil {
			return 0, fmt.Errorf("line %d: %w", n, err)
		}
		size += int64(len(line))
	}
}

// readLine returns a line with its end; io.EOF if there is no complete one.
func readLine(in *bufio.Reader, limit int) ([]byte, error) {
	var line []byte
	for {
		part, err := in.ReadSlice('\n')
		line = append(line, part...)
		if len(line) > limit {
			return nil, fmt.Errorf("over %d bytes", limit)
		}
		if err == nil {
			return line, nil
		}
		if !errors.Is(err, bufio.ErrBufferFull) {
			return nil, err
		}
	}
}

// Append writes a value and syncs the file. When it returns nil, the line
// outlives the process and the machine. After an error nothing more is written,
// so that a log has no gaps.
func (l *Log) Append(value any) error {
	line, err := json.Marshal(value)
	line = append(line, '\n')
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.err != nil {
		return l.err
	}
	if err == nil && len(line) > l.limit {
		err = fmt.Errorf("a line of %d bytes: at most %d are read again", len(line), l.limit)
	}
	if err == nil {
		err = write(l.f, line)
	}
	if err == nil {
		err = l.f.Sync()
	}
	if err != nil {
		l.err = fmt.Errorf("recording: %w", err)
	}
	return l.err
}

// Failed returns the first error of Append, nil if there was none.
func (l *Log) Failed() error {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.err
}

// Close closes the file and lets go of it.
func (l *Log) Close() error { return l.f.Close() }
