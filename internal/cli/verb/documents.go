package verb

import (
	"errors"
	"fmt"
	"io"
	"strings"
	"sync/atomic"

	"github.com/spf13/cobra"

	"github.com/glyphkit/glyph"
	"github.com/glyphkit/glyph/configs"
	"github.com/glyphkit/glyph/document"
	"github.com/glyphkit/glyph/eval/task"
	"github.com/glyphkit/glyph/internal/limit"
	"github.com/glyphkit/glyph/internal/term"
	"github.com/glyphkit/glyph/render"
)

// Documents say how documents are read.
type Documents struct {
	Encoding string
}

// Add adds --encoding.
func (d *Documents) Add(f Flags) { f.Text(&d.Encoding, "encoding", "", "") }

// Find finds what the arguments name; standard input if there is none.
func (d *Documents) Find(cmd *cobra.Command, args []string) (docs []*document.Document, hidden int, err error) {
	if d.Encoding != "" {
		if err := document.CheckCharset(d.Encoding); err != nil {
			return nil, 0, fmt.Errorf("--encoding: %w", err)
		}
	}
	if len(args) == 0 {
		if term.IsTerminal(cmd.InOrStdin()) {
			return nil, 0, fmt.Errorf("nothing to read; accepted: files, directories, patterns, or text on standard input (see %s -h)", cmd.CommandPath())
		}
		args = []string{"-"}
	}
	for _, arg := range args {
		if strings.HasPrefix(arg, "https://") || strings.HasPrefix(arg, "http://") {
			return nil, 0, Failed(fmt.Errorf("reading %q: URLs are not fetched; accepted: files, directories, patterns, or - for standard input", arg))
		}
	}
	docs, hidden, err = document.Find(cmd.Context(), args, cmd.InOrStdin())
	if err != nil {
		if slip := boolSlip(cmd, args); slip != "" {
			err = fmt.Errorf("%w; did you mean %s?", err, slip)
		}
		return nil, 0, Failed(err)
	}
	for _, doc := range docs {
		doc.Charset = d.Encoding
	}
	return docs, hidden, nil
}

// boolSlip is what somebody meant who wrote "--anti-alias false": a flag that
// takes its value behind =.
func boolSlip(cmd *cobra.Command, args []string) string {
	for _, arg := range args {
		if arg != "true" && arg != "false" {
			continue
		}
		for _, k := range configs.Keys() {
			if f := cmd.Flags().Lookup(k.Name); k.Type == configs.TypeBoolean && f != nil && f.Changed {
				return "--" + k.Name + "=" + arg
			}
		}
	}
	return ""
}

// Watch shows on a line how much of documents has been read, in so many
// readings of each.
func Watch(line *term.Line, docs []*document.Document, readings int64) {
	total := int64(0)
	for _, d := range docs {
		if d.Size == 0 && !d.Found {
			total = 0
			break
		}
		total += readings * d.Size
	}
	if line == nil || total == 0 {
		return
	}
	read := new(atomic.Int64)
	for _, d := range docs {
		open := d.Open
		d.Open = func() (io.ReadCloser, error) {
			r, err := open()
			if err != nil {
				return nil, err
			}
			return &watched{r, func(n int) {
				line.Show(term.State{Done: min(read.Add(int64(n)), total), Total: total, Name: d.Name})
			}}, nil
		}
	}
}

type watched struct {
	io.ReadCloser
	saw func(n int)
}

func (w *watched) Read(p []byte) (int, error) {
	n, err := w.ReadCloser.Read(p)
	w.saw(n)
	return n, err
}

// Texts reads documents whole, for verbs that take them apart. Those that were
// only found and hold no text are left out with a note.
func (d *Documents) Texts(cmd *cobra.Command, a *App, args []string, most int64) ([]task.Document, error) {
	found, hidden, err := d.Find(cmd, args)
	if err != nil {
		return nil, err
	}
	if hidden > 0 {
		fmt.Fprintf(a.Notes(cmd), "left out: %s\n", hiddenText(hidden))
	}
	var docs []task.Document
	left := most
	for _, doc := range found {
		text, err := doc.Text()
		var content []byte
		if err == nil {
			content, err = limit.ReadAll(text, left, "the text")
			err = errors.Join(err, text.Close())
		}
		if errors.Is(err, limit.ErrTooLong) {
			return nil, Failed(fmt.Errorf("reading %q: all documents together are over %s", doc.Name, term.Bytes(most)))
		}
		if _, noText := errors.AsType[*document.NotTextError](err); doc.Found && (noText || errors.Is(err, document.ErrEmpty)) {
			fmt.Fprintf(a.Notes(cmd), "left out: %s: %v\n", term.Clean(doc.Name), err)
			continue
		}
		if err != nil {
			return nil, Failed(fmt.Errorf("reading %q: %w", doc.Name, err))
		}
		left -= int64(len(content))
		docs = append(docs, task.Document{Name: doc.Name, Text: string(content)})
	}
	return docs, nil
}

func hiddenText(n int) string {
	return term.Plural(n, "hidden file or directory", "hidden files and directories")
}

// WhyNothing says why no document gave a page, for one document in the same
// line. Doing is what the verb does, such as "drawing". Other errors stay as
// they are.
func WhyNothing(err error, doing string, args []string, leftOut []render.LeftOut, hidden int) error {
	const most = 5
	if nothing, ok := errors.AsType[*glyph.NothingError](err); ok {
		leftOut = nothing.LeftOut
	}
	switch {
	case !errors.Is(err, render.ErrNothingDrawn):
		return Failed(err)
	case len(leftOut) == 0:
		err = fmt.Errorf("no text file in %s", strings.Join(args, ", "))
	case len(leftOut) == 1:
		err = fmt.Errorf("%s %q: %s", doing, leftOut[0].Name, leftOut[0].Reason)
	default:
		var b strings.Builder
		for i, l := range leftOut {
			if i == most {
				fmt.Fprintf(&b, "\n  and %d more", len(leftOut)-i)
				break
			}
			fmt.Fprintf(&b, "\n  %s: %s", l.Name, l.Reason)
		}
		err = fmt.Errorf("none of %d files has text to show:%s", len(leftOut), b.String())
	}
	if hidden > 0 {
		err = fmt.Errorf("%w (%s left out)", err, hiddenText(hidden))
	}
	return Failed(err)
}
