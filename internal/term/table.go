package term

import (
	"fmt"
	"io"
	"strings"
	"unicode/utf8"
)

// RowFunc writes a line of a list: what, and then how much.
type RowFunc func(label, format string, args ...any)

// Rows writes the lines of a list to a tabwriter.
func Rows(w io.Writer) RowFunc {
	return func(label, format string, args ...any) {
		fmt.Fprintf(w, "  %s\t%s\n", label, Clean(fmt.Sprintf(format, args...)))
	}
}

// Table is columns of text. Columns that are marked with > in its layout stand
// to the right, as numbers do.
type Table struct {
	layout string
	rows   [][]string
}

// NewTable begins a table. The layout has a character for each column, < or >.
func NewTable(layout string, heads ...string) *Table {
	t := &Table{layout: layout}
	if len(heads) > 0 {
		t.Add(heads...)
	}
	return t
}

// Add adds a row.
func (t *Table) Add(cells ...string) { t.rows = append(t.rows, cells) }

// Write writes the table.
func (t *Table) Write(out io.Writer) error {
	width := make([]int, len(t.layout))
	for _, r := range t.rows {
		for i, cell := range r {
			width[i] = max(width[i], utf8.RuneCountInString(cell))
		}
	}
	var b strings.Builder
	for _, r := range t.rows {
		line := ""
		for i, cell := range r {
			pad := strings.Repeat(" ", width[i]-utf8.RuneCountInString(cell))
			if t.layout[i] == '>' {
				line += pad + cell + "  "
			} else {
				line += cell + pad + "  "
			}
		}
		b.WriteString(strings.TrimRight(line, " ") + "\n")
	}
	_, err := io.WriteString(out, b.String())
	return err
}
