package cli

import (
	"errors"
	"fmt"
	"path/filepath"

	"github.com/spf13/cobra"

	"github.com/glyphkit/glyph/eval"
	"github.com/glyphkit/glyph/internal/cli/verb"
	evalreport "github.com/glyphkit/glyph/internal/report"
	"github.com/glyphkit/glyph/internal/term"
	"github.com/glyphkit/glyph/render"
)

func newEvalReport(a *verb.App) *cobra.Command {
	var o render.Options
	asJSON := false
	f := verb.NewFlags()
	f.Each(&o.FontDirs, "font-dir", "look for font files of the run's configs in `DIR`; may be given again")
	f.On(&o.SystemFonts, "system-fonts", "")
	f.On(&asJSON, "json", "")
	return verb.Finish(&cobra.Command{
		Use:   "report RUN",
		Short: "Write the report of a run again",
		Long: `report writes RUN/report.html, a page that needs nothing but itself, and its plots as PNG into
RUN/plots: what was run, accuracy and compression with intervals, what has no score and why, pages
with the misread characters marked, and the worst probes. "glyph eval" does the same at its end;
nothing is read or asked anew. A run that was interrupted, or is under way, is reported as far as it
is.

Pages are drawn again, so the run's fonts have to be there; a page that comes out otherwise is
named, not shown.`,
		Example: `  glyph eval report niah
  glyph eval report book --system-fonts`,
		Args: verb.Needs("RUN"),
		RunE: func(cmd *cobra.Command, args []string) error {
			result, err := evalreport.Write(cmd.Context(), args[0], o)
			if err != nil {
				return verb.Failed(err)
			}
			if asJSON {
				return printJSON(cmd.OutOrStdout(), result)
			}
			if result.Unfinished {
				fmt.Fprintf(a.Notes(cmd), "unfinished: %s of %s outcomes so far\n", term.Thousands(result.Done), term.Thousands(result.Total))
			}
			_, err = fmt.Fprintln(cmd.OutOrStdout(), filepath.Join(args[0], evalreport.File))
			return verb.Failed(err)
		},
	}, f, "json", "")
}

func newEvalMerge() *cobra.Command {
	output := ""
	f := verb.NewFlags()
	f.Text(&output, "output", "", "the directory of the whole run, which is made")
	return verb.Finish(&cobra.Command{
		Use:   "merge SHARD... -o RUN",
		Short: "Put the shards of a run together",
		Long: `merge makes one run of the directories that "glyph eval --shard I/N" wrote, on one machine or on
several. Its result is that of the run without shards. What is missing, because a shard was
interrupted or is not given, "glyph eval -o RUN" asks with the same flags, without --shard.`,
		Example: `  glyph eval --task ruler --shard 1/2 -o part1    # on one machine
  glyph eval --task ruler --shard 2/2 -o part2    # on another
  glyph eval merge part1 part2 -o whole
  glyph eval report whole`,
		Args: verb.Needs("SHARD..."),
		RunE: func(cmd *cobra.Command, args []string) error {
			if output == "" {
				return errors.New("merge into which directory? accepted: --output RUN")
			}
			result, err := eval.Merge(output, args)
			if err != nil {
				return verb.Failed(err)
			}
			return verb.Failed(result.WriteTable(cmd.OutOrStdout()))
		},
	}, f, "output", "")
}
