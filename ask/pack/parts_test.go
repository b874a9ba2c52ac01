package pack

import (
	"fmt"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/glyphkit/glyph/internal/testkit"
	"github.com/glyphkit/glyph/render"
)

// The pages of a pack show what is said of them, whatever the gate kept as text.
func TestPagesShowWhatIsSaidOfThem(t *testing.T) {
	r := renderer(t, testkit.Cells(), render.Options{})
	mixtures := 0
	rapid.Check(t, func(rt *rapid.T) {
		// At a flat price for a page, long words of one token cost less as text and
		// strings of digits as pages.
		var b strings.Builder
		for range rapid.IntRange(1, 4).Draw(rt, "sections") {
			if rapid.Bool().Draw(rt, "dense") {
				b.WriteString(strings.Repeat("2024-03-01 550e8400-e29b-41d4-a716-446655440000 INV-2041 ", rapid.IntRange(10, 80).Draw(rt, "times")) + "end\n\n")
			} else {
				b.WriteString(strings.Repeat("international communication responsibility administration ", rapid.IntRange(10, 80).Draw(rt, "times")) + "end\n\n")
			}
			b.WriteString(testkit.Lines(rt) + "\n")
		}
		source := b.String()
		p := build(t, r, Options{Model: model(t, "gpt-4o@low"), Gate: rapid.IntRange(0, 4).Draw(rt, "gate") > 0}, doc("other", "INV-2041\n"), doc("a", source))
		var pages []testkit.Page
		kept := false
		at := int64(0)
		for _, part := range p.Documents[1].Parts {
			if part.Start != at {
				rt.Fatalf("a part begins at %d, the one before ended at %d", part.Start, at)
			}
			at = part.End
			if part.Page == nil {
				kept = true
				continue
			}
			page := testkit.Page{
				PNG: part.Page.PNG, Number: part.Page.Number, Anchors: part.Page.Anchors,
				FirstLine: part.FirstLine, LastLine: part.LastLine,
			}
			for _, l := range part.Page.Lines {
				page.Lines = append(page.Lines, [2]int64{l.Start, l.End})
			}
			for _, n := range part.Page.Notes {
				page.Dropped = append(page.Dropped, [2]int64{n.Start, n.End})
			}
			pages = append(pages, page)
		}
		if at != int64(len(source)) {
			rt.Fatalf("the parts end at %d of %d", at, len(source))
		}
		if kept && len(pages) > 1 {
			mixtures++
		}
		all := sent(p)
		for i := range pages {
			if label := fmt.Sprintf("Document 2 of 2, \"a\": page %d of %d, ", i+1, len(pages)); !strings.Contains(all, label) {
				rt.Fatalf("no label %q", label)
			}
		}
		if err := testkit.Check(source, r.Legend(), pages); err != nil {
			rt.Fatal(err)
		}
	})
	if mixtures < 3 { // of the 20 texts of a short run
		t.Errorf("%d texts were a mixture; want at least 3", mixtures)
	}
}
