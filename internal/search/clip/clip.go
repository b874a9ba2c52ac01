// Package clip shortens what others wrote, for messages and examples.
package clip

// maxBytes is what is kept of a text, in bytes.
const maxBytes = 160

// Text cuts s to 160 bytes at a character boundary, and says so by an ellipsis.
func Text(s string) string {
	if len(s) <= maxBytes {
		return s
	}
	cut := 0
	for i := range s {
		if i > maxBytes-len("…") {
			break
		}
		cut = i
	}
	return s[:cut] + "…"
}
