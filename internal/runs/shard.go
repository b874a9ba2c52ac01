package runs

import (
	"fmt"
	"strconv"
	"strings"
)

// Shard is a part of a run: the items whose index, from 0, is Number-1 modulo
// Of. The zero value is the whole run. It is a flag value of the form "2/5".
type Shard struct {
	Number int // 1 to Of
	Of     int
}

// Has reports whether an item belongs to the part.
func (s Shard) Has(index int) bool { return s.Of == 0 || index%s.Of == s.Number-1 }

const maxShards = 10_000

// Set reads "2/5".
func (s *Shard) Set(text string) error {
	number, of, ok := strings.Cut(text, "/")
	n, err1 := strconv.Atoi(number)
	m, err2 := strconv.Atoi(of)
	if !ok || err1 != nil || err2 != nil || n < 1 || n > m || m > maxShards {
		return fmt.Errorf("shard %q; accepted: I/N such as 2/5, the second of five parts, with N up to %d", text, maxShards)
	}
	*s = Shard{n, m}
	return nil
}

// String is "2/5", or "" for the whole run.
func (s Shard) String() string {
	if s.Of == 0 {
		return ""
	}
	return fmt.Sprintf("%d/%d", s.Number, s.Of)
}

// Type is what help calls the value.
func (*Shard) Type() string { return "I/N" }

// MarshalText is String.
func (s Shard) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// UnmarshalText is Set, and of "" the whole run.
func (s *Shard) UnmarshalText(text []byte) error {
	if len(text) == 0 {
		*s = Shard{}
		return nil
	}
	return s.Set(string(text))
}
