package render

import (
	"bytes"
	"context"
	"encoding/json"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/glyphkit/glyph/internal/bundles"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"github.com/glyphkit/glyph/configs"
	"github.com/glyphkit/glyph/document"
)

func manifestOf(t *testing.T, r *Renderer, docs ...*document.Document) (*Manifest, []byte) {
	t.Helper()
	return manifestWith(t, r, BundleOptions{}, docs...)
}

func manifestWith(t *testing.T, r *Renderer, o BundleOptions, docs ...*document.Document) (*Manifest, []byte) {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "pages")
	if _, err := WriteBundle(context.Background(), dir, docs, r, o); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(dir, manifestFile)
	m, err := ReadManifest(path)
	if err != nil {
		t.Fatal(err)
	}
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return m, data
}

const awkward = "\uFEFFsoft\u00adhyphens,\ttabs,  two spaces \r\n" +
	"a bad byte \xFF, a zero\u200bwidth space, a bell \a, no glyph \U0010FFFD\n\n" +
	"עברית and العربية and 世界\f" + "next sheet\n   \n"

func TestManifestFollowsItsSchema(t *testing.T) {
	parsed, err := jsonschema.UnmarshalJSON(bytes.NewReader(ManifestSchema))
	if err != nil {
		t.Fatal(err)
	}
	c := jsonschema.NewCompiler()
	if err := c.AddResource("manifest.schema.json", parsed); err != nil {
		t.Fatal(err)
	}
	schema, err := c.Compile("manifest.schema.json")
	if err != nil {
		t.Fatal(err)
	}
	valid := func(instance any) bool { return schema.Validate(instance) == nil }
	check := func(name string, data []byte) map[string]any {
		instance, err := jsonschema.UnmarshalJSON(bytes.NewReader(data))
		if err != nil {
			t.Fatal(err)
		}
		if err := schema.Validate(instance); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		return instance.(map[string]any)
	}
	// The schema is not empty praise: it refuses what is missing.
	refuses := func(m, object map[string]any, keys ...string) {
		for _, key := range keys {
			value := object[key]
			delete(object, key)
			if valid(m) {
				t.Errorf("the schema accepts a manifest without %q", key)
			}
			object[key] = value
		}
	}
	found := textDocument("logo.png", []byte("\x89PNG\r\n"))
	found.Found = true
	for _, markup := range []string{"<br/>", `<font color="#FF0000"> \n </font>`} {
		r := smallPages(t, Options{}, configs.KeyValue{Key: "newline-markup", Value: markup})
		_, data := manifestOf(t, r, textDocument("a.txt", []byte(awkward)), found,
			textDocument("b.txt", encode(t, "shift_jis", "これは日本語のテキストです。文字コードのテスト。\n")),
			textDocument("empty.txt", nil), textDocument("c.txt", numbered(40)))
		m := check(markup, data)
		refuses(m, m, slices.Collect(maps.Keys(m))...)
	}

	r := smallPages(t, Options{})
	size := int64(len(awkward))
	for name, gate := range map[string]func(context.Context, *document.Document) (*Decision, error){
		"a mixture": cuts(true, 20, 100, size), "all text": cuts(true, size), "all pages": cuts(false, size), "no gate": nil,
	} {
		_, data := manifestWith(t, r, BundleOptions{Model: byteTokens(), Gate: gate}, textDocument("a.txt", []byte(awkward)))
		m := check(name, data)
		doc := m["documents"].([]any)[0].(map[string]any)
		refuses(m, m["cost"].(map[string]any), slices.Collect(maps.Keys(m["cost"].(map[string]any)))...)
		if gate == nil {
			continue
		}
		refuses(m, doc, "gate", "parts", "pages")
		for _, p := range doc["parts"].([]any) {
			p := p.(map[string]any)
			refuses(m, p, slices.Collect(maps.Keys(p))...)
		}
	}

	// Parts of what was transcoded count its UTF-8.
	const japanese = "これは日本語のテキストです。\n\n文字コードのテスト。\n"
	_, data := manifestWith(t, r, BundleOptions{Gate: cuts(true, 44, int64(len(japanese)))}, textDocument("b.txt", encode(t, "shift_jis", japanese)))
	check("transcoded parts", data)
}

// The ranges of lines and of what was dropped cover the source.
func TestManifestCoversTheSource(t *testing.T) {
	for _, set := range [][]configs.KeyValue{
		nil,
		{{Key: "newline-markup", Value: "↵"}},
		{{Key: "columns", Value: "2"}, {Key: "margin-x", Value: "2"}, {Key: "wrap", Value: "character"}},
	} {
		for _, c := range []struct {
			charset string
			source  []byte
			text    string
		}{
			{"", []byte(awkward), awkward},
			{"", numbered(50), string(numbered(50))},
			{"", []byte(strings.Repeat("\n", 200) + "x" + strings.Repeat("\n", 200)), ""},
			{"shift_jis", encode(t, "shift_jis", "これは日本語です。\n"), "これは日本語です。\n"},
		} {
			d := textDocument("a", c.source)
			d.Charset = c.charset
			m, _ := manifestOf(t, smallPages(t, Options{}, set...), d)
			doc := m.Documents[0]
			size := doc.Source.Bytes
			if c.charset != "" {
				size = doc.Text.Bytes
				if doc.RangesOf != "text" || size != int64(len(c.text)) {
					t.Errorf("%s: ranges of %s, %d bytes", c.charset, doc.RangesOf, size)
				}
			}
			if doc.Source.Bytes != int64(len(c.source)) {
				t.Errorf("%d bytes, want %d", doc.Source.Bytes, len(c.source))
			}
			var ranges [][2]int64
			for _, p := range doc.Pages {
				ranges = append(ranges, p.Lines...)
				for _, d := range p.Dropped {
					ranges = append(ranges, [2]int64{d.Start, d.End})
				}
			}
			slices.SortFunc(ranges, func(a, b [2]int64) int { return slices.Compare(a[:], b[:]) })
			covered := int64(0)
			for _, r := range ranges {
				if r[0] > covered {
					t.Errorf("%v: bytes %d to %d of %q are on no page", set, covered, r[0], c.source)
				}
				covered = max(covered, r[1])
			}
			if covered != size {
				t.Errorf("%v: ranges end at %d of %d bytes", set, covered, size)
			}
		}
	}
}

