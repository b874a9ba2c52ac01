package exact

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// matchCode reads a code that begins with a digit and has letters: 4F9Q,
// 60-A1.
func matchCode(s string, i int) int {
	end := joinedEnd(s, i)
	word := wordEnd(s, i)
	capital, letters, mixed := false, 0, false
	for k := i; k < end; k++ {
		c := s[k]
		capital = capital || isUpper(c)
		if isAlpha(c) || c == '_' {
			letters++
			mixed = mixed || k > 0 && isDigit(s[k-1]) && k > i
		}
	}
	switch {
	case letters == 0:
		return i
	case end > word && (capital || mixed || digitAfterHyphen(s, word, end)) && !strings.Contains(s[i:end], "."):
		return end
	case end > word && digitsEnd(s, i) == word:
		return i // 10-year
	}
	return word
}

func digitAfterHyphen(s string, from, to int) bool {
	return strings.ContainsAny(s[from:to], "0123456789")
}

// shape is what the characters of joined words are.
type shape struct {
	digits, capitals, smalls, underscores int
	dots, hyphens                         int
	inner                                 bool // a capital after a small letter, or before one inside a word
	mixed                                 bool // letters and digits in one word
}

func shapeOf(w string) shape {
	var sh shape
	wordDigits, wordLetters := false, false
	start, run := 0, 0 // of the word, and of its capitals so far
	flush := func(end int) {
		sh.mixed = sh.mixed || wordDigits && wordLetters
		wordDigits, wordLetters, run, start = false, false, 0, end+1
	}
	for k := 0; k < len(w); {
		c, n := rune(w[k]), 1
		if c >= utf8.RuneSelf {
			c, n = utf8.DecodeRuneInString(w[k:])
		}
		switch {
		case '0' <= c && c <= '9':
			sh.digits++
			wordDigits = true
			run = 0
		case c == '_':
			sh.underscores++
			run = 0
		case c == '.':
			sh.dots++
			flush(k)
		case c == '-', c == '+':
			sh.hyphens++
			flush(k)
		case unicode.IsUpper(c):
			sh.capitals++
			wordLetters = true
			if k > start && run == 0 && sh.smalls > 0 && w[k-1] != '_' && !isDigit(w[k-1]) {
				sh.inner = true
			}
			run++
		default:
			sh.smalls++
			wordLetters = true
			// HTTPServer has an inner capital, URLs has not.
			if run > 1 && !(c == 's' && (k+1 == len(w) || w[k+1] == '.' || w[k+1] == '-')) {
				sh.inner = true
			}
			run = 0
		}
		k += n
	}
	flush(len(w))
	return sh
}

// matchIdentifier reads names of code and codes: an underscore, an inner
// capital, letters with digits, dots between names, hyphens between a word and
// digits.
func matchIdentifier(s string, i int) int {
	end := joinedEnd(s, i)
	if at(s, end) == '/' {
		if e := slashCodeEnd(s, i, end); e > end {
			return e
		}
	}
	const maxCuts = 8
	for range maxCuts {
		w := s[i:end]
		if isIdentifier(s, i, end, shapeOf(w)) {
			if at(s, end) == '+' && isDigit(s[end-1]) && strings.IndexByte(w, 'v') > 0 && wordLen(s, end+1) == 0 {
				return end + 1 // GPLv3+
			}
			return end
		}
		// Without what the last sign joins: end.Next has words, fmt.Print-like
		// a name.
		cut := strings.LastIndexAny(w, ".-+")
		if cut < 0 {
			break
		}
		end = i + cut
	}
	return i
}

// slashCodeEnd reads KX-20991/B and KX-35/4: capitals and digits on both sides,
// and not digits alone behind a word (WPA2/3).
func slashCodeEnd(s string, i, slash int) int {
	end := joinedEnd(s, slash+1)
	digits := false
	for k := i; k < end; k++ {
		switch c := s[k]; {
		case isDigit(c):
			digits = true
		case isUpper(c), c == '-', c == '/':
		default:
			return slash
		}
	}
	if !digits || end == slash+1 || at(s, end) == '/' || strings.Trim(s[slash+1:end], "0123456789.") == "" && (!strings.Contains(s[i:slash], "-") || strings.Contains(s[slash:end], ".")) {
		return slash
	}
	return end
}

func isIdentifier(s string, i, end int, sh shape) bool {
	w := s[i:end]
	switch {
	case sh.capitals+sh.smalls == 0:
		return false
	case sh.dots > 0 && !isDotted(s, i, end, sh):
		return false
	case sh.dots > 0:
		return true
	case sh.underscores > 0:
		// _name is a link of reStructuredText.
		return sh.underscores < len(w) && (w[0] != '_' || sh.underscores > 1 || sh.digits > 0 || sh.inner || at(s, end) == '(' || sh.smalls == 0 && at(s, end) != ':')
	case sh.hyphens > 0:
		return sh.digits > 0 && w[0] != '_'
	case sh.mixed:
		return true
	}
	return sh.inner && !isGaelic(w)
}

// isGaelic reports whether the inner capital is that of a family name.
func isGaelic(w string) bool {
	rest, ok := strings.CutPrefix(w, "Mac")
	if !ok {
		rest, ok = strings.CutPrefix(w, "Mc")
	}
	return ok && len(rest) > 2 && isUpper(rest[0]) && strings.ToLower(rest[1:]) == rest[1:]
}

