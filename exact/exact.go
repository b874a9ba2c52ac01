// Package exact finds the strings of a text that must survive to the last
// character (identifiers, numbers, dates, paths, names) and writes the fact
// sheet that carries them as text beside the pages.
//
// A reader of page images guesses what it cannot make out, and where a
// language has no say in what comes next it guesses wrong. Find and Scan are
// about recall of such strings; they validate nothing: a date may be no day of
// the calendar, a host may not exist.
//
// A string is a whole typed value (package value): a number with its sign, scale
// word, unit or currency, a range with both ends, a date in one of twelve
// languages, a version with its epoch and suffix. A value goes on over the end of
// a wrapped line, and over a hyphen or a slash at a line's end.
//
// Word separators are Unicode's, so an ASCII code between Chinese characters is
// found. Names of people of two words and more are found in Latin and Cyrillic
// script, rare names of one word in English passages only. Names in other scripts
// (Chinese, Korean, Arabic …) are not found.
//
// Package verify, its sibling, checks the strings of an answer against those of
// the source.
package exact

import (
	"runtime"
	"sync"

	"github.com/glyphkit/glyph/internal/value"
)

// String is an exact string of a text.
type String struct {
	Start, End int64 // bytes of the text
	Kind       value.Kind
	// Text is the string on one line. Runs of white space inside are one blank, or
	// nothing where a line is broken behind a hyphen or a slash.
	Text string
}

// Find returns the exact strings of a text in their order. They do not overlap. Of two readings of the same place the more specific
// one counts: a URL is one string, not a path and a number. Where a
// run without blanks is too long (TooLongError), strings are left out; Scan
// reports it.
//
// Find uses all processors; the result does not depend on their number.
func Find(text string) []String {
	var segments []segment
	var w walker
	for at := 0; at < len(text); {
		s, _ := w.next(text[at:], true)
		s.start += at
		at += s.length
		segments = append(segments, s)
	}
	// Below this a second goroutine costs more than it saves.
	const perWorker = 64 << 10
	workers := max(1, min(runtime.GOMAXPROCS(0), len(text)/perWorker))
	if workers == 1 {
		found, _ := scanSegments(text, 0, segments)
		return found
	}
	results := make([][]String, workers)
	var wg sync.WaitGroup
	from := 0
	for k := range workers {
		to := max(from, len(segments)*(k+1)/workers)
		for from < to && to < len(segments) && !segments[to-1].last {
			to++
		}
		part := segments[from:to]
		from = to
		wg.Go(func() { results[k], _ = scanSegments(text, 0, part) })
	}
	wg.Wait()
	n := 0
	for _, r := range results {
		n += len(r)
	}
	out := make([]String, 0, n)
	for _, r := range results {
		out = append(out, r...)
	}
	return out
}
