package ask

import (
	"strings"

	"github.com/glyphkit/glyph/ask/llm"
)

// stream shows an answer once, though it may arrive in several attempts.
type stream struct {
	show  func(string) // may be nil
	text  string       // of this attempt so far
	shown string       // of it or of an attempt before, since the last restart
}

// begin is called before an attempt.
func (s *stream) begin() { s.text = "" }

// add takes text as it arrives. Again tells that what was shown before is not
// how this attempt begins, so that the text was shown from its beginning.
func (s *stream) add(text string) (again bool) {
	s.text += text
	if llm.MayBecomeRefusal(s.text) {
		return false
	}
	return s.catchUp()
}

// end is called when the answer is complete and no refusal.
func (s *stream) end() (again bool) {
	again = s.catchUp()
	if !again && len(s.shown) > len(s.text) {
		return s.restart() // what was shown went on where this one ends
	}
	return again
}

func (s *stream) catchUp() (again bool) {
	rest, ok := strings.CutPrefix(s.text, s.shown)
	if !ok {
		if strings.HasPrefix(s.shown, s.text) {
			return false // not there yet
		}
		return s.restart()
	}
	s.put(rest)
	s.shown = s.text
	return false
}

func (s *stream) restart() bool {
	s.put("\n\n" + s.text)
	s.shown = s.text
	return true
}

func (s *stream) put(text string) {
	if s.show != nil && text != "" {
		s.show(text)
	}
}