func TestManifestNamesNoPlaceAndTime(t *testing.T) {
	_, data := manifestOf(t, smallPages(t, Options{}), textDocument("a.txt", []byte("text")))
	for _, bad := range []string{os.TempDir(), ".glyph-"} {
		if strings.Contains(string(data), bad) {
			t.Errorf("%q in %s", bad, data)
		}
	}
	if !strings.HasPrefix(string(data), bundles.Start) {
		t.Errorf("manifest starts %.60q, isBundle looks for %q", data, bundles.Start)
	}
}

// What the types have is what the writer writes: reading and writing again
// loses nothing.
func TestManifestRoundTrip(t *testing.T) {
	gate := cuts(false, 100, int64(len(awkward)))
	m, data := manifestWith(t, smallPages(t, Options{}), BundleOptions{Model: byteTokens(), Gate: gate}, textDocument("a.txt", []byte(awkward)), textDocument("none", nil))
	again, err := json.Marshal(m)
	if err != nil {
		t.Fatal(err)
	}
	var want bytes.Buffer
	if err := json.Compact(&want, data); err != nil {
		t.Fatal(err)
	}
	var a, b any
	if err := json.Unmarshal(again, &a); err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(want.Bytes(), &b); err != nil {
		t.Fatal(err)
	}
	x, _ := json.Marshal(a)
	y, _ := json.Marshal(b)
	if !bytes.Equal(x, y) {
		t.Errorf("read and written again:\n%s\nwant\n%s", x, y)
	}
}

func TestReadManifestRefuses(t *testing.T) {
	for name, data := range map[string]string{
		"nothing":               "",
		"another version":       `{"version":"glyph-manifest/9"}`,
		"two values":            `{"version":"glyph-manifest/1"} {}`,
		"a way out":             `{"version":"glyph-manifest/1","documents":[{"pages":[{"file":"../x","width":1,"height":1}]}]}`,
		"no pixels":             `{"version":"glyph-manifest/1","documents":[{"pages":[{"file":"x","width":0,"height":1}]}]}`,
		"backward range":        `{"version":"glyph-manifest/1","documents":[{"pages":[{"file":"x","width":1,"height":1,"lines":[[5,4]]}]}]}`,
		"negative range":        `{"version":"glyph-manifest/1","documents":[{"pages":[{"file":"x","width":1,"height":1,"dropped":[{"start":-1,"end":0}]}]}]}`,
		"a part of no kind":     `{"version":"glyph-manifest/1","documents":[{"parts":[{"kind":"x","start":0,"end":1}]}]}`,
		"a part with a way out": `{"version":"glyph-manifest/1","documents":[{"parts":[{"kind":"text","file":"../x","start":0,"end":1}]}]}`,
		"a part of no pages":    `{"version":"glyph-manifest/1","documents":[{"parts":[{"kind":"pages","start":0,"end":1}]}]}`,
		"a backward part":       `{"version":"glyph-manifest/1","documents":[{"parts":[{"kind":"text","file":"x","start":2,"end":1}]}]}`,
		"huge number":           `{"version":"glyph-manifest/1","totals":{"bytes":1e30}}`,
	} {
		path := filepath.Join(t.TempDir(), manifestFile)
		os.WriteFile(path, []byte(data), 0o666)
		if _, err := ReadManifest(path); err == nil || !strings.Contains(err.Error(), manifestFile) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func FuzzReadManifest(f *testing.F) {
	f.Add([]byte(`{"version":"glyph-manifest/1"}`))
	f.Add([]byte(`{"version":"glyph-manifest/1","documents":[{"name":"a","pages":[{"file":"page-000001.png","width":1,"height":1,"lines":[[0,4],[4,9]],"dropped":[{"start":0,"end":3,"reason":"r"}]}]}]}`))
	f.Add([]byte(`{"version":"glyph-manifest/1","documents":[{"parts":[{"kind":"text","start":0,"end":4,"file":"part-000001.txt"},{"kind":"pages","start":4,"end":9,"first_page":1,"pages":1}]}]}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		m, err := parseManifest(bytes.NewReader(data))
		if err != nil {
			return
		}
		for _, d := range m.Documents {
			for _, p := range d.Pages {
				if filepath.Base(p.File) != p.File || !filepath.IsLocal(p.File) {
					t.Errorf("file %q is elsewhere", p.File)
				}
			}
			for _, p := range d.Parts {
				if p.Kind == partText && !filepath.IsLocal(p.File) {
					t.Errorf("file %q is elsewhere", p.File)
				}
			}
		}
	})
}
