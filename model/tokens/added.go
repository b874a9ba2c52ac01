package tokens

import (
	"bytes"
	"cmp"
	"slices"
	"unicode"
	"unicode/utf8"
)

// An addedToken is found in the text as it stands, before it is split: markers
// Of a chat template and the like.
type addedToken struct {
	ID         uint32 `json:"id"`
	Content    string `json:"content"`
	SingleWord bool   `json:"single_word"` // not where a word character touches it
	LStrip     bool   `json:"lstrip"`      // takes white space before it
	RStrip     bool   `json:"rstrip"`      // takes white space after it
	Normalized bool   `json:"normalized"`  // looked for in the normalized text
}

// addedTokens finds tokens in text: the leftmost, and the longest of those.
type addedTokens struct {
	byText  map[string]addedToken
	lengths []int           // of tokens in bytes, longest first
	begins  [1 << 13]uint64 // bit set of the first two bytes of tokens
}

// newAddedTokens returns nil if there are none.
func newAddedTokens(list []addedToken) *addedTokens {
	a := &addedTokens{byText: map[string]addedToken{}}
	for _, t := range list {
		if t.Content == "" {
			continue
		}
		a.byText[t.Content] = t
		a.lengths = append(a.lengths, len(t.Content))
		first, second := int(t.Content[0])<<8, 0
		for second < 256 {
			if len(t.Content) > 1 {
				second = int(t.Content[1])
			}
			a.begins[(first|second)>>6] |= 1 << (second & 63)
			if len(t.Content) > 1 {
				break
			}
			second++
		}
	}
	if len(a.byText) == 0 {
		return nil
	}
	slices.SortFunc(a.lengths, func(x, y int) int { return cmp.Compare(y, x) })
	a.lengths = slices.Compact(a.lengths)
	return a
}

// longest returns the length of the longest token in bytes.
func (a *addedTokens) longest() int {
	if a == nil {
		return 0
	}
	return a.lengths[0]
}

// next returns the first token in s[from:], and where it starts; -1 is none.
func (a *addedTokens) next(s []byte, from int) (int, addedToken) {
	for i := from; i < len(s); i++ {
		pair := int(s[i]) << 8
		if i+1 < len(s) {
			pair |= int(s[i+1])
		}
		if a.begins[pair>>6]&(1<<(pair&63)) == 0 {
			continue
		}
		for _, n := range a.lengths {
			if i+n <= len(s) {
				if t, ok := a.byText[string(s[i:i+n])]; ok {
					return i, t
				}
			}
		}
	}
	return -1, addedToken{}
}

// cut calls text for what stands between tokens, and token for the tokens, in
// order. It stops at an error of text.
func (a *addedTokens) cut(s []byte, text func([]byte) error, token func(id uint32)) error {
	done := 0
	for from := 0; a != nil; {
		start, t := a.next(s, from)
		if start < 0 {
			break
		}
		end := start + len(t.Content)
		from = end
		if t.SingleWord && (endsWithWord(s[:start]) || startsWithWord(s[end:])) {
			continue
		}
		if t.LStrip {
			start = len(bytes.TrimRightFunc(s[:start], unicode.IsSpace))
		}
		if t.RStrip {
			end = len(s) - len(bytes.TrimLeftFunc(s[end:], unicode.IsSpace))
		}
		if start > done {
			if err := text(s[done:start]); err != nil {
				return err
			}
		}
		// The search goes on behind the token itself: white space that it took may
		// hold a token all the same. The library has it so.
		token(t.ID)
		done = end
	}
	if done < len(s) {
		return text(s[done:])
	}
	return nil
}

// touches says whether a token stands in s so that it crosses, ends or begins
// at s[at]: then s[:at] and s[at:] may not be cut apart.
func (a *addedTokens) touches(s []byte, at int) bool {
	if a == nil {
		return false
	}
	for from := max(0, at-a.longest()); from <= at; {
		start, t := a.next(s, from)
		if start < 0 || start > at {
			return false
		}
		if start+len(t.Content) >= at {
			return true
		}
		// A longer token at start was not found, a shorter one ends earlier.
		from = start + 1
	}
	return false
}

func endsWithWord(s []byte) bool {
	r, n := utf8.DecodeLastRune(s)
	return n > 0 && isWord(r)
}

func startsWithWord(s []byte) bool {
	r, n := utf8.DecodeRune(s)
	return n > 0 && isWord(r)
}

// isWord is \w of UTS #18.
func isWord(r rune) bool {
	return unicode.In(r, unicode.L, unicode.Nl, unicode.Other_Alphabetic, unicode.M, unicode.Nd, unicode.Pc, unicode.Join_Control)
}
