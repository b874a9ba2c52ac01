package eval

import (
	"cmp"
	"fmt"
	"io"
	"strings"
	"text/tabwriter"
	"unicode"

	"github.com/glyphkit/glyph/internal/stats"
)

// WriteTable writes the result for people: accuracy with its interval, n and
// unit, compression and cost by task, DPI and arm; then paired differences, the
// rungs of the ladder, and what has no score.
func (res *Result) WriteTable(out io.Writer) error {
	var b strings.Builder
	fmt.Fprintf(&b, "read by %s; priced for %s (%s, confidence %s)\n", res.Reader, res.Model, res.Tokenizer, res.Confidence)
	fmt.Fprintf(&b, "%d probes, %d of %d outcomes, %d without a score\n", res.Probes, res.Done, res.Total, res.unscored())
	if res.Shard.Of > 0 {
		fmt.Fprintf(&b, "shard %s\n", res.Shard)
	}
	if res.Unfinished {
		fmt.Fprintf(&b, "unfinished: %s\n", cmp.Or(res.Stopped, "interrupted or under way"))
	}
	res.writeCells(&b)
	res.writeDifferences(&b)
	res.writeLadder(&b)
	for _, t := range res.Unscored {
		fmt.Fprintf(&b, "unscored: %d × %s, %s: %s\n", t.Count, t.Task, t.Condition, t.Reason)
	}
	for _, n := range res.Notes {
		fmt.Fprintf(&b, "note: %s\n", n)
	}
	_, err := io.WriteString(out, printable(b.String()))
	return err
}

func (res *Result) unscored() int {
	n := 0
	for _, t := range res.Unscored {
		n += t.Count
	}
	return n
}

func (res *Result) writeCells(b *strings.Builder) {
	w := tabwriter.NewWriter(b, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "\nTASK\tCONFIG\tDPI\tARM\tACCURACY\tTEXT/SPENT\tCHARS/TOKEN\tSILENT\tABSTAINED\tUNSCORED\tCOST")
	for _, cells := range [][]Cell{res.Cells, res.Groups} {
		for _, c := range cells {
			fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%s\t%s\t%s\t%d\t%d\t%d\t%s\n", c.Task, dash(c.Config), number(c.DPI), c.Arm, estimate(c.Accuracy),
				value(c.Compression, "%.2fx", res.Estimated), value(c.CharactersPerToken, "%.1f", res.Estimated), c.SilentWrong, c.Abstained, c.Unscored, money(c.Cost))
		}
	}
	w.Flush() // into memory
	w = tabwriter.NewWriter(b, 0, 0, 2, ' ', 0)
	head := "\nTASK\tCONFIG\tDPI\tARM\tCER\tWER\tEXACT STRINGS\n"
	for _, c := range res.Cells {
		if c.CER == nil && c.Exact == nil {
			continue
		}
		fmt.Fprintf(w, "%s%s\t%s\t%s\t%s\t%s\t%s\t%s\n", head, c.Task, dash(c.Config), number(c.DPI), c.Arm, estimate(c.CER), estimate(c.WER), estimate(c.Exact))
		head = ""
	}
	w.Flush()
}

func (res *Result) writeDifferences(b *strings.Builder) {
	w := tabwriter.NewWriter(b, 0, 0, 2, ' ', 0)
	for i, d := range res.Differences {
		if i == 0 {
			fmt.Fprintln(w, "\nTASK\tDIFFERENCE\tPOINTS\tVERDICT")
		}
		verdict := "tie"
		if !d.Tie {
			verdict = "differ"
		}
		if d.LeftOut > 0 {
			verdict += fmt.Sprintf(", %d left out", d.LeftOut)
		}
		fmt.Fprintf(w, "%s\t%s less %s\t%s\t%s\n", d.Task, d.A, d.B, d.Estimate, verdict)
	}
	w.Flush()
}

func (res *Result) writeLadder(b *strings.Builder) {
	w := tabwriter.NewWriter(b, 0, 0, 2, ' ', 0)
	for i, r := range res.Ladder {
		if i == 0 {
			fmt.Fprintln(w, "\nTASK\tCONFIG\tRUNG\tREACHED\tVERIFIED\tTOKENS\tSCORE GAINED")
		}
		rung := number(r.DPI) + " dpi"
		if r.DPI == 0 {
			rung = "text"
		}
		fmt.Fprintf(w, "%s\t%s\t%s\t%d\t%d\t%d\t%+.2f\n", r.Task, r.Config, rung, r.Reached, r.Verified, r.Tokens, r.Gain)
	}
	w.Flush()
}

func estimate(e *stats.Estimate) string {
	if e == nil {
		return "-"
	}
	return e.String()
}

// value is an estimate without its interval, with ~ where tokens are estimated.
func value(e *stats.Estimate, format string, estimated bool) string {
	if e == nil {
		return "-"
	}
	tilde := ""
	if estimated {
		tilde = "~"
	}
	return tilde + fmt.Sprintf(format, e.Value)
}

func number(v float64) string {
	if v == 0 {
		return "-"
	}
	return fmt.Sprintf("%g", v)
}

func money(v float64) string {
	if v == 0 {
		return "-"
	}
	return fmt.Sprintf("%.4f", v)
}

func dash(s string) string {
	if s == "" {
		return "-"
	}
	return s
}

// printable replaces what would act on a terminal: reasons quote an endpoint.
func printable(s string) string {
	return strings.Map(func(r rune) rune {
		if r != '\n' && !unicode.IsPrint(r) {
			return unicode.ReplacementChar
		}
		return r
	}, s)
}
