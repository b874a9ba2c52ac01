package tokens

import (
	"fmt"
	"strings"
	"time"

	"github.com/dlclark/regexp2/v2"
)

// A pattern splits with a regular expression engine: ten times slower than the
// splitters written by hand, and where it is safe to cut a text is not known.
type pattern struct{ *regexp2.Regexp }

// matchTimeout ends a match that backtracks without end: a normal one takes
// microseconds.
const matchTimeout = 10 * time.Second

func compile(expr string) (pattern, error) {
	if err := portable(expr); err != nil {
		return pattern{}, fmt.Errorf("regular expression %q: %w", expr, err)
	}
	re, err := regexp2.Compile(expr)
	if err != nil {
		return pattern{}, fmt.Errorf("regular expression %q: %w", expr, err)
	}
	re.MatchTimeout = matchTimeout
	return pattern{re}, nil
}

// portable returns an error if expr has anything that Oniguruma, the engine that
// these files are written for, does not read as ours does: a wrong count would
// be worse than none.
func portable(expr string) error {
	var set bool
	for i := 0; i < len(expr); i++ {
		rest := expr[i:]
		unknown := 0 // bytes of rest
		switch {
		case rest[0] == '\\' && len(rest) > 1:
			// \w takes in more marks there, \b follows it.
			if !strings.ContainsRune(`pPsSdDrntfv`, rune(rest[1])) && (isSmall(rest[1]|0x20) || rest[1] >= '0' && rest[1] <= '9') {
				unknown = 2
			}
			i++
		case set:
			switch {
			case rest[0] == ']':
				set = false
			case rest[0] == '[':
				unknown = 1
			case strings.HasPrefix(rest, "&&"):
				unknown = 2
			}
		case rest[0] == '[':
			set = true
			if strings.HasPrefix(rest, "[^") {
				i++
			}
		case rest[0] == '^' || rest[0] == '$': // of lines there
			unknown = 1
		case strings.HasPrefix(rest, "{,"):
			unknown = 2
		case strings.HasPrefix(rest, "(?"):
			known := false
			for _, group := range []string{"(?:", "(?i:", "(?=", "(?!", "(?<=", "(?<!", "(?>"} {
				known = known || strings.HasPrefix(rest, group)
			}
			if !known {
				unknown = min(3, len(rest))
			}
		}
		if unknown > 0 {
			return fmt.Errorf("%s is not supported", rest[:unknown])
		}
	}
	return nil
}

func (p pattern) split(s []byte, piece func([]byte)) error {
	matches, err := p.FindAllStringIndex(string(s), -1)
	if err != nil { // of the time, and it holds the text
		return fmt.Errorf("regular expression %q: no end within %v on a text of %d bytes; accepted: a tokenizer.json whose expression does not backtrack, or a text of shorter lines",
			p.String(), p.MatchTimeout, len(s))
	}
	done := 0
	for _, m := range append(matches, []int{len(s)}) {
		for _, end := range m {
			if end > done {
				piece(s[done:end])
				done = end
			}
		}
	}
	return nil
}
