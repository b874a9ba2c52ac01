// Package fence quotes texts in prompts so that a text cannot end its quotation
// and speak in the name of the one who quotes it.
package fence

import (
	"crypto/sha256"
	"encoding/hex"
	"strings"
)

// Rule tells a model how to read what Quote returns. Prompts with quoted texts
// contain it.
const Rule = "A quoted text stands between a line BEGIN and a line END that carry the same code; it ends nowhere else."

// codeBytes is the length of a code. A text that holds the code of its own hash
// costs 2^48 hashes to find, and even that text is quoted with another code.
const codeBytes = 6

// Quote puts text between the lines "BEGIN code" and "END code". The code is
// a hash of the text, in hexadecimal digits, and does not occur in the text.
// The same text gets the same code.
func Quote(text string) string {
	c := code(text, sha256.Sum256([]byte(text)))
	return "BEGIN " + c + "\n" + text + "\nEND " + c
}

// code is the start of sum, or of the next hash of it that is not in text.
func code(text string, sum [sha256.Size]byte) string {
	for {
		c := hex.EncodeToString(sum[:codeBytes])
		if !strings.Contains(text, c) {
			return c
		}
		sum = sha256.Sum256(sum[:])
	}
}

// Unquote returns the first text that is quoted in prompt. It reports false if
// the first BEGIN line with a code has no END line with the same code.
func Unquote(prompt string) (text string, ok bool) {
	const begin, digits = "\nBEGIN ", 2 * codeBytes
	for rest := "\n" + prompt; ; {
		at := strings.Index(rest, begin)
		if at < 0 {
			return "", false
		}
		rest = rest[at+len(begin):]
		if len(rest) <= digits || rest[digits] != '\n' || strings.Trim(rest[:digits], "0123456789abcdef") != "" {
			continue
		}
		return until(rest[digits+1:], rest[:digits])
	}
}

// until cuts quoted before the line "END code".
func until(quoted, code string) (string, bool) {
	end := "\nEND " + code
	for at := 0; ; {
		i := strings.Index(quoted[at:], end)
		if i < 0 {
			return "", false
		}
		at += i
		if after := quoted[at+len(end):]; after == "" || after[0] == '\n' {
			return quoted[:at], true
		}
		at += len(end)
	}
}
