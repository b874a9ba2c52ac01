package cli

import (
	"encoding/json"
	"fmt"
	"io"
	"runtime"
	"runtime/debug"

	"github.com/spf13/cobra"

	"github.com/glyphkit/glyph/render"
)

func newVersion() *cobra.Command {
	asJSON := false
	return finish(&cobra.Command{
		Use:   "version",
		Short: "Print the version",
		Args:  needsNone,
		RunE:  func(cmd *cobra.Command, _ []string) error { return printVersion(cmd.OutOrStdout(), asJSON) },
	}, jsonFlag(&asJSON), "json", "")
}

func printVersion(out io.Writer, asJSON bool) error {
	v := struct {
		Version  string `json:"version"`
		Revision string `json:"revision"` // "" where the build does not record it
		Modified bool   `json:"modified"` // since that revision
		Go       string `json:"go"`
		OS       string `json:"os"`
		Arch     string `json:"arch"`
	}{Version: render.Version, Go: runtime.Version(), OS: runtime.GOOS, Arch: runtime.GOARCH}
	if info, ok := debug.ReadBuildInfo(); ok {
		for _, s := range info.Settings {
			switch s.Key {
			case "vcs.revision":
				v.Revision = s.Value
			case "vcs.modified":
				v.Modified = s.Value == "true"
			}
		}
	}
	if asJSON {
		return printJSON(out, v)
	}
	text := "glyph " + v.Version
	if v.Revision != "" {
		text += " " + v.Revision[:min(12, len(v.Revision))]
	}
	if v.Modified {
		text += "+changes"
	}
	_, err := fmt.Fprintf(out, "%s (%s %s/%s)\n", text, v.Go, v.OS, v.Arch)
	return failed(err)
}

func newSchema() *cobra.Command {
	return finish(&cobra.Command{
		Use:   "schema",
		Short: "Print the JSON Schema of manifest.json",
		Args:  needsNone,
		RunE: func(cmd *cobra.Command, _ []string) error {
			_, err := cmd.OutOrStdout().Write(render.ManifestSchema)
			return failed(err)
		},
	}, newFlags(), "", "")
}

// jsonFlag are the flags of a verb that has no others.
func jsonFlag(p *bool) flags {
	f := newFlags()
	f.on(p, "json", "")
	return f
}

// printJSON prints a value for programs.
func printJSON(w io.Writer, v any) error {
	e := json.NewEncoder(w)
	e.SetIndent("", "  ")
	e.SetEscapeHTML(false)
	return failed(e.Encode(v))
}
