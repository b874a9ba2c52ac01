package eval

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/glyphkit/glyph/eval/read"
	"github.com/glyphkit/glyph/eval/task"
	"github.com/glyphkit/glyph/internal/runs"
	"github.com/glyphkit/glyph/render"
)

// The files of a run's directory beside those of package runs.
const (
	probesFile     = "probes.jsonl"
	textsDir       = "texts"       // by SHA-256
	transcriptsDir = "transcripts" // by SHA-256 of reader and page
)

// own are the files and directories of a run beside those of package runs and
// what is made of them.
func own() []string { return []string{probesFile, textsDir, transcriptsDir, runs.ResponsesDir} }

// writeProbes writes what is asked. Texts are named by their hash.
func writeProbes(dir string, probes []byte, texts map[string]string) error {
	for _, sub := range []string{textsDir, transcriptsDir} {
		if err := os.MkdirAll(filepath.Join(dir, sub), 0o777); err != nil {
			return err
		}
	}
	for hash, text := range texts {
		if err := runs.WriteOnce(filepath.Join(dir, textsDir, hash+".txt"), []byte(text)); err != nil {
			return err
		}
	}
	return runs.WriteOnce(filepath.Join(dir, probesFile), probes)
}

// Directory is a run's directory, for reports. It is safe for concurrent use.
type Directory struct {
	Manifest *Manifest
	Result   *Result // of the outcomes that there were when the directory was opened

	dir       string
	probes    []*task.Probe // their Text is its hash
	index     map[[2]string]*task.Probe
	renderers *renderers
	markers   markers
}

// Open reads the directory of a run, whether it is finished, interrupted or
// under way. Its result is that of the outcomes so far, and says if some are
// missing. The options are those of Options.Render.
func Open(dir string, o render.Options) (*Directory, error) {
	d := &Directory{dir: dir, Manifest: &Manifest{}, index: map[[2]string]*task.Probe{}}
	var l log
	id, err := runs.Load(dir, format, d.Manifest, maxEvent, l.learn)
	if err != nil {
		return nil, err
	}
	if len(d.Manifest.Metrics) != len(d.Manifest.Tasks) {
		return nil, fmt.Errorf("reading the run %q: %d metrics of %d tasks; accepted: as many", dir, len(d.Manifest.Metrics), len(d.Manifest.Tasks))
	}
	path := filepath.Join(dir, probesFile)
	data, err := os.ReadFile(path)
	if err == nil {
		d.probes, err = parseProbes(data)
	}
	if err != nil {
		return nil, fmt.Errorf("reading %q: %w", path, err)
	}
	for _, p := range d.probes {
		d.index[[2]string{p.Task, p.ID}] = p
	}
	d.renderers, d.markers = newRenderers(d.Manifest.Configs, o), markersOf(d.Manifest.Configs)
	d.Result, err = newResult(id, d.Manifest, d.probes, l.outcomes, l.spent, "")
	return d, err
}

// Merge makes a directory, which must be new or empty, the run of which the
// other directories are shards, and returns its result. The result of all
// shards is that of the run without shards. What shards lack, Run asks when it
// goes on with the directory.
func Merge(dir string, shards []string) (*Result, error) {
	if err := runs.Merge(dir, shards, maxEvent, own()); err != nil {
		return nil, err
	}
	d, err := Open(dir, render.Options{})
	if err != nil {
		return nil, err
	}
	return d.Result, d.Result.write(dir)
}

// parseProbes reads the lines of probes.jsonl. The text of a probe is its hash.
func parseProbes(data []byte) (probes []*task.Probe, err error) {
	for i, line := range bytes.Split(bytes.TrimSuffix(data, []byte("\n")), []byte("\n")) {
		var stored storedProbe
		if err := json.Unmarshal(line, &stored); err != nil {
			return nil, fmt.Errorf("line %d: %w", i+1, err)
		}
		if stored.Probe == nil || !isHash(stored.Text) {
			return nil, fmt.Errorf("line %d: text %q; accepted: a SHA-256", i+1, stored.Text)
		}
		stored.Probe.Text = stored.Text
		probes = append(probes, stored.Probe)
	}
	return probes, nil
}

func isHash(s string) bool {
	return len(s) == 64 && strings.Trim(s, "0123456789abcdef") == ""
}

// Probe returns the probe of an outcome, with its text.
func (d *Directory) Probe(o *Outcome) (*task.Probe, error) {
	stored := d.index[[2]string{o.Task, o.Probe}]
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
			return nil, fmt.Errorf("page %d of %q at %g dpi is not the one that was read: it was drawn by version %s with other fonts or options", p.Number, o.Document, p.DPI, d.Result.Tool)
		}
		return page, nil
	}
	return nil, fmt.Errorf("%q has no page %d at %g dpi", o.Document, p.Number, p.DPI)
}

// Transcript returns what the reader wrote of a page of an outcome, with line
// feeds for newline markers; "" and false where it wrote none, as a model that
// answers at once.
func (d *Directory) Transcript(o *Outcome, p Page) (text string, ok bool) {
	r, ok := read.Lookup(filepath.Join(d.dir, transcriptsDir), d.Manifest.Reader, p.Reading)
	return d.markers.undo(o.Config, r.Text), ok
}