// isDotted reports whether words with dots between them are a name. They are
// not where they are an abbreviation (e.g, Ph.D), or where a blank is missing
// between two sentences (the end.Next day).
func isDotted(s string, i, end int, sh shape) bool {
	longest, from := 0, i
	for k := i; k <= end; k++ {
		if k == end || s[k] == '.' {
			longest = max(longest, k-from)
			from = k + 1
		}
	}
	if longest < 3 {
		return sh.digits > 0 && longest > 1
	}
	if sh.dots > 1 || sh.underscores > 0 || sh.inner || sh.digits > 0 || sh.hyphens > 0 {
		return true
	}
	dot := i + strings.IndexByte(s[i:end], '.')
	if !isUpper(s[dot+1]) {
		return true
	}
	return !(at(s, end) == ' ' && isLower(at(s, end+1)) && isKnown(s[i:dot]) && isKnown(strings.ToLower(s[dot+1:end])))
}

// matchProcess reads the 397/rpcbind of netstat and ps.
func matchProcess(s string, i int) int {
	k := digitsEnd(s, i)
	const maxPID, minName = 7, 3
	if at(s, k) != '/' || k-i > maxPID || !isLower(at(s, k+1)) {
		return i
	}
	end := joinedEnd(s, k+1)
	name := s[k+1 : end]
	word := s[k+1 : wordEnd(s, k+1)]
	if len(name) < minName || at(s, end) == '/' || at(s, i-1) == '/' || isKnownForm(word) || isCommonWord(word) || isUnitName(word) {
		return i
	}
	return end
}

// matchAccountAt reads user@host at a prompt.
func matchAccountAt(s string, i int) int {
	k := wordEnd(s, i)
	if at(s, k) != '@' || i > 0 && !isSpace(s[i-1]) && s[i-1] != '[' {
		return i
	}
	end := joinedEnd(s, k+1)
	if c := at(s, end); end == k+1 || c != ':' && c != '$' && c != '#' && c != '>' || isDigit(s[k+1]) {
		return i
	}
	return end
}

// idLabels stand before codes and are no part of them.
var idLabels = setOf("IBAN BIC SWIFT ISBN ISSN VAT ID PIN DOI SKU CPU GPU RAM HTTP SHA MD REF NO NR")

// matchDesignation reads the codes of a catalogue behind its letters: SCP 06F6.
func matchDesignation(s string, i int) int {
	const shortest, longest, minCode = 2, 5, 4
	k := i
	for isUpper(at(s, k)) {
		k++
	}
	if k-i < shortest || k-i > longest || at(s, k) != ' ' || idLabels[s[i:k]] || isCommonWord(strings.ToLower(s[i:k])) {
		return i
	}
	end := joinedEnd(s, k+1)
	digits, uppers := 0, 0
	for _, c := range []byte(s[k+1 : end]) {
		switch {
		case isDigit(c):
			digits++
		case isUpper(c):
			uppers++
		case c != '.' && c != '+' && c != '-':
			return i
		}
	}
	if digits == 0 || uppers == 0 || end-k-1 < minCode || at(s, end) == ' ' && isDigit(at(s, end+1)) || isUnitName(strings.TrimLeft(s[k+1:end], "0123456789.")) {
		return i
	}
	return end
}

// matchCapitalPair reads AES-XTS: capitals with a hyphen between them that are no
// words.
func matchCapitalPair(s string, i int) int {
	k, words := i, 0
	strange := false
	for isUpper(at(s, k)) {
		e := k
		for isUpper(at(s, e)) {
			e++
		}
		if e-k < 2 {
			return i
		}
		low := strings.ToLower(s[k:e])
		strange = strange || !isKnownForm(low) && !isCommonWord(low)
		words++
		k = e
		if at(s, k) != '-' {
			break
		}
		k++
	}
	if words < 2 || !strange || wordLen(s, k) > 0 || s[k-1] == '-' {
		return i
	}
	return k
}

// matchSigned reads #1768 and #ff0000.
func matchSigned(s string, i int) int {
	if s[i] != '#' || endsWord(s, i) || at(s, i-1) == '&' || at(s, i-1) == '#' {
		return i
	}
	end := digitsEnd(s, i+1)
	if end > i+1 && (wordLen(s, end) == 0 || s[end] >= 0x80) {
		return end
	}
	const colour = 6
	if e, _, _ := hexEnd(s, i+1); e == i+1+colour {
		return e
	}
	return i
}

// architectures are the parts behind the colon of libc6:amd64.
var architectures = setOf("amd64 arm64 i386 all any armhf armel ppc64el s390x riscv64 mips64el native")

// matchTagged reads names with a tag or a scope: libc6:amd64, redis:7.2-alpine,
// Class::method, a::b::c.
func matchTagged(s string, i int) int {
	k := joinedEnd(s, i)
	if at(s, k) == '/' {
		k = pathEnd(s, i)
	}
	if at(s, k) != ':' || k == i {
		return i
	}
	if at(s, k+1) == ':' {
		end := k
		for strings.HasPrefix(s[end:], "::") && (isAlpha(at(s, end+2)) || at(s, end+2) == '_') {
			end = wordEnd(s, end+2)
		}
		if end == k || at(s, end) == ':' {
			return i
		}
		return end
	}
	end := joinedEnd(s, k+1)
	tag := s[k+1 : end]
	if tag == "" || at(s, end) == ':' || at(s, end) == '/' {
		return i
	}
	if architectures[tag] {
		return end
	}
	if strings.Trim(s[i:k], "abcdefghijklmnopqrstuvwxyz0123456789-_./") != "" || len(s[i:k]) < 3 {
		return i
	}
	if isDigit(tag[0]) && (strings.Contains(tag, ".") || strings.Contains(tag, "-")) && !strings.HasPrefix(tag, "20") || tag == "latest" {
		return end
	}
	return i
}
