package llm

import (
	"strings"
	"unicode"
)

const (
	thinkOpen  = "<think>"
	thinkClose = "</think>"
)

// thinking parts the reasoning that models such as GLM and Qwen write in
// <think> before their answer, where the endpoint does not.
type thinking struct {
	held  string // not decided yet
	state int    // beforeThink, inThink, afterThink, or passing
}

const (
	beforeThink = iota
	inThink
	afterThink // white space before the answer
	passing
)

// add takes a piece of the stream and returns what is decided.
func (t *thinking) add(piece string) (text, reasoning string) {
	t.held += piece
	if t.state == beforeThink {
		start := strings.TrimLeftFunc(t.held, unicode.IsSpace)
		switch {
		case strings.HasPrefix(start, thinkOpen):
			t.held, t.state = start[len(thinkOpen):], inThink
		case !strings.HasPrefix(thinkOpen, start):
			t.state = passing
		}
	}
	if t.state == inThink {
		before, after, closed := strings.Cut(t.held, thinkClose)
		if !closed {
			keep := partial(t.held, thinkClose)
			reasoning, t.held = t.held[:len(t.held)-keep], t.held[len(t.held)-keep:]
			return "", reasoning
		}
		reasoning, t.held, t.state = before, after, afterThink
	}
	if t.state == afterThink {
		if t.held = strings.TrimLeftFunc(t.held, unicode.IsSpace); t.held != "" {
			t.state = passing
		}
	}
	if t.state == passing {
		text, t.held = t.held, ""
	}
	return text, reasoning
}

// end returns what is still held.
func (t *thinking) end() (text, reasoning string) {
	if t.state == inThink {
		return "", t.held
	}
	return t.held, ""
}

// partial is the length of the longest end of s that begins mark.
func partial(s, mark string) int {
	for n := min(len(s), len(mark)-1); n > 0; n-- {
		if strings.HasPrefix(mark, s[len(s)-n:]) {
			return n
		}
	}
	return 0
}
