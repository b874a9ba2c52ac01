package cli

import (
	"errors"
	"fmt"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"github.com/glyphkit/glyph/configs"
	"github.com/glyphkit/glyph/internal/cli/verb"
)

func newConfigs(a *verb.App) *cobra.Command {
	cmd := prefix("configs", "List, show and check configs", newConfigsList(), newConfigsShow(a), newConfigsValidate(a), newConfigsKeys())
	cmd.Long = `configs are how pages look: sizes, type, colours, notation. Each has a JSON file of keys, and every key
is a flag of the verbs that draw.`
	return cmd
}

func newConfigsList() *cobra.Command {
	var asJSON bool
	cmd := &cobra.Command{
		Use:   "list",
		Short: "List the built-in configs",
		Args:  verb.NeedsNone,
		RunE: func(cmd *cobra.Command, _ []string) error {
			type item struct {
				Name        string `json:"name"`
				Description string `json:"description"`
			}
			var list []item
			for _, p := range configs.Presets() {
				list = append(list, item{p.Name, p.Description})
			}
			if asJSON {
				return printJSON(cmd.OutOrStdout(), list)
			}
			w := tabwriter.NewWriter(cmd.OutOrStdout(), 0, 0, 2, ' ', 0)
			for _, p := range list {
				fmt.Fprintf(w, "%s\t%s\n", p.Name, p.Description)
			}
			return verb.Failed(w.Flush())
		},
	}
	return verb.Finish(cmd, jsonFlag(&asJSON), "json", "")
}

func newConfigsShow(a *verb.App) *cobra.Command {
	return &cobra.Command{
		Use:               "show NAME|FILE",
		Short:             "Print all keys of a config as JSON, defaults included",
		Example:           "  glyph configs show glyph-en > my.json",
		Args:              verb.Needs("NAME|FILE"),
		ValidArgsFunction: verb.CompletePresets,
		RunE: func(cmd *cobra.Command, args []string) error {
			c, _, err := a.LoadConfig(cmd.Context(), args[0])
			if err != nil {
				return err
			}
			_, err = cmd.OutOrStdout().Write(c.Canonical())
			return verb.Failed(err)
		},
	}
}

func newConfigsValidate(a *verb.App) *cobra.Command {
	asJSON := false
	return verb.Finish(&cobra.Command{
		Use:     "validate FILE...",
		Short:   "Check config files",
		Example: "  glyph configs validate my.json",
		Args:    verb.Needs("FILE..."),
		RunE: func(cmd *cobra.Command, args []string) error {
			type checked struct {
				File     string   `json:"file"`
				OK       bool     `json:"ok"`
				Problems []string `json:"problems"`
			}
			var errs []error
			list := []checked{}
			for _, path := range args {
				_, _, err := a.LoadConfig(cmd.Context(), path)
				c := checked{File: path, OK: err == nil, Problems: []string{}}
				if err != nil {
					c.Problems = verb.Messages(err)
					errs = append(errs, err)
				} else if !asJSON {
					fmt.Fprintf(cmd.OutOrStdout(), "%s: ok\n", path)
				}
				list = append(list, c)
			}
			if asJSON {
				if err := printJSON(cmd.OutOrStdout(), list); err != nil {
					return err
				}
			}
			return errors.Join(errs...)
		},
	}, jsonFlag(&asJSON), "json", "")
}

func newConfigsKeys() *cobra.Command {
	var asJSON bool
	cmd := &cobra.Command{
		Use:   "keys",
		Short: "List every config key with its default and what it accepts",
		Args:  verb.NeedsNone,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if asJSON {
				return printJSON(cmd.OutOrStdout(), configs.Keys())
			}
			w := tabwriter.NewWriter(cmd.OutOrStdout(), 0, 0, 2, ' ', 0)
			fmt.Fprintln(w, "KEY\tDEFAULT\tACCEPTS\tMEANING")
			for _, k := range configs.Keys() {
				def := k.Default
				if def == "" {
					def = `""`
				}
				fmt.Fprintf(w, "%s\t%s\t%s\t%s\n", k.Name, def, k.Accepts, k.Doc)
			}
			return verb.Failed(w.Flush())
		},
	}
	return verb.Finish(cmd, jsonFlag(&asJSON), "json", "")
}
