// Package limit reads what others wrote up to a length, and says when there is
// more.
package limit

import (
	"bytes"
	"errors"
	"fmt"
	"io"
)

// ErrTooLong is what errors.Is finds in the error about a reader that holds
// more than its limit.
var ErrTooLong = errors.New("too long")

type tooLong struct {
	what string
	max  int64
}

func (e *tooLong) Error() string {
	return fmt.Sprintf("%s is longer than %s; accepted: at most that", e.what, size(e.max))
}

func (e *tooLong) Is(target error) bool { return target == ErrTooLong }

// ReadAll reads r to its end. A reader that holds more than max bytes is an
// [ErrTooLong], whose text names what and the limit: "the profile file is longer
// than 4 MiB". Errors of r are returned as they are. Neither comes with data.
func ReadAll(r io.Reader, max int64, what string) ([]byte, error) {
	var b bytes.Buffer
	if _, err := Copy(&b, r, max, what); err != nil {
		return nil, err
	}
	return b.Bytes(), nil
}

// Copy writes what r holds to w. It returns the errors that ReadAll returns and
// those of w. At most max+1 bytes are read and written, and their number is
// returned.
func Copy(w io.Writer, r io.Reader, max int64, what string) (int64, error) {
	n, err := io.Copy(w, io.LimitReader(r, max+1))
	if err == nil && n > max {
		err = &tooLong{what, max}
	}
	return n, err
}

// size writes a number of bytes in the largest unit that divides it.
func size(n int64) string {
	for _, u := range []struct {
		bytes int64
		name  string
	}{{1 << 30, "GiB"}, {1 << 20, "MiB"}, {1 << 10, "KiB"}} {
		if n >= u.bytes && n%u.bytes == 0 {
			return fmt.Sprintf("%d %s", n/u.bytes, u.name)
		}
	}
	if n == 1 {
		return "1 byte"
	}
	return fmt.Sprintf("%d bytes", n)
}
