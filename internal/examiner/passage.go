package examiner

import (
	"math/rand/v2"
	"strings"
	"unicode/utf8"

	"github.com/glyphkit/glyph/eval/task"
	"github.com/glyphkit/glyph/exact/secrets"
)

// passage is a part of a document, and within it the part to be asked about.
type passage struct {
	document   task.Document
	checked    secrets.Checked // what the document says
	start, end int             // bytes of the document
	focus      string
	seed       int32
}

func (p *passage) text() string { return p.document.Text[p.start:p.end] }

// focusBytes is two or three sentences.
const focusBytes = 300

// samplePassages draws n passages. All text is cut into n equal parts, each
// gives one focus, at random within it, and the order is random: so passages are
// spread evenly, however few of them are needed. The same text can be tried
// again only with another focus or seed.
func samplePassages(documents []task.Document, n, size int, seed uint64) []passage {
	total := 0
	for _, d := range documents {
		total += len(d.Text)
	}
	if total == 0 {
		return nil
	}
	rng := rand.New(rand.NewPCG(seed, 0))
	var out []passage
	for _, i := range rng.Perm(n) {
		low, high := total*i/n, total*(i+1)/n
		at := low + rng.IntN(max(1, high-low))
		seed := rng.Int32()
		for _, d := range documents {
			if at >= len(d.Text) {
				at -= len(d.Text)
				continue
			}
			if p := around(d, at, size); p.focus != "" {
				p.seed = seed
				out = append(out, p)
			}
			break
		}
	}
	return out
}

// around is the passage of about size bytes around a byte.
func around(d task.Document, at, size int) passage {
	p := passage{document: d}
	p.start, p.end = window(d.Text, at-size/2, size)
	from, to := window(d.Text, at-focusBytes/2, focusBytes)
	p.focus = strings.TrimSpace(d.Text[max(from, p.start):min(to, p.end)])
	return p
}

// window is at most size bytes of text from about start, or the last ones. It
// begins and ends between lines, else between words, where there are any near.
func window(text string, start, size int) (from, to int) {
	from = max(0, min(start, len(text)-size))
	to = min(len(text), from+size)
	if from > 0 {
		if i := gap(text[from : from+(to-from)/4]); i >= 0 {
			from += i + 1
		}
	}
	if to < len(text) {
		edge := to - (to-from)/4
		if i := lastGap(text[edge:to]); i >= 0 {
			to = edge + i + 1
		}
	}
	for from < to && !utf8.RuneStart(text[from]) {
		from++
	}
	for to > from && to < len(text) && !utf8.RuneStart(text[to]) {
		to--
	}
	return from, to
}

func gap(s string) int {
	if i := strings.IndexByte(s, '\n'); i >= 0 {
		return i
	}
	return strings.IndexByte(s, ' ')
}

func lastGap(s string) int {
	if i := strings.LastIndexByte(s, '\n'); i >= 0 {
		return i
	}
	return strings.LastIndexByte(s, ' ')
}
