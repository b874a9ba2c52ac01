package main

import (
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"text/tabwriter"
	"unicode"

	"github.com/glyphkit/glyph/render"
)

// report is what compress prints when it is done.
type report struct {
	Version    string  `json:"version"`
	ConfigName string  `json:"config"` // as given, with the flags over it
	Seconds    float64 `json:"seconds"`
	Hidden     int     `json:"hidden"` // files and directories that were not looked at
	*render.Summary

	hanHint bool
}

const (
	maxListed = 8  // left out or guessed documents that are listed one by one
	hashChars = 12 // of the config's hash; the manifest has all
)

func (r *report) print(out io.Writer) error {
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	row := func(label, format string, args ...any) {
		fmt.Fprintf(w, "  %s\t%s\n", label, fmt.Sprintf(format, args...))
	}
	of := clean(r.Documents[0].Name)
	if n := len(r.Documents); n > 1 {
		of = thousands(n) + " documents"
	}
	fmt.Fprintf(w, "%s: %s of %s\n", clean(r.Dir), plural(r.Totals.Pages, "page", "pages"), of)
	row("page", "%s px", sizes(r.Summary))
	row("characters", "%s; %s a page, %.1f px² each", thousands(r.Totals.Characters),
		thousands(r.Totals.Characters/int64(r.Totals.Pages)), r.PixelsPerCharacter())
	row("PNG", "%s; %s a page", bytesText(r.Totals.Bytes), bytesText(r.Totals.Bytes/int64(r.Totals.Pages)))
	row("time", "%.2f s; %.0f pages/s", r.Seconds, float64(r.Totals.Pages)/max(r.Seconds, 1e-3))
	row("config", "%s (%s)", clean(r.ConfigName), r.Summary.Config[:hashChars])
	names := make([]string, len(r.Fonts))
	for i, f := range r.Fonts {
		names[i] = f.Name
	}
	row("fonts", "%s", strings.Join(names, ", "))
	if r.Legend != "" {
		row("newlines", "%s", clean(r.Legend))
	}
	for _, t := range r.Dropped {
		row("dropped", "%s", tallyText(t, len(r.Documents) > 1))
	}
	for _, t := range r.Substituted {
		row("substituted", "%s", tallyText(t, len(r.Documents) > 1))
	}
	r.printCharsets(row)
	for i, l := range r.LeftOut {
		if i == maxListed {
			row("left out", "and %s more (see manifest.json)", thousands(len(r.LeftOut)-i))
			break
		}
		row("left out", "%s: %s", clean(l.Name), clean(l.Reason))
	}
	if r.Hidden > 0 {
		row("hidden", "%s left out", plural(r.Hidden, "file or directory", "files and directories"))
	}
	if r.Preview {
		row("preview", "%s/preview.png", clean(r.Dir))
	}
	if slices.ContainsFunc(r.Substituted, func(t render.Tally) bool { return t.Reason == render.InvalidUTF8 }) {
		row("hint", "not all of it is UTF-8; if it is in another charset, name that with --encoding")
	}
	if r.hanHint && r.mostlyHan() {
		row("hint", "this is Chinese text; --config glyph-zh is made for it")
	}
	return w.Flush()
}

func (r *report) printCharsets(row func(label, format string, args ...any)) {
	docs := r.Transcoded()
	for i, d := range docs {
		if i == maxListed {
			row("charset", "and %s more (see manifest.json)", thousands(len(docs)-i))
			break
		}
		text := clean(d.Name) + ": " + d.Encoding.Name
		if d.Encoding.Guessed {
			text += fmt.Sprintf(", a guess (confidence %d %%); --encoding overrides it", d.Encoding.Confidence)
		}
		if d.Replaced > 0 {
			text += fmt.Sprintf("; %s in it mean nothing and are drawn as U+FFFD", plural(d.Replaced, "sequence", "sequences"))
		}
		row("charset", "%s", text)
	}
}

func (r *report) mostlyHan() bool {
	var han, all int64
	for _, d := range r.Documents {
		all += d.Characters
		if d.Han {
			han += d.Characters
		}
	}
	return 2*han > all
}

func sizes(s *render.Summary) string {
	most := fmt.Sprintf("%d×%d", s.MaxWidth, s.MaxHeight)
	if s.MinWidth == s.MaxWidth && s.MinHeight == s.MaxHeight {
		return most
	}
	return fmt.Sprintf("%d×%d to %s", s.MinWidth, s.MinHeight, most)
}

// tallyText is such as
//
//	2 × no font has the character: U+1F600 at byte 17, U+1F601 at 99
func tallyText(t render.Tally, named bool) string {
	places := make([]string, len(t.First))
	for i, p := range t.First {
		if p.Drawn != "" {
			places[i] = clean(shortenDrawn(p.Drawn)) + " "
		}
		places[i] += "at byte " + thousands(p.Offset)
		if named {
			places[i] += " of " + clean(p.Document)
		}
	}
	more := ""
	if t.Count > len(t.First) {
		more = ", …"
	}
	return fmt.Sprintf("%s × %s: %s%s", thousands(t.Count), t.Reason, strings.Join(places, ", "), more)
}

func shortenDrawn(s string) string {
	const most = 24
	if r := []rune(s); len(r) > most {
		return string(r[:most-1]) + "…"
	}
	return s
}

// clean replaces what would act on a terminal: names come from anywhere.
func clean(s string) string {
	return strings.Map(func(r rune) rune {
		if !unicode.IsPrint(r) {
			return unicode.ReplacementChar
		}
		return r
	}, s)
}

func plural(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return thousands(n) + " " + many
}

// thousands writes a number with a comma before each three digits.
func thousands[T ~int | ~int64](n T) string {
	s := strconv.FormatInt(int64(n), 10)
	for i := len(s) - 3; i > 0 && s[i-1] != '-'; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}

func bytesText(n int64) string {
	switch {
	case n < 1000:
		return fmt.Sprintf("%d B", n)
	case n < 1_000_000:
		return fmt.Sprintf("%.1f kB", float64(n)/1e3)
	}
	return fmt.Sprintf("%.1f MB", float64(n)/1e6)
}
