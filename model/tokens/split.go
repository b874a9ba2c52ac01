package tokens

import (
	"cmp"
	"fmt"
	"sync"
)

// A splitter cuts text into the pieces that byte-pair encoding does not merge
// across. It stands for the regular expression of a tokenizer: every match is a
// piece, and so is the text between two matches.
//
// The regular expressions are given with the types that stand for them. They
// are followed alternative by alternative, as a backtracking engine does, but
// each in time linear in what it matches: no alternative looks further than one
// character past its match, and giving characters back is counted, not tried.
type splitter interface {
	// split calls piece for every piece of s, in order. Together they are s.
	split(s []byte, piece func([]byte)) error
}

// chain splits with the first splitter, then each piece with the next, and so
// on, as a Sequence of pre-tokenizers does.
type chain []splitter

func (c chain) split(s []byte, piece func([]byte)) error {
	if len(c) == 1 {
		return c[0].split(s, piece)
	}
	var inner error
	outer := c[0].split(s, func(s []byte) {
		if inner == nil {
			inner = c[1:].split(s, piece)
		}
	})
	return cmp.Or(outer, inner)
}

// splitters returns the splitters of known expressions. The expressions are
// compared as they stand in published files: what looks nearly alike may differ
// in one count of a thousand.
var splitters = sync.OnceValue(func() map[string]splitter {
	const (
		contractions = `(?i:'s|'t|'re|'ve|'m|'ll|'d)`
		blanks       = `\s*[\r\n]+|\s+(?!\S)|\s+`
		upperRun     = `[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]`
		lowerRun     = `[\p{Ll}\p{Lm}\p{Lo}\p{M}]`
		symbols      = `| ?[^\s\p{L}\p{N}]+[\r\n]*|` + blanks
		cased        = `[^\r\n\p{L}\p{N}]?` + upperRun + `*` + lowerRun + `+%[1]s|[^\r\n\p{L}\p{N}]?` + upperRun + `+` + lowerRun + `*%[1]s` +
			`|\p{N}%[2]s| ?[^\s\p{L}\p{N}]+[\r\n/]*|` + blanks
	)
	t := classes()
	return map[string]splitter{
		// GPT-4, Llama 3, GLM-4
		contractions + `|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}` + symbols: words{classTable: t, contractions: true, digits: 3, inWord: letter},
		// Qwen 2 to 3, Grok 2
		contractions + `|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}` + symbols: words{classTable: t, contractions: true, digits: 1, inWord: letter},
		// Qwen 3.5
		contractions + `|[^\r\n\p{L}\p{N}]?[\p{L}\p{M}]+|\p{N}| ?[^\s\p{L}\p{M}\p{N}]+[\r\n]*|` + blanks: words{classTable: t, contractions: true, digits: 1, inWord: letter | mark},
		// GPT-4o, Llama 4
		fmt.Sprintf(cased, contractions+`?`, `{1,3}`): words{classTable: t, cased: true, contractions: true, digits: 3},
		// Mistral (Tekken)
		fmt.Sprintf(cased, ``, ``): words{classTable: t, cased: true, digits: 1},
		`'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+`: gpt2{t},
		// DeepSeek V3, one after the other
		`\p{N}{1,3}`:        isolate{t, number, 3},
		"[一-龥\u3040-ゟ゠-ヿ]+": isolate{t, kana, 0},
		"[!\"#$%&'()*+,\\-./:;<=>?@\\[\\\\\\]^_`{|}~][A-Za-z]+|[^\r\n\\p{L}\\p{P}\\p{S}]?[\\p{L}\\p{M}]+| ?[\\p{P}\\p{S}]+[\r\n]*|\\s*[\r\n]+|\\s+(?!\\S)|\\s+": deepSeek{t},
	}
})

// words splits as the family of expressions that began with GPT-4, with these
// differences among its members: see splitters. Below, U is
// [\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}] and L is [\p{Ll}\p{Lm}\p{Lo}\p{M}].
type words struct {
	*classTable
	cased        bool  // as o200k: a word ends before a capital, and / ends a run of punctuation
	contractions bool  // 's and the like: as a suffix of a word if cased, else a piece
	digits       int   // most in a piece; 0 is any number
	inWord       uint8 // classes of a word if not cased: letter, and in some mark
}

