package limit_test

import (
	"bytes"
	"errors"
	"io"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/glyphkit/glyph/internal/limit"
)

func TestReadAll(t *testing.T) {
	for _, test := range []struct {
		length int
		max    int64
		err    string
	}{
		{0, 0, ""},
		{0, 9, ""},
		{9, 9, ""},
		{1, 0, "the file is longer than 0 bytes; accepted: at most that"},
		{2, 1, "the file is longer than 1 byte; accepted: at most that"},
		{10, 9, "the file is longer than 9 bytes; accepted: at most that"},
		{2048, 2048, ""},
		{2049, 2048, "the file is longer than 2 KiB; accepted: at most that"},
		{1 << 22, 3 << 20, "the file is longer than 3 MiB; accepted: at most that"},
	} {
		text := strings.Repeat("x", test.length)
		got, err := limit.ReadAll(strings.NewReader(text), test.max, "the file")
		if test.err == "" {
			if err != nil || string(got) != text {
				t.Errorf("%d of %d: %d bytes, %v", test.length, test.max, len(got), err)
			}
			continue
		}
		if got != nil || !errors.Is(err, limit.ErrTooLong) || err.Error() != test.err {
			t.Errorf("%d of %d: %d bytes, %v; want %s", test.length, test.max, len(got), err, test.err)
		}
	}
}

// A reader without end is read up to one byte more than the limit.
func TestCopyIsBounded(t *testing.T) {
	var b bytes.Buffer
	n, err := limit.Copy(&b, zeros{}, 100, "it")
	if n != 101 || b.Len() != 101 || !errors.Is(err, limit.ErrTooLong) {
		t.Errorf("%d, %d, %v", n, b.Len(), err)
	}
}

func TestErrorsOfTheReader(t *testing.T) {
	broken := io.MultiReader(strings.NewReader("abc"), iotest.ErrReader(io.ErrClosedPipe))
	if got, err := limit.ReadAll(broken, 100, "it"); got != nil || err != io.ErrClosedPipe {
		t.Errorf("%q, %v", got, err)
	}
}

type zeros struct{}

func (zeros) Read(p []byte) (int, error) { clear(p); return len(p), nil }
