package verify

import (
	"html"
	"regexp"
	"sort"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// A rendering is an answer as a reader sees it: without Markdown, HTML and
// LaTeX mark-up, in Unicode compatibility form. It knows which bytes of the
// answer every byte of it comes from. It takes time and memory linear in the
// answer.
type rendering struct {
	original, text string
	changes        []markup
}

// A markup is a place where the rendering differs from the answer:
// original[from:to] is rendered as text[start:end].
type markup struct{ start, end, from, to int }

// render takes the mark-up from an answer.
func render(answer string) *rendering {
	r := &rendering{original: answer}
	s := renderer{s: answer, closers: map[int]int{}}
	at := 0 // bytes of the answer that are rendered
	for s.k < len(answer) {
		from := s.k
		text, ok := s.next()
		if !ok {
			continue
		}
		s.out.WriteString(answer[at:from])
		r.changes = append(r.changes, markup{s.out.Len(), s.out.Len() + len(text), from, s.k})
		s.out.WriteString(text)
		at = s.k
	}
	s.out.WriteString(answer[at:])
	r.text = s.out.String()
	return r
}

// span returns the bytes of the answer that a range of the rendering comes
// from, without mark-up before and after it.
func (r *rendering) span(start, end int) (from, to int) {
	return r.offset(start, false), r.offset(end, true)
}

func (r *rendering) offset(at int, isEnd bool) int {
	// The changes before the offset; of those that are rendered as nothing at
	// the offset, the start of a range stands behind them, its end before.
	n := sort.Search(len(r.changes), func(i int) bool {
		c := r.changes[i]
		if c.start == c.end && c.start == at {
			return isEnd
		}
		return c.end > at
	})
	if n < len(r.changes) {
		if c := r.changes[n]; c.start < at && at < c.end {
			if isEnd {
				return c.to
			}
			return c.from
		}
	}
	if n == 0 {
		return at
	}
	c := r.changes[n-1]
	return c.to + at - c.end
}

// written returns how the answer itself may write a range of the rendering: as
// it stands there, and with the emphasis around it, which may be part of a name
// such as __init__.
func (r *rendering) written(start, end int) []string {
	from, to := r.span(start, end)
	var out []string
	if s := r.original[from:to]; s != r.text[start:end] {
		out = append(out, s)
	}
	const emphasis = "_*"
	left, right := from, to
	for left > 0 && strings.IndexByte(emphasis, r.original[left-1]) >= 0 {
		left--
	}
	for right < len(r.original) && strings.IndexByte(emphasis, r.original[right]) >= 0 {
		right++
	}
	if left < from || right > to {
		out = append(out, r.original[left:right])
	}
	return out
}

// A renderer reads mark-up from k on.
type renderer struct {
	s       string
	k       int
	out     strings.Builder
	closers map[int]int // offsets of closing mark-up and their lengths
	math    int         // where the formula ends that k is in
}

// next moves over one character or piece of mark-up, and returns what it is
// rendered as if that is something else.
func (r *renderer) next() (text string, changed bool) {
	if n, ok := r.closers[r.k]; ok {
		delete(r.closers, r.k)
		r.k += n
		return "", true
	}
	s, k := r.s, r.k
	switch c := s[k]; {
	case c == '\\':
		return r.backslash()
	case c == '$':
		return r.dollar()
	case c == '&':
		if m := entity.FindString(s[k:min(len(s), k+32)]); m != "" {
			if t := html.UnescapeString(m); t != m {
				r.k += len(m)
				return compatibilityForm(t), true
			}
		}
	case c == '<':
		if m := tag.FindStringSubmatch(s[k:min(len(s), k+300)]); m != nil {
			if text, ok := tags[strings.ToLower(m[2])]; ok {
				r.k += len(m[0])
				if m[1] != "" && text == "^" {
					text = ""
				}
				return text, true
			}
		}
	case c == '*' || c == '_' || c == '~':
		return r.emphasis()
	case c == ']' && strings.HasPrefix(s[k:], "]("):
		r.k += 2
		return "] (", true
	case k < r.math && (c == '{' || c == '}' || c == '^' && degree.MatchString(s[k:min(len(s), k+12)])):
		r.k++
		return "", true
	case c >= utf8.RuneSelf:
		return r.unicode()
	case k+1 < len(s) && s[k+1] >= 0xCC && s[k+1] <= 0xCD: // a combining mark follows
		return r.unicode()
	}
	r.k++
	return "", false
}

var (
	degree = regexp.MustCompile(`^\^\{?\\(?:circ|degree)`)
	entity = regexp.MustCompile(`^&(?:#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|[a-zA-Z][a-zA-Z0-9]{1,24});`)
	tag    = regexp.MustCompile(`^<(/?)([a-zA-Z][a-zA-Z0-9]{0,9})(?:\s[^<>]{0,250})?/?>`)
)

// tags are the elements of HTML that answers have, and what their tags are
// rendered as.
var tags = func() map[string]string {
	m := map[string]string{"sup": "^"}
	for _, t := range strings.Fields("a abbr b big bdi code del em font i ins kbd mark q s samp small span strike strong sub tt u var wbr cite data time") {
		m[t] = ""
	}
	for _, t := range strings.Fields("br p div li ul ol dl dt dd td th tr table thead tbody pre blockquote h1 h2 h3 h4 h5 h6 hr section article caption") {
		m[t] = " "
	}
	return m
}()

// commands of LaTeX whose argument is shown as it stands.
var shown = regexp.MustCompile(`^\\(?:text|texttt|textbf|textit|textrm|textsf|mathrm|mathbf|mathit|mathsf|mathtt|operatorname|emph|path|url|mbox|ensuremath|underline|textsuperscript|SI|num|nolinkurl)\{`)

// signs of LaTeX, longest first where one begins like another.
var signs = []struct{ command, text string }{
	{`\textdegree`, "°"}, {`\degree`, "°"}, {`\circ`, "°"}, {`\times`, "×"}, {`\cdot`, "·"}, {`\mu`, "µ"}, {`\Omega`, "Ω"}, {`\euro`, "€"},
	{`\pounds`, "£"}, {`\textbackslash`, `\`}, {`\pm`, "±"}, {`\approx`, "≈"}, {`\textminus`, "-"}, {`\left`, ""}, {`\right`, ""}, {`\quad`, " "},
}

func (r *renderer) backslash() (string, bool) {
	s, k := r.s, r.k
	if k+1 == len(s) {
		r.k++
		return "", false
	}
	// \" stays: in answers about data it is an escape of a string of JSON or of
	// code, which the sources hold as written, far oftener than one of Markdown.
	switch c := s[k+1]; {
	case strings.IndexByte("_*#[]{}()<>~&$%!|`-.+@^'", c) >= 0:
		if (c == '(' || c == ')' || c == '[' || c == ']') && r.k < r.math {
			break
		}
		r.k += 2
		return string(c), true
	case strings.IndexByte(",;: ", c) >= 0:
		r.k += 2
		return " ", true
	}
	if m := shown.FindString(s[k:min(len(s), k+24)]); m != "" {
		if end := closing(s, k+len(m)); end > 0 {
			r.closers[end] = 1
			r.k += len(m)
			return "", true
		}
	}
	if k < r.math {
		for _, c := range signs {
			if strings.HasPrefix(s[k:], c.command) {
				r.k += len(c.command)
				return c.text, true
			}
		}
	}
	r.k++
	return "", false
}

// closing is the offset of the brace that closes the one before k, of an
// argument of up to 2,000 bytes, else 0.
func closing(s string, k int) int {
	depth := 1
	for i := k; i < min(len(s), k+2000); i++ {
		switch s[i] {
		case '\\':
			i++
		case '{':
			depth++
		case '}':
			if depth--; depth == 0 {
				return i
			}
		case '\n':
			return 0
		}
	}
	return 0
}

// dollar reads the sign that begins a formula: one on the same line closes it,
// no blank stands inside of either, and no digit follows. Text with blanks is a
// formula only if it has a command.
func (r *renderer) dollar() (string, bool) {
	s, k := r.s, r.k
	r.k++
	if k < r.math || k+1 >= len(s) || s[k+1] == ' ' || s[k+1] == '$' || k > 0 && isDigit(rune(s[k-1])) {
		return "", false
	}
	line := s[k+1 : min(len(s), k+400)]
	if n := strings.IndexByte(line, '\n'); n >= 0 {
		line = line[:n]
	}
	for end := 0; end < len(line); end++ {
		switch {
		case line[end] == '\\':
			end++
		case line[end] == '$':
			if line[end-1] == ' ' || end+1 < len(line) && isDigit(rune(line[end+1])) || strings.ContainsAny(line[:end], " ") && !strings.ContainsAny(line[:end], `\`) {
				return "", false
			}
			r.math = k + 1 + end
			r.closers[r.math] = 1
			return "", true
		}
	}
	return "", false
}

// emphasis reads signs that open emphasis: they stand before a word and behind
// none, and the same signs close it in the same paragraph.
func (r *renderer) emphasis() (string, bool) {
	s, k := r.s, r.k
	n := 1
	for n < 3 && k+n < len(s) && s[k+n] == s[k] {
		n++
	}
	r.k += n
	if s[k] == '~' && n != 2 || k+n >= len(s) || isBlank(s[k+n]) || k > 0 && isLatinWord(s[k-1]) {
		return "", false
	}
	const longest = 2000
	rest := s[k+n : min(len(s), k+n+longest)]
	if p := strings.Index(rest, "\n\n"); p >= 0 {
		rest = rest[:p]
	}
	sign := s[k : k+n]
	for at := 0; ; {
		p := strings.Index(rest[at:], sign)
		if p < 0 {
			// No such sign closes anything up to here.
			return "", false
		}
		p += at
		end := p + n
		for end < len(rest) && rest[end] == sign[0] {
			end++
		}
		if end == p+n && p > 0 && !isBlank(rest[p-1]) && !(end < len(rest) && isLatinWord(rest[end])) && rest[p-1] != '\\' {
			r.closers[k+n+p] = n
			return "", true
		}
		at = end
		if at > 300 && n == 1 {
			return "", false
		}
	}
}

// isLatinWord tells letters and digits of words that blanks stand between;
// those of Chinese or Korean have none.
func isLatinWord(c byte) bool { return c < utf8.RuneSelf && isWord(rune(c)) }

func isBlank(c byte) bool { return c == ' ' || c == '\t' || c == '\n' || c == '\r' }

func lastRune(s string) rune {
	r, _ := utf8.DecodeLastRuneInString(s)
	return r
}

// unicode reads a character with its combining marks.
func (r *renderer) unicode() (string, bool) {
	n := norm.NFKC.NextBoundaryInString(r.s[r.k:], true)
	if n <= 0 {
		n = 1
	}
	from := r.s[r.k : r.k+n]
	if first, _ := utf8.DecodeRuneInString(from); unicode.Is(unicode.Zs, first) {
		// Between digits a narrow blank groups them, elsewhere it is a blank.
		next := r.s[r.k+n:]
		grouped := r.k > 0 && isDigit(rune(r.s[r.k-1])) && next != "" && isDigit(rune(next[0]))
		if r.k += n; grouped {
			return "", false
		}
		return " ", true
	}
	r.k += n
	t := compatibilityForm(from)
	return t, t != from
}

// compatibilityForm is s in Unicode compatibility form, but for powers, fractions and
// ellipses, which would lose their meaning, and for blanks.
func compatibilityForm(s string) string {
	switch {
	case s == "\u2010" || s == "\u2011":
		return "-"
	case strings.ContainsAny(s, "²³¹⁰⁴⁵⁶⁷⁸⁹⁻½¼¾⅓⅔⅛…µ\u00a0\u202f\u2009\u2007"), !utf8.ValidString(s):
		return s
	}
	return norm.NFKC.String(s)
}