func (w words) split(s []byte, piece func([]byte)) error {
	for start := 0; start < len(s); {
		end := w.next(s, start)
		piece(s[start:end])
		start = end
	}
	return nil
}

// next returns the end of the piece that starts at s[i].
func (w words) next(s []byte, i int) int {
	class, n := w.at(s, i)
	first := i + n
	switch {
	case class&letter != 0:
		end, _ := w.word(s, i)
		return end
	case class&number != 0:
		return w.run(s, i, number, w.digits)
	}
	if w.contractions && !w.cased && s[i] == '\'' {
		if end := contraction(s, i); end > i {
			return end
		}
	}
	// One character of any kind but a line break may begin a word.
	if s[i] != '\r' && s[i] != '\n' && first < len(s) {
		end, whole := w.word(s, first)
		if end > first && (whole || class&mark == 0) {
			return end
		}
	}
	// A mark begins a word of its own where letters take marks in.
	if class&mark != 0 && (w.cased || w.inWord&mark != 0) {
		end, _ := w.word(s, i)
		return end
	}
	if end := w.symbols(s, i); end > i {
		return end
	}
	return w.blank(s, i, true)
}

// word returns the end of the word whose letters start at s[i], or i if there
// are none. If cased, it is whole if it matches the first of the two
// alternatives, U*L+, not only U+L*.
func (w words) word(s []byte, i int) (end int, whole bool) {
	if !w.cased {
		return w.run(s, i, w.inWord, 0), true
	}
	// U* takes all it can. If small letters follow it was right to; if not, it
	// gives back up to the last character that L+ takes as well.
	back, end := i, i
	for end < len(s) {
		class, n := w.at(s, end)
		if class&(upper|other|mark) == 0 {
			if class&lower != 0 {
				return w.suffix(s, w.run(s, end, lower|other|mark, 0)), true
			}
			break
		}
		end += n
		if class&upper == 0 {
			back = end
		}
	}
	switch {
	case back > i:
		return w.suffix(s, back), true
	case end > i:
		return w.suffix(s, end), false
	}
	return i, false
}

// suffix returns the end of the contraction at s[i], or i.
func (w words) suffix(s []byte, i int) int {
	if w.contractions {
		return contraction(s, i)
	}
	return i
}

// symbols returns the end of ` ?[^\s\p{L}\p{N}]+[\r\n]*` at s[i], or i.
func (w words) symbols(s []byte, i int) int {
	start := i
	if s[i] == ' ' {
		start++
	}
	end := w.runNot(s, start, space|letter|number|w.inWord)
	if end == start {
		return i
	}
	for end < len(s) && (s[end] == '\r' || s[end] == '\n' || s[end] == '/' && w.cased) {
		end++
	}
	return end
}

// gpt2 splits as
//
//	's|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+
type gpt2 struct{ *classTable }

func (g gpt2) split(s []byte, piece func([]byte)) error {
	for start := 0; start < len(s); {
		end := g.next(s, start)
		piece(s[start:end])
		start = end
	}
	return nil
}

func (g gpt2) next(s []byte, i int) int {
	if end := contraction(s, i); end > i && isSmall(s[i+1]) && isSmall(s[end-1]) {
		return end
	}
	start := i
	class, _ := g.at(s, i)
	if s[i] == ' ' && i+1 < len(s) {
		start++
		class, _ = g.at(s, start)
	}
	switch {
	case class&letter != 0:
		return g.run(s, start, letter, 0)
	case class&number != 0:
		return g.run(s, start, number, 0)
	case class&space == 0:
		return g.runNot(s, start, space|letter|number)
	}
	return g.blank(s, i, false)
}

func isSmall(b byte) bool { return 'a' <= b && b <= 'z' }

