package verb

import (
	"context"
	"errors"
	"fmt"
	"os/exec"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/glyphkit/glyph/configs"
	"github.com/glyphkit/glyph/eval/read"
	"github.com/glyphkit/glyph/fonts"
	"github.com/glyphkit/glyph/internal/edit"
	"github.com/glyphkit/glyph/internal/ppocr"
)

// OfflineReader is a reader that needs no endpoint.
type OfflineReader struct {
	read.Reader
	Close func()
}

// The readers: those that OpenReader takes, a model behind an endpoint, and one
// that is given the text.
var OfflineReaders = []string{"tesseract", "ppocr"}

const (
	VLMReader  = "vlm"
	TextReader = "text"
)

// ReadersOf are the readers that a verb takes.
func ReadersOf(cmd *cobra.Command) []string {
	switch cmd.Name() {
	case "eval":
		return append(slices.Clone(OfflineReaders), VLMReader, TextReader)
	case "search":
		return append(slices.Clone(OfflineReaders), VLMReader)
	}
	return OfflineReaders
}

// UnknownReader is the error of a name that is no reader.
func UnknownReader(name string, accepted []string) error {
	return fmt.Errorf("unknown reader %q; %saccepted: %s", name, DidYouMean(edit.Nearest(name, accepted)), strings.Join(accepted, ", "))
}

// OpenReader opens an offline reader by its name.
func OpenReader(ctx context.Context, name string) (*OfflineReader, error) {
	switch name {
	case "tesseract":
		r, err := read.NewTesseract(ctx, read.TesseractOptions{})
		if err != nil {
			return nil, Failed(err)
		}
		return &OfflineReader{r, func() {}}, nil
	case "ppocr":
		r, err := ppocr.New(ctx, ppocr.Options{})
		if err != nil {
			return nil, Failed(err)
		}
		return &OfflineReader{r, func() { _ = r.Close() }}, nil // fails only when closed before
	}
	return nil, UnknownReader(name, OfflineReaders)
}

// CompletePresets completes the name of a config.
func CompletePresets(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
	var names []string
	for _, p := range configs.Presets() {
		names = append(names, p.Name+"\t"+p.Description)
	}
	return names, cobra.ShellCompDirectiveDefault // files are accepted as well
}

func completeFonts(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
	var names []string
	for _, f := range fonts.Embedded() {
		names = append(names, f.Name)
	}
	return names, cobra.ShellCompDirectiveDefault // files are accepted as well
}

// Reader is a reader that there is or could be.
type Reader struct {
	Name      string `json:"name"`      // as --reader takes it
	State     string `json:"state"`     // "ready", "missing", "unsupported", "broken" or "endpoint"
	Version   string `json:"version"`   // as reports name it, "" unless ready
	Languages string `json:"languages"` // that it reads
	Help      string `json:"help"`      // how to get or use it, or what is wrong
}

// Readers opens every reader, to see which works.
func Readers(ctx context.Context) []Reader {
	list := []Reader{
		{Name: "tesseract", Languages: "English", Help: "Tesseract 5 with its English data: apt-get install tesseract-ocr tesseract-ocr-eng, or brew install tesseract"},
		{Name: "ppocr", Languages: "Chinese, English", Help: "glyph readers install ppocr"},
	}
	for i := range list {
		s := &list[i]
		r, err := OpenReader(ctx, s.Name)
		switch {
		case err == nil:
			s.State, s.Version, s.Help = "ready", r.Name(), "--reader "+s.Name
			r.Close()
		case errors.Is(err, ppocr.ErrNotInstalled) || errors.Is(err, exec.ErrNotFound):
			s.State = "missing"
		case errors.Is(err, ppocr.ErrUnsupported):
			s.State, s.Help = "unsupported", err.Error()
		default:
			s.State, s.Help = "broken", err.Error()
		}
	}
	return append(list, Reader{
		Name: "vlm", State: "endpoint", Languages: "the model's",
		Help: "any endpoint that speaks OpenAI's chat completions, such as vLLM, Ollama or a provider's",
	})
}
