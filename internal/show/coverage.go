package show

import (
	"fmt"
	"io"
	"text/tabwriter"

	"github.com/glyphkit/glyph/fonts"
	"github.com/glyphkit/glyph/internal/term"
)

// maxMissing is how many missing characters the table lists.
const maxMissing = 20

// Coverage prints which face draws which script.
func Coverage(out io.Writer, r fonts.Report) error {
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "FONT\tSCRIPT\tCHARACTERS\tDISTINCT")
	for _, face := range r.Faces {
		for _, s := range face.Scripts {
			fmt.Fprintf(w, "%s\t%s\t%s\t%s\n", face.Name, s.Script, term.Thousands(s.Runes), term.Thousands(s.Distinct))
		}
	}
	for i, m := range r.Missing {
		if i == maxMissing {
			fmt.Fprintf(w, "no font\tand %s more\n", term.Thousands(len(r.Missing)-i))
			break
		}
		fmt.Fprintf(w, "no font\t%s\t%s\tfirst at byte %s\n", m.Code, term.Thousands(m.Count), term.Thousands(m.Offset))
	}
	if r.Invalid != nil {
		fmt.Fprintf(w, "not UTF-8\t\t%s bytes\tfirst at byte %s\n", term.Thousands(r.Invalid.Bytes), term.Thousands(r.Invalid.Offset))
	}
	if err := w.Flush(); err != nil {
		return err
	}
	_, err := fmt.Fprintf(out, "%s characters, %s distinct\n", term.Thousands(r.Runes), term.Thousands(r.Distinct))
	return err
}
