package cli

import (
	"fmt"
	"path/filepath"

	"github.com/spf13/cobra"

	"github.com/glyphkit/glyph/eval"
	"github.com/glyphkit/glyph/render"
)

func newEvalReport() *cobra.Command {
	var o render.Options
	cmd := &cobra.Command{
		Use:   "report RUN",
		Short: "Write the report of a run again",
		Long: `report writes RUN/report.html, a page that needs nothing but itself, and its plots
as PNG into RUN/plots: what was run, accuracy and compression with intervals, what
has no score and why, pages with the misread characters marked, and the worst
probes. "glyph eval" does the same at its end; nothing is read or asked anew.

Pages are drawn again, so the run's fonts have to be there; a page that comes out
otherwise is named, not shown.`,
		Example: `  glyph eval report niah
  glyph eval report book --system-fonts`,
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := eval.WriteReport(cmd.Context(), args[0], o); err != nil {
				return failed(err)
			}
			_, err := fmt.Fprintln(cmd.OutOrStdout(), filepath.Join(args[0], eval.ReportFile))
			return failed(err)
		},
	}
	cmd.Flags().StringArrayVar(&o.FontDirs, "font-dir", nil, "look for font files of the run's configs in `DIR`; may be given again")
	cmd.Flags().BoolVar(&o.SystemFonts, "system-fonts", false, "let the run's configs name fonts installed on this machine")
	return cmd
}
