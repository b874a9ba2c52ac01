package cli

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"github.com/glyphkit/glyph/configs"
)

func newConfigs() *cobra.Command {
	return group("configs", "List, show and check configs", newConfigsList(), newConfigsShow(), newConfigsValidate(), newConfigsKeys())
}

func newConfigsList() *cobra.Command {
	var asJSON bool
	cmd := &cobra.Command{
		Use:   "list",
		Short: "List the built-in configs",
		Args:  cobra.NoArgs,
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
			return failed(w.Flush())
		},
	}
	cmd.Flags().BoolVar(&asJSON, "json", false, "print JSON")
	return cmd
}

func newConfigsShow() *cobra.Command {
	return &cobra.Command{
		Use:               "show NAME|FILE",
		Short:             "Print all keys of a config as JSON, defaults included",
		Example:           "  glyph configs show glyph-en > my.json",
		Args:              cobra.ExactArgs(1),
		ValidArgsFunction: completePresets,
		RunE: func(cmd *cobra.Command, args []string) error {
			c, err := loadConfig(args[0])
			if err != nil {
				return err
			}
			_, err = cmd.OutOrStdout().Write(c.Canonical())
			return failed(err)
		},
	}
}

func newConfigsValidate() *cobra.Command {
	return &cobra.Command{
		Use:   "validate FILE...",
		Short: "Check config files",
		Args:  cobra.MinimumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			var errs []error
			for _, path := range args {
				if _, err := configs.Load(path); err != nil {
					errs = append(errs, err)
					continue
				}
				fmt.Fprintf(cmd.OutOrStdout(), "%s: ok\n", path)
			}
			return errors.Join(errs...)
		},
	}
}

func newConfigsKeys() *cobra.Command {
	var asJSON bool
	cmd := &cobra.Command{
		Use:   "keys",
		Short: "List every config key with its default and what it accepts",
		Args:  cobra.NoArgs,
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
			return failed(w.Flush())
		},
	}
	cmd.Flags().BoolVar(&asJSON, "json", false, "print JSON")
	return cmd
}

// loadConfig returns the preset of a name or the config in a file.
func loadConfig(name string) (configs.Config, error) {
	c, presetErr := configs.Preset(name)
	if presetErr == nil {
		return c, nil
	}
	_, err := os.Stat(name)
	if errors.Is(err, fs.ErrNotExist) && !strings.ContainsAny(name, `./\`) {
		return configs.Config{}, fmt.Errorf("%w, or a file", presetErr)
	}
	return configs.Load(name)
}

// configDir is where a config's relative font paths are looked up.
func configDir(name string) []string {
	if _, err := configs.Preset(name); err == nil {
		return nil
	}
	return []string{filepath.Dir(name)}
}

func completePresets(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
	var names []string
	for _, p := range configs.Presets() {
		names = append(names, p.Name+"\t"+p.Description)
	}
	return names, cobra.ShellCompDirectiveDefault // files are accepted as well
}
