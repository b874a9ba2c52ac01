package lex

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// MatchCode reads a code that begins with a digit and has letters: 4F9Q,
// 60-A1.
func MatchCode(s string, i int) int {
	end := joinedEnd(s, i)
	word := WordEnd(s, i)
	capital, letters, mixed := false, 0, false
	for k := i; k < end; k++ {
		c := s[k]
		capital = capital || IsUpper(c)
		if IsAlpha(c) || c == '_' {
			letters++
			mixed = mixed || k > 0 && IsDigit(s[k-1]) && k > i
		}
	}
	switch {
	case letters == 0:
		return i
	case end > word && (capital || mixed || digitAfterHyphen(s, word, end)) && !strings.Contains(s[i:end], "."):
		return end
	case end > word && DigitsEnd(s, i) == word:
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
			if k > start && run == 0 && sh.smalls > 0 && w[k-1] != '_' && !IsDigit(w[k-1]) {
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

// MatchIdentifier reads names of code and codes: an underscore, an inner
// capital, letters with digits, dots between names, hyphens between a word and
// digits.
func MatchIdentifier(s string, i int) int {
	end := joinedEnd(s, i)
	if At(s, end) == '/' {
		if e := slashCodeEnd(s, i, end); e > end {
			return e
		}
	}
	const maxCuts = 8
	for range maxCuts {
		w := s[i:end]
		if isIdentifier(s, i, end, shapeOf(w)) {
			if At(s, end) == '+' && IsDigit(s[end-1]) && strings.IndexByte(w, 'v') > 0 && WordLen(s, end+1) == 0 {
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
		case IsDigit(c):
			digits = true
		case IsUpper(c), c == '-', c == '/':
		default:
			return slash
		}
	}
	if !digits || end == slash+1 || At(s, end) == '/' || strings.Trim(s[slash+1:end], "0123456789.") == "" && (!strings.Contains(s[i:slash], "-") || strings.Contains(s[slash:end], ".")) {
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
		return sh.underscores < len(w) && (w[0] != '_' || sh.underscores > 1 || sh.digits > 0 || sh.inner || At(s, end) == '(' || sh.smalls == 0 && At(s, end) != ':')
	case sh.hyphens > 0:
		return sh.digits > 0 && w[0] != '_'
	case sh.mixed:
		return true
	}
	return sh.inner && !IsGaelic(w)
}

// IsGaelic reports whether the inner capital is that of a family name.
func IsGaelic(w string) bool {
	rest, ok := strings.CutPrefix(w, "Mac")
	if !ok {
		rest, ok = strings.CutPrefix(w, "Mc")
	}
	return ok && len(rest) > 2 && IsUpper(rest[0]) && strings.ToLower(rest[1:]) == rest[1:]
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
	if !IsUpper(s[dot+1]) {
		return true
	}
	return !(At(s, end) == ' ' && IsLower(At(s, end+1)) && isKnown(s[i:dot]) && isKnown(strings.ToLower(s[dot+1:end])))
}

// MatchProcess reads the 397/rpcbind of netstat and ps.
func MatchProcess(s string, i int) int {
	k := DigitsEnd(s, i)
	const maxPID, minName = 7, 3
	if At(s, k) != '/' || k-i > maxPID || !IsLower(At(s, k+1)) {
		return i
	}
	end := joinedEnd(s, k+1)
	name := s[k+1 : end]
	word := s[k+1 : WordEnd(s, k+1)]
	if len(name) < minName || At(s, end) == '/' || At(s, i-1) == '/' || IsKnownForm(word) || IsCommonWord(word) || isUnitName(word) {
		return i
	}
	return end
}

// MatchAccountAt reads user@host at a prompt.
func MatchAccountAt(s string, i int) int {
	k := WordEnd(s, i)
	if At(s, k) != '@' || i > 0 && !IsSpace(s[i-1]) && s[i-1] != '[' {
		return i
	}
	end := joinedEnd(s, k+1)
	if c := At(s, end); end == k+1 || c != ':' && c != '$' && c != '#' && c != '>' || IsDigit(s[k+1]) {
		return i
	}
	return end
}

// idLabels stand before codes and are no part of them.
var idLabels = SetOf("IBAN BIC SWIFT ISBN ISSN VAT ID PIN DOI SKU CPU GPU RAM HTTP SHA MD REF NO NR")

// MatchDesignation reads the codes of a catalogue behind its letters: SCP 06F6.
func MatchDesignation(s string, i int) int {
	const shortest, longest, minCode = 2, 5, 4
	k := i
	for IsUpper(At(s, k)) {
		k++
	}
	if k-i < shortest || k-i > longest || At(s, k) != ' ' || idLabels[s[i:k]] || IsCommonWord(strings.ToLower(s[i:k])) {
		return i
	}
	end := joinedEnd(s, k+1)
	digits, uppers := 0, 0
	for _, c := range []byte(s[k+1 : end]) {
		switch {
		case IsDigit(c):
			digits++
		case IsUpper(c):
			uppers++
		case c != '.' && c != '+' && c != '-':
			return i
		}
	}
	if digits == 0 || uppers == 0 || end-k-1 < minCode || At(s, end) == ' ' && IsDigit(At(s, end+1)) || At(s, end) == ':' || isUnitName(strings.TrimLeft(s[k+1:end], "0123456789.")) {
		return i
	}
	return end
}

// MatchCapitalPair reads AES-XTS: capitals with a hyphen between them that are no
// words.
func MatchCapitalPair(s string, i int) int {
	k, words := i, 0
	strange := false
	for IsUpper(At(s, k)) {
		e := k
		for IsUpper(At(s, e)) {
			e++
		}
		if e-k < 2 {
			return i
		}
		low := strings.ToLower(s[k:e])
		strange = strange || !IsKnownForm(low) && !IsCommonWord(low)
		words++
		k = e
		if At(s, k) != '-' {
			break
		}
		k++
	}
	if words < 2 || !strange || WordLen(s, k) > 0 || s[k-1] == '-' {
		return i
	}
	return k
}

// MatchSigned reads #1768 and #ff0000.
func MatchSigned(s string, i int) int {
	if s[i] != '#' || EndsWord(s, i) || At(s, i-1) == '&' || At(s, i-1) == '#' {
		return i
	}
	end := DigitsEnd(s, i+1)
	if end > i+1 && (WordLen(s, end) == 0 || s[end] >= 0x80) {
		return end
	}
	const colour = 6
	if e, _, _ := hexEnd(s, i+1); e == i+1+colour {
		return e
	}
	return i
}

// architectures are the parts behind the colon of libc6:amd64.
var architectures = SetOf("amd64 arm64 i386 all any armhf armel ppc64el s390x riscv64 mips64el native")

// MatchTagged reads names with a tag or a scope: libc6:amd64, redis:7.2-alpine,
// Class::method, a::b::c.
func MatchTagged(s string, i int) int {
	k := joinedEnd(s, i)
	if At(s, k) == '/' {
		k = pathEnd(s, i)
	}
	if At(s, k) != ':' || k == i {
		return i
	}
	if At(s, k+1) == ':' {
		end := k
		for strings.HasPrefix(s[end:], "::") && (IsAlpha(At(s, end+2)) || At(s, end+2) == '_') {
			end = WordEnd(s, end+2)
		}
		if end == k || At(s, end) == ':' {
			return i
		}
		return end
	}
	end := joinedEnd(s, k+1)
	tag := s[k+1 : end]
	if tag == "" || At(s, end) == ':' || At(s, end) == '/' {
		return i
	}
	if architectures[tag] {
		return end
	}
	if strings.Trim(s[i:k], "abcdefghijklmnopqrstuvwxyz0123456789-_./") != "" || len(s[i:k]) < 3 {
		return i
	}
	if len(tag) > 2 && tag[0] == 'v' && IsDigit(tag[1]) && strings.Contains(tag, ".") {
		return end
	}
	if IsDigit(tag[0]) && (strings.Contains(tag, ".") || strings.Contains(tag, "-")) && !strings.HasPrefix(tag, "20") || tag == "latest" {
		return end
	}
	return i
}
