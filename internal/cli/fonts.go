package cli

import (
	"fmt"
	"io"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"github.com/glyphkit/glyph/document"
	"github.com/glyphkit/glyph/fonts"
)

func newFonts() *cobra.Command {
	return group("fonts", "List the built-in fonts, and see which of them a text needs", newFontsList(), newFontsCoverage())
}

func newFontsList() *cobra.Command {
	var asJSON bool
	cmd := &cobra.Command{
		Use:   "list",
		Short: "List the built-in fonts",
		Args:  cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			list := fonts.Embedded()
			if asJSON {
				return printJSON(cmd.OutOrStdout(), list)
			}
			w := tabwriter.NewWriter(cmd.OutOrStdout(), 0, 0, 2, ' ', 0)
			fmt.Fprintln(w, "NAME\tFAMILY\tKIND\tLICENCE\tCHARACTERS\tBYTES")
			for _, f := range list {
				fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%s\t%s\n", f.Name, f.Family, f.Kind, f.License, thousands(f.Runes), thousands(f.Bytes))
			}
			return failed(w.Flush())
		},
	}
	cmd.Flags().BoolVar(&asJSON, "json", false, "print JSON")
	return cmd
}

func newFontsCoverage() *cobra.Command {
	var asJSON bool
	var config string
	cmd := &cobra.Command{
		Use:   "coverage FILE|-",
		Short: "Tell which font draws which script of a text, and what none has",
		Args:  cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			cfg, err := loadConfig(config)
			if err != nil {
				return err
			}
			faces, err := openFaces(append([]string{cfg.FontPath}, cfg.FallbackFonts...), configDir(config))
			if err != nil {
				return err
			}
			docs, _, err := document.Find(cmd.Context(), args, cmd.InOrStdin())
			if err != nil {
				return failed(err)
			}
			if len(docs) != 1 {
				return fmt.Errorf("%q names %d files; accepted: one text file, or - for standard input", args[0], len(docs))
			}
			text, err := docs[0].Text()
			if err != nil {
				return failed(fmt.Errorf("reading %q: %w", docs[0].Name, err))
			}
			defer text.Close()
			report, err := fonts.Coverage(text, faces)
			if err != nil {
				return failed(fmt.Errorf("reading %q: %w", docs[0].Name, err))
			}
			if asJSON {
				return printJSON(cmd.OutOrStdout(), report)
			}
			return failed(printCoverage(cmd.OutOrStdout(), report))
		},
	}
	cmd.Flags().StringVar(&config, "config", defaultConfig, "config, by `NAME|FILE`, whose fonts are tried before the fallback fonts")
	cmd.Flags().BoolVar(&asJSON, "json", false, "print JSON")
	_ = cmd.RegisterFlagCompletionFunc("config", completePresets) // fails only for a flag that is not there
	return cmd
}

// openFaces opens a config's fonts and, behind them, the fallback faces.
func openFaces(names, dirs []string) ([]*fonts.Face, error) {
	var faces []*fonts.Face
	for _, name := range append(names, fonts.Fallback()...) {
		f, err := fonts.Open(name, append([]string{"."}, dirs...)...)
		if err != nil {
			return nil, err
		}
		faces = append(faces, f)
	}
	return faces, nil
}

// maxMissing is how many missing characters the table lists.
const maxMissing = 20

func printCoverage(out io.Writer, r fonts.Report) error {
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "FONT\tSCRIPT\tCHARACTERS\tDISTINCT")
	for _, face := range r.Faces {
		for _, s := range face.Scripts {
			fmt.Fprintf(w, "%s\t%s\t%s\t%s\n", face.Name, s.Script, thousands(s.Runes), thousands(s.Distinct))
		}
	}
	for i, m := range r.Missing {
		if i == maxMissing {
			fmt.Fprintf(w, "no font\tand %s more\n", thousands(len(r.Missing)-i))
			break
		}
		fmt.Fprintf(w, "no font\t%s\t%s\tfirst at byte %s\n", m.Code, thousands(m.Count), thousands(m.Offset))
	}
	if r.Invalid != nil {
		fmt.Fprintf(w, "not UTF-8\t\t%s bytes\tfirst at byte %s\n", thousands(r.Invalid.Bytes), thousands(r.Invalid.Offset))
	}
	if err := w.Flush(); err != nil {
		return err
	}
	_, err := fmt.Fprintf(out, "%s characters, %s distinct\n", thousands(r.Runes), thousands(r.Distinct))
	return err
}