// deepSeek splits as the last expression of DeepSeek-V3:
//
//	[!"#$%&'()*+,\-./:;<=>?@\[\\\]^_`{|}~][A-Za-z]+|[^\r\n\p{L}\p{P}\p{S}]?[\p{L}\p{M}]+| ?[\p{P}\p{S}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+
type deepSeek struct{ *classTable }

func (d deepSeek) split(s []byte, piece func([]byte)) error {
	done := 0
	for i := 0; i < len(s); {
		end := d.next(s, i)
		if end == i { // no match starts here
			_, n := d.at(s, i)
			i += n
			continue
		}
		if i > done {
			piece(s[done:i])
		}
		piece(s[i:end])
		i, done = end, end
	}
	if done < len(s) {
		piece(s[done:])
	}
	return nil
}

// next returns the end of the match at s[i], or i.
func (d deepSeek) next(s []byte, i int) int {
	class, n := d.at(s, i)
	first := i + n
	if class&punct != 0 && n == 1 {
		end := first
		for end < len(s) && isSmall(s[end]|0x20) {
			end++
		}
		if end > first {
			return end
		}
	}
	start := i
	if class&(letter|mark|punct) == 0 && s[i] != '\r' && s[i] != '\n' {
		start = first
	}
	if end := d.run(s, start, letter|mark, 0); end > start {
		return end
	}
	start = i
	if s[i] == ' ' {
		start = first
	}
	if end := d.run(s, start, punct, 0); end > start {
		return lineBreaks(s, end)
	}
	return d.blank(s, i, true)
}

// isolate cuts runs of at most limit characters of those classes out of the
// text: \p{N}{1,3} is {number, 3}. No limit is 0.
type isolate struct {
	*classTable
	classes uint8
	limit   int
}

func (o isolate) split(s []byte, piece func([]byte)) error {
	for start := 0; start < len(s); {
		end := o.run(s, start, o.classes, o.limit)
		if end == start {
			end = o.runNot(s, start, o.classes)
		}
		piece(s[start:end])
		start = end
	}
	return nil
}

// run returns the end of the run of at most limit characters of those classes
// at s[i]. No limit is 0.
func (t *classTable) run(s []byte, i int, classes uint8, limit int) int {
	for k := 0; i < len(s) && (k < limit || limit == 0); k++ {
		class, n := t.at(s, i)
		if class&classes == 0 {
			break
		}
		i += n
	}
	return i
}

// runNot returns the end of the run of characters of other classes at s[i].
func (t *classTable) runNot(s []byte, i int, classes uint8) int {
	for i < len(s) {
		class, n := t.at(s, i)
		if class&classes != 0 {
			break
		}
		i += n
	}
	return i
}

// blank returns the end of `\s*[\r\n]+|\s+(?!\S)|\s+` at s[i], or i. Without
// lines, the first alternative is not there.
func (t *classTable) blank(s []byte, i int, lines bool) int {
	end, last, line := i, i, i // of the run, of all but its last character, of its last line
	for end < len(s) {
		class, n := t.at(s, end)
		if class&space == 0 {
			break
		}
		last = end
		end += n
		if s[last] == '\r' || s[last] == '\n' {
			line = end
		}
	}
	switch {
	case lines && line > i:
		return line
	case end < len(s) && last > i:
		return last
	}
	return end
}

// lineBreaks returns the end of [\r\n]* at s[i].
func lineBreaks(s []byte, i int) int {
	for i < len(s) && (s[i] == '\r' || s[i] == '\n') {
		i++
	}
	return i
}

// contraction returns the end of `(?i:'s|'t|'re|'ve|'m|'ll|'d)` at s[i], or i.
func contraction(s []byte, i int) int {
	if len(s)-i < 2 || s[i] != '\'' {
		return i
	}
	a := s[i+1] | 0x20
	switch a {
	case 's', 't', 'm', 'd':
		return i + 2
	}
	if len(s)-i < 3 {
		return i
	}
	b := s[i+2] | 0x20
	if b == 'e' && (a == 'r' || a == 'v') || a == 'l' && b == 'l' || string(s[i+1:i+3]) == "ſ" { // folds to s
		return i + 3
	}
	return i
}
