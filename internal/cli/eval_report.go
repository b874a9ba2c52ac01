package cli

import (
	"errors"
	"fmt"
	"path/filepath"

	"github.com/spf13/cobra"

	"github.com/glyphkit/glyph/eval"
	evalreport "github.com/glyphkit/glyph/eval/report"
	"github.com/glyphkit/glyph/render"
)

func newEvalReport() *cobra.Command {
	var o render.Options
	var asJSON bool
	cmd := &cobra.Command{
		Use:   "report RUN",
		Short: "Write the report of a run again",
		Long: `report writes RUN/report.html, a page that needs nothing but itself, and its plots
as PNG into RUN/plots: what was run, accuracy and compression with intervals, what
has no score and why, pages with the misread characters marked, and the worst
probes. "glyph eval" does the same at its end; nothing is read or asked anew. A run
that was interrupted, or is under way, is reported as far as it is.

Pages are drawn again, so the run's fonts have to be there; a page that comes out
otherwise is named, not shown.`,
		Example: `  glyph eval report niah
  glyph eval report book --system-fonts`,
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			result, err := evalreport.Write(cmd.Context(), args[0], o)
			if err != nil {
				return failed(err)
			}
			if asJSON {
				return printJSON(cmd.OutOrStdout(), result)
			}
			if result.Unfinished {
				fmt.Fprintf(cmd.ErrOrStderr(), "unfinished: %s of %s outcomes so far\n", thousands(result.Done), thousands(result.Total))
			}
			_, err = fmt.Fprintln(cmd.OutOrStdout(), filepath.Join(args[0], evalreport.File))
			return failed(err)
		},
	}
	cmd.Flags().StringArrayVar(&o.FontDirs, "font-dir", nil, "look for font files of the run's configs in `DIR`; may be given again")
	cmd.Flags().BoolVar(&asJSON, "json", false, "print the result as JSON")
	cmd.Flags().BoolVar(&o.SystemFonts, "system-fonts", false, "let the run's configs name fonts installed on this machine")
	return cmd
}

func newEvalMerge() *cobra.Command {
	var output string
	cmd := &cobra.Command{
		Use:   "merge SHARD... -o RUN",
		Short: "Put the shards of a run together",
		Long: `merge makes one run of the directories that "glyph eval --shard I/N" wrote, on one
machine or on several. Its result is that of the run without shards. What is missing,
because a shard was interrupted or is not given, "glyph eval -o RUN" asks with the
same flags, without --shard.`,
		Example: `  glyph eval --task ruler --shard 1/2 -o part1    # on one machine
  glyph eval --task ruler --shard 2/2 -o part2    # on another
  glyph eval merge part1 part2 -o whole
  glyph eval report whole`,
		Args: cobra.MinimumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			if output == "" {
				return errors.New("merge into which directory? accepted: --output RUN")
			}
			result, err := eval.Merge(output, args)
			if err != nil {
				return failed(err)
			}
			return failed(result.WriteTable(cmd.OutOrStdout()))
		},
	}
	cmd.Flags().StringVarP(&output, "output", "o", "", "make the directory `RUN`")
	return cmd
}
