package render

import (
	"context"
	"crypto/sha256"
	"flag"
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/glyphkit/glyph/configs"
	"github.com/glyphkit/glyph/internal/corpus"
)

var updateHashes = flag.Bool("update-hashes", false, "write testdata/golden/pages.sha256")

// TestPageHashes holds the bytes of pages still: 30 documents of 6 KB under
// each preset that testdata/golden/pages.sha256 names.
func TestPageHashes(t *testing.T) {
	const file = "testdata/golden/pages.sha256"
	var got strings.Builder
	for _, preset := range []string{"glyph-en", "glyph-en-96", "glyph-en-inline", "glyph-zh", "compact", "dense-bitmap"} {
		cfg, err := configs.Preset(preset)
		if err != nil {
			t.Fatal(err)
		}
		r, err := New(cfg, Options{})
		if err != nil {
			t.Fatal(err)
		}
		kinds := corpus.Kinds()
		for i := range 30 {
			kind, seed := kinds[i%len(kinds)], uint64(100+i)
			sum := sha256.New()
			for p, err := range r.Pages(context.Background(), "a", corpus.New(kind, seed, 6000)) {
				if err != nil {
					t.Fatal(err)
				}
				sum.Write(p.PNG)
			}
			fmt.Fprintf(&got, "%x  %s %s %d\n", sum.Sum(nil), preset, kind, seed)
		}
	}
	if *updateHashes {
		if err := os.WriteFile(file, []byte(got.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	was, is := strings.Split(string(want), "\n"), strings.Split(got.String(), "\n")
	if len(was) != len(is) {
		t.Fatalf("%d hashes, want %d", len(is), len(was))
	}
	for i := range is {
		if is[i] != was[i] {
			t.Errorf("pages have other bytes:\n got %s\nwant %s", is[i], was[i])
		}
	}
}
