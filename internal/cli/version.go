package cli

import (
	"encoding/json"
	"fmt"
	"io"
	"runtime"

	"github.com/spf13/cobra"

	"github.com/glyphkit/glyph/internal/cli/verb"
	"github.com/glyphkit/glyph/internal/version"
	"github.com/glyphkit/glyph/render"
)

func newVersion() *cobra.Command {
	asJSON := false
	return verb.Finish(&cobra.Command{
		Use:   "version",
		Short: "Print the version",
		Args:  verb.NeedsNone,
		RunE:  func(cmd *cobra.Command, _ []string) error { return printVersion(cmd.OutOrStdout(), asJSON) },
	}, jsonFlag(&asJSON), "json", "")
}

func printVersion(out io.Writer, asJSON bool) error {
	build, err := version.Build()
	if err != nil {
		return verb.Failed(err)
	}
	if asJSON {
		return printJSON(out, struct {
			Version string `json:"version"` // of the module, "devel" for a build without
			Build   string `json:"build"`   // this program, by its commit or its content
			Go      string `json:"go"`
			OS      string `json:"os"`
			Arch    string `json:"arch"`
		}{version.Module(), build, runtime.Version(), runtime.GOOS, runtime.GOARCH})
	}
	_, err = fmt.Fprintf(out, "glyph %s (%s %s/%s)\n", build, runtime.Version(), runtime.GOOS, runtime.GOARCH)
	return verb.Failed(err)
}

func newSchema() *cobra.Command {
	return verb.Finish(&cobra.Command{
		Use:   "schema",
		Short: "Print the JSON Schema of manifest.json",
		Args:  verb.NeedsNone,
		RunE: func(cmd *cobra.Command, _ []string) error {
			_, err := cmd.OutOrStdout().Write(render.ManifestSchema)
			return verb.Failed(err)
		},
	}, verb.NewFlags(), "", "")
}

// jsonFlag are the flags of a verb that has no others.
func jsonFlag(p *bool) verb.Flags {
	f := verb.NewFlags()
	f.On(p, "json", "")
	return f
}

// printJSON prints a value for programs.
func printJSON(w io.Writer, v any) error {
	e := json.NewEncoder(w)
	e.SetIndent("", "  ")
	e.SetEscapeHTML(false)
	return verb.Failed(e.Encode(v))
}
