package eval

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/glyphkit/glyph/eval/read"
	"github.com/glyphkit/glyph/eval/task"
	"github.com/glyphkit/glyph/render"
)

// The files of a run's directory.
const (
	manifestFile   = "run.json"
	probesFile     = "probes.jsonl"
	textsDir       = "texts" // by SHA-256
	eventsFile     = "events.jsonl"
	transcriptsDir = "transcripts" // by SHA-256 of reader and page
	responsesDir   = "responses"   // of the endpoint
	resultFile     = "result.json"
)

// begin makes a directory for a run, or checks that it is one of the same run.
func begin(dir string, m *Manifest, probes []byte, texts map[string]string) error {
	now, err := m.encode()
	if err != nil {
		return err
	}
	path := filepath.Join(dir, manifestFile)
	old, err := os.ReadFile(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		if entries, err := os.ReadDir(dir); err == nil && foreign(entries) {
			return fmt.Errorf("the directory %q holds other files; accepted: an empty or new one, or one of the same run", dir)
		}
	case err != nil:
		return err
	case !bytes.Equal(old, now):
		different, err := differences(old, now)
		if err != nil {
			return fmt.Errorf("reading %q: %w", path, err)
		}
		return fmt.Errorf("the directory %q is of another run: %s; accepted: the same settings, or another directory", dir, strings.Join(different, "; "))
	}
	for _, sub := range []string{"", textsDir, transcriptsDir} {
		if err := os.MkdirAll(filepath.Join(dir, sub), 0o777); err != nil {
			return err
		}
	}
	for hash, text := range texts {
		if err := writeOnce(filepath.Join(dir, textsDir, hash+".txt"), []byte(text)); err != nil {
			return err
		}
	}
	if err := writeOnce(filepath.Join(dir, probesFile), probes); err != nil {
		return err
	}
	// Last, so that what has a run.json has all that it names.
	return writeOnce(path, now)
}

// foreign reports whether a directory without run.json holds what no
// interrupted beginning of a run leaves.
func foreign(entries []fs.DirEntry) bool {
	for _, e := range entries {
		switch name := e.Name(); {
		case name == textsDir, name == transcriptsDir, name == probesFile, strings.HasPrefix(name, ".new-"):
		default:
			return true
		}
	}
	return false
}

// Directory is a run's directory, for reports. It is safe for concurrent use.
type Directory struct {
	Manifest *Manifest
	Result   *Result // as it was when the run ended last

	dir       string
	probes    map[[2]string]*task.Probe
	renderers *renderers
}

// Open reads the directory of a run that has a result. The options are those of
// Options.Render.
func Open(dir string, o render.Options) (*Directory, error) {
	d := &Directory{dir: dir, Manifest: &Manifest{}, Result: &Result{}}
	if err := readJSON(filepath.Join(dir, manifestFile), d.Manifest); err != nil {
		return nil, err
	}
	if d.Manifest.Version != ManifestVersion {
		return nil, fmt.Errorf("reading %q: version %q; accepted: %q", filepath.Join(dir, manifestFile), d.Manifest.Version, ManifestVersion)
	}
	if err := readJSON(filepath.Join(dir, resultFile), d.Result); err != nil {
		return nil, err
	}
	if err := d.readProbes(); err != nil {
		return nil, err
	}
	d.renderers = newRenderers(d.Manifest.Configs, o)
	return d, nil
}

func readJSON(path string, v any) error {
	data, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	if err := json.Unmarshal(data, v); err != nil {
		return fmt.Errorf("reading %q: %w", path, err)
	}
	return nil
}

func (d *Directory) readProbes() error {
	path := filepath.Join(d.dir, probesFile)
	data, err := os.ReadFile(path)
	if err == nil {
		d.probes, err = parseProbes(data)
	}
	if err != nil {
		return fmt.Errorf("reading %q: %w", path, err)
	}
	return nil
}

// parseProbes reads the lines of probes.jsonl. The text of a probe is its hash.
func parseProbes(data []byte) (map[[2]string]*task.Probe, error) {
	probes := map[[2]string]*task.Probe{}
	for i, line := range bytes.Split(bytes.TrimSuffix(data, []byte("\n")), []byte("\n")) {
		var stored storedProbe
		if err := json.Unmarshal(line, &stored); err != nil {
			return nil, fmt.Errorf("line %d: %w", i+1, err)
		}
		if stored.Probe == nil || !isHash(stored.Text) {
			return nil, fmt.Errorf("line %d: text %q; accepted: a SHA-256", i+1, stored.Text)
		}
		stored.Probe.Text = stored.Text
		probes[[2]string{stored.Task, stored.ID}] = stored.Probe
	}
	return probes, nil
}

func isHash(s string) bool {
	return len(s) == 64 && strings.Trim(s, "0123456789abcdef") == ""
}

// Probe returns the probe of an outcome, with its text.
func (d *Directory) Probe(o *Outcome) (*task.Probe, error) {
	stored := d.probes[[2]string{o.Task, o.Probe}]
	if stored == nil {
		return nil, fmt.Errorf("the run %q has no probe %q of %q", d.dir, o.Probe, o.Task)
	}
	text, err := os.ReadFile(filepath.Join(d.dir, textsDir, stored.Text+".txt"))
	if err != nil {
		return nil, err
	}
	p := *stored
	p.Text = string(text)
	return &p, nil
}

// Page draws a page of an outcome again, of which a strip is a part, with the
// lines that say which bytes of the probe's text it shows. It is an error if
// the page, or the strip of it, is not the one that was read.
func (d *Directory) Page(ctx context.Context, o *Outcome, p Page) (*render.Page, error) {
	probe, err := d.Probe(o)
	if err != nil {
		return nil, err
	}
	r, err := d.renderers.get(o.Config, p.DPI)
	if err != nil {
		return nil, err
	}
	for page, err := range r.Pages(ctx, pageName, strings.NewReader(probe.Text)) {
		if err != nil {
			return nil, err
		}
		if page.Number != p.Number {
			continue
		}
		if p.Strip {
			if page, err = strip(page, p.Top, p.Top+p.Height); err != nil {
				return nil, err
			}
		}
		if hashOf(page.PNG) != p.SHA256 {
			return nil, fmt.Errorf("page %d of %q at %g dpi is not the one that was read: it was drawn by version %s with other fonts or options", p.Number, o.Document, p.DPI, d.Manifest.Tool)
		}
		return page, nil
	}
	return nil, fmt.Errorf("%q has no page %d at %g dpi", o.Document, p.Number, p.DPI)
}

// Transcript returns what the reader wrote of a page; "" and false where it
// wrote none, as a model that answers at once.
func (d *Directory) Transcript(p Page) (text string, ok bool) {
	r, ok := read.Lookup(filepath.Join(d.dir, transcriptsDir), d.Manifest.Reader, p.Reading)
	return r.Text, ok
}
