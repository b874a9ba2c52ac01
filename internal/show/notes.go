package show

import (
	"fmt"
	"io"

	"github.com/glyphkit/glyph/ask/pack"
	"github.com/glyphkit/glyph/document"
	"github.com/glyphkit/glyph/internal/term"
	"github.com/glyphkit/glyph/render"
)

// NotAsItStands prints what of documents a model does not get as it stands in
// them: charsets that were guessed, and what pages drop or show in another way.
func NotAsItStands(out io.Writer, docs []*pack.Document) {
	var dropped, substituted []render.Tally
	for _, d := range docs {
		if e := d.Encoding; e.Transcoded() {
			fmt.Fprintf(out, "charset: %s: %s\n", term.Clean(d.Name), charset(e))
		}
		for _, p := range d.Parts {
			if p.Page == nil {
				continue
			}
			for _, n := range p.Page.Dropped() {
				dropped = render.Tallied(dropped, d.Name, n)
			}
			for _, n := range p.Page.Substituted() {
				substituted = render.Tallied(substituted, d.Name, n)
			}
		}
	}
	for _, t := range dropped {
		fmt.Fprintf(out, "dropped: %s\n", tallyText(t, len(docs) > 1))
	}
	for _, t := range substituted {
		fmt.Fprintf(out, "substituted: %s\n", tallyText(t, len(docs) > 1))
	}
}

func charset(e document.Encoding) string {
	if !e.Guessed {
		return e.Name
	}
	return fmt.Sprintf("%s, a guess (confidence %d %%); --encoding overrides it", e.Name, e.Confidence)
}
