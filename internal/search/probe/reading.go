// Package probe asks how well a config is read: [Reading] draws excerpts of
// documents under it, has a reader read them, scores that, and says what it cost.
package probe

import (
	"bytes"
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"hash"
	"io"
	"math/rand"
	"slices"
	"strings"
	"time"

	"github.com/glyphkit/glyph/ask/llm"
	"github.com/glyphkit/glyph/configs"
	"github.com/glyphkit/glyph/document"
	"github.com/glyphkit/glyph/eval/metric"
	"github.com/glyphkit/glyph/eval/read"
	"github.com/glyphkit/glyph/exact/secrets"
	"github.com/glyphkit/glyph/model/plan"
	"github.com/glyphkit/glyph/model/vision"
	"github.com/glyphkit/glyph/render"
)

// Options say which probes are drawn from documents. The zero value of a
// field takes the default that its comment names.
type Options struct {
	Chars   int      // characters of a probe, about; 600
	Probes  int      // for the search; 72
	HeldOut int      // for the finalists; 72
	Strata  []string // to draw probes from; all that the documents have, and "exact"
	Seed    int64

	// Timed adds the seconds of reading to costs, for a budget in minutes. No
	// two runs then have the same answers.
	Timed bool

	// Secrets says what happens to secrets in the documents: probes are drawn and
	// read, and what was misread stays in the run. "" is secrets.Block.
	Secrets secrets.Mode
	// Exceptions allow some of them. It may be nil.
	Exceptions *secrets.Exceptions

	Render render.Options // Workers is ignored: a probe is one page
}

// Reading is the Problem of finding a config for documents: probes are
// excerpts of them, drawn under the config on low pages of otherwise the same
// geometry and read by a reader.
//
// The score of a probe is 1 - the character error rate of [metric.CharacterErrors],
// clipped at 0. A newline marker counts as a character that is on the page:
// who cannot read it is charged. The legend, the page label and anchors are
// not drawn on probes, as they are not text of the documents. The score of the
// stratum "exact" is the share of planted strings that were read without an
// error, white space apart.
//
// A probe is shrunk as far as the model shrinks the pages of the config, so
// that the reader sees no more than the model does.
type Reading struct {
	reader read.Reader // that keeps what it reads: configs that differ in the height of pages alone, or in their legend, have the same strips
	model  *vision.Profile
	o      Options
	probes []readingProbe
	docs   []plan.Document // those that have text
	sample []plan.Document // of those, what Compression lays out
	views  *viewCache
	print  string

	checked secrets.Checked // derives probes
	secrets secrets.Report

	// Sampled is whether Compression lays out the beginning of documents only,
	// because they are long.
	Sampled bool
	// Skipped is the number of excerpts left out because they hold a character
	// that pages substitute.
	Skipped int
}

type readingProbe struct {
	info  Info
	text  string
	exact []string
}

// What Compression lays out of the documents, in bytes: some twelve pages,
// enough for the last page not to count and few enough for the search to try a
// dozen layouts for every probe it reads.
const (
	maxSample     = 128 << 10
	minDocSample  = 2 << 10
	minProbes     = 8
	minHeldOut    = 4
	maxProbeChars = 4000
	maxProbes     = 10_000
)

// New reads the documents once and draws the probes from them: excerpts
// spread evenly over the strata, each in the search or held out. It is an
// error when the documents have too little text, and a *secrets.FoundError when
// they hold secrets. The documents must open more than once.
func New(ctx context.Context, docs []*document.Document, reader read.Reader, model *vision.Profile, o Options) (*Reading, error) {
	o.Chars, o.Probes, o.HeldOut = cmp.Or(o.Chars, 600), cmp.Or(o.Probes, 72), cmp.Or(o.HeldOut, 72)
	switch {
	case o.Chars < 50 || o.Chars > maxProbeChars:
		return nil, fmt.Errorf("probes of %d characters: want 50 to %d", o.Chars, maxProbeChars)
	case o.Probes < minProbes || o.Probes > maxProbes:
		return nil, fmt.Errorf("%d probes: want %d to %d", o.Probes, minProbes, maxProbes)
	case o.HeldOut < minHeldOut || o.HeldOut > maxProbes:
		return nil, fmt.Errorf("%d held-out probes: want %d to %d", o.HeldOut, minHeldOut, maxProbes)
	case len(docs) == 0:
		return nil, errors.New("no documents: want at least one")
	}
	for _, s := range o.Strata {
		if !slices.Contains(Strata(), s) {
			return nil, fmt.Errorf("stratum %q: want one of %s", s, strings.Join(Strata(), ", "))
		}
	}
	o.Render.Workers = 1
	kept, err := read.Keep(reader, "")
	if err != nil {
		return nil, err
	}
	r := &Reading{reader: kept, model: model, o: o, views: &viewCache{}}
	rng := rand.New(rand.NewSource(o.Seed))
	pools := map[string]*reservoir{}
	for _, s := range Strata() {
		pools[s] = &reservoir{size: 2 * (o.Probes + o.HeldOut)}
	}
	g := secrets.Guard{Mode: o.Secrets, Exceptions: o.Exceptions}
	if docs, r.checked, err = g.Documents(ctx, docs); err != nil {
		return nil, err
	}
	r.secrets = g.Report()
	if err := r.take(ctx, docs, pools, rng); err != nil {
		return nil, err
	}
	if err := r.drawProbes(pools, rng); err != nil {
		return nil, err
	}
	sum := sha256.New()
	profile, err := json.Marshal(model)
	if err != nil {
		return nil, fmt.Errorf("identifying the model %q: %w", model.Name, err)
	}
	fmt.Fprintf(sum, "%s\n", profile)
	for _, p := range r.probes {
		fmt.Fprintf(sum, "%v %q %q\n", p.info, p.text, p.exact)
	}
	for _, d := range r.sample {
		if rc, err := d.Open(); err == nil { // it is in memory
			_, _ = io.Copy(sum, rc)
		}
	}
	r.print = hex.EncodeToString(sum.Sum(nil))
	return r, nil
}

// take fills the pools and the sample for Compression.
func (r *Reading) take(ctx context.Context, docs []*document.Document, pools map[string]*reservoir, rng *rand.Rand) error {
	share := max(minDocSample, maxSample/len(docs))
	left := maxSample
	seen := map[[32]byte]bool{}
	for _, d := range docs {
		if ctx.Err() != nil {
			return ctx.Err()
		}
		text, err := d.Text()
		if errors.Is(err, document.ErrEmpty) {
			continue
		}
		if _, notText := errors.AsType[*document.NotTextError](err); notText && d.Found {
			continue
		}
		if err != nil {
			return fmt.Errorf("reading %q: %w", d.Name, err)
		}
		head := &headWriter{limit: min(share, left)}
		dropped, err := excerpts(io.TeeReader(text, head), r.o.Chars, func(s string) {
			// What documents repeat, such as a licence, is one probe, and never
			// on both sides.
			if hash := sha256.Sum256([]byte(s)); !seen[hash] {
				if len(seen) < maxSeen {
					seen[hash] = true
				}
				pools[stratumOf(s)].put(excerpt{s, d.Name}, rng)
			}
		})
		text.Close()
		if err != nil {
			return fmt.Errorf("reading %q: %w", d.Name, err)
		}
		r.Skipped += dropped
		r.Sampled = r.Sampled || head.cut
		if !head.ink {
			continue
		}
		r.docs = append(r.docs, plan.Document{Name: d.Name, Open: func() (io.ReadCloser, error) { return d.Text() }})
		if content := head.text(); len(bytes.TrimSpace(content)) > 0 {
			left -= len(content)
			r.sample = append(r.sample, plan.Document{Name: d.Name, Open: func() (io.ReadCloser, error) {
				return io.NopCloser(bytes.NewReader(content)), nil
			}})
		}
	}
	if len(r.sample) == 0 {
		return fmt.Errorf("none of %d documents has text: want some to search with", len(docs))
	}
	return nil
}

// maxSeen bounds the excerpts that are remembered as seen, 32 bytes each.
const maxSeen = 1 << 18

// headWriter keeps the first limit bytes, cut back to a line end.
type headWriter struct {
	limit int
	buf   []byte
	cut   bool // there was more
	ink   bool // there was more than white space
}

func (h *headWriter) Write(p []byte) (int, error) {
	n := min(len(p), h.limit-len(h.buf))
	h.buf = append(h.buf, p[:n]...)
	h.cut = h.cut || n < len(p)
	h.ink = h.ink || len(bytes.TrimSpace(p)) > 0
	return len(p), nil
}

func (h *headWriter) text() []byte {
	if h.cut {
		if i := bytes.LastIndexAny(h.buf, "\n "); i > 0 {
			return h.buf[:i+1]
		}
	}
	return h.buf
}

// minShare is one over the part of the excerpts from which a stratum is one
// that the documents have.
const minShare = 20

// drawProbes shares the probes out over the strata.
func (r *Reading) drawProbes(pools map[string]*reservoir, rng *rand.Rand) error {
	want := r.o.Strata
	if want == nil {
		all := 0
		for _, pool := range pools {
			all += pool.seen
		}
		for _, s := range Strata() {
			if minShare*pools[s].seen > all || s == StratumExact {
				want = append(want, s)
			}
		}
	}
	for _, s := range Strata() {
		items := pools[s].items
		rng.Shuffle(len(items), func(i, j int) { items[i], items[j] = items[j], items[i] })
	}
	if slices.Contains(want, StratumExact) {
		// Strings are planted into prose, or into what there is most of.
		from := StratumProse
		for _, s := range []string{StratumCode, StratumTable, StratumCJK} {
			if len(pools[from].items) < 2 && len(pools[s].items) > len(pools[from].items) {
				from = s
			}
		}
		n := len(pools[from].items)
		if slices.Contains(want, from) {
			n /= 2
		}
		n = min(n, (r.o.Probes+r.o.HeldOut)/len(want)+1)
		pools[StratumExact].items = pools[from].items[:n]
		pools[from].items = pools[from].items[n:]
	}
	searched, heldOut := 0, 0
	for i, n := range shares(r.o.Probes, want, func(s string) int {
		n := len(pools[s].items)
		return min(n, (n*r.o.Probes+r.o.HeldOut)/(r.o.Probes+r.o.HeldOut))
	}) {
		r.addProbes(want[i], false, pools[want[i]], n, rng)
		searched += n
	}
	for i, n := range shares(r.o.HeldOut, want, func(s string) int { return len(pools[s].items) }) {
		r.addProbes(want[i], true, pools[want[i]], n, rng)
		heldOut += n
	}
	if searched < minProbes || heldOut < minHeldOut {
		return fmt.Errorf("documents give %d probes of %d characters to search with and %d held out, of %s: want at least %d and %d: more text or shorter probes",
			searched, r.o.Chars, heldOut, strings.Join(want, ", "), minProbes, minHeldOut)
	}
	return nil
}

// addProbes takes n probes out of a pool.
func (r *Reading) addProbes(stratum string, heldOut bool, pool *reservoir, n int, rng *rand.Rand) {
	for _, from := range pool.items[:n] {
		p := readingProbe{info: Info{Stratum: stratum, HeldOut: heldOut}, text: from.text}
		if len(r.docs) > 1 { // of one document, its excerpts are all that can vary
			p.info.Document = from.document
		}
		if stratum == StratumExact {
			p.text, p.exact = plant(from.text, rng)
		}
		r.probes = append(r.probes, p)
	}
	pool.items = pool.items[n:]
}

// shares divides n evenly among strata, none above what there is of it.
func shares(n int, strata []string, available func(stratum string) int) []int {
	out := make([]int, len(strata))
	for given := true; given && n > 0; {
		given = false
		for i, s := range strata {
			if n > 0 && out[i] < available(s) {
				out[i]++
				n--
				given = true
			}
		}
	}
	return out
}

// Reader names the reader.
func (r *Reading) Reader() string { return r.reader.Name() }

// Secrets says what was found in the documents.
func (r *Reading) Secrets() secrets.Report { return r.secrets }

// Model is what sets the price of pages.
func (r *Reading) Model() *vision.Profile { return r.model }

// Documents are those that have text.
func (r *Reading) Documents() []plan.Document { return slices.Clone(r.docs) }

// Sample is what Compression lays out of the documents.
func (r *Reading) Sample() []plan.Document { return slices.Clone(r.sample) }

// Draw returns the pages that show probe i under a config, and what they show.
func (r *Reading) Draw(ctx context.Context, c configs.Config, i int) (pages []*render.Page, shown string, err error) {
	s, err := r.draw(ctx, c, r.probes[i].text)
	if err != nil {
		return nil, "", err
	}
	return s.pages, s.want, nil
}

// Fingerprint is a hash of the probes, the model and the text that Compression
// lays out.
func (r *Reading) Fingerprint() string { return r.print }

// Probes lists the probes.
func (r *Reading) Probes() []Info {
	infos := make([]Info, len(r.probes))
	for i, p := range r.probes {
		infos[i] = p.info
	}
	return infos
}

// WithReader returns the same probes for another reader.
func (r *Reading) WithReader(reader read.Reader) (*Reading, error) {
	kept, err := read.Keep(reader, "")
	if err != nil {
		return nil, err
	}
	c := *r
	c.reader = kept
	return &c, nil
}

// Probe draws and reads probe i.
func (r *Reading) Probe(ctx context.Context, c configs.Config, i int) (Outcome, error) {
	p := &r.probes[i]
	strip, err := r.draw(ctx, c, p.text)
	if err != nil {
		return Outcome{}, err
	}
	started := time.Now()
	var out Outcome
	var got strings.Builder
	for _, page := range strip.pages {
		reading, err := r.reader.Read(ctx, read.Page{Page: page, Shows: r.checked.Derive(p.text)})
		out.Paid = out.Paid.Plus(reading.Paid())
		if reading.Bill == (llm.Bill{}) {
			reading.Bill.Attempts = 1 // of an engine
		}
		out.Cost.Bill = out.Cost.Bill.Plus(reading.Bill)
		if r.o.Timed {
			out.Cost.Seconds = time.Since(started).Seconds()
		}
		if err != nil {
			return out, err
		}
		got.WriteString(clipTranscript(reading.Text))
		got.WriteByte('\n')
	}
	if p.exact != nil {
		out.Score, out.Misread = recall(p.exact, strip.want, got.String())
		return out, nil
	}
	out.Score = max(0, 1-metric.CharacterErrors(strip.want, got.String()).Rate())
	if out.Score < 1 {
		out.Misread = misreadings(strip.want, got.String(), maxMisread)
	}
	return out, nil
}

// recall scores planted strings. White space does not count: a line may end
// inside a string.
func recall(exact []string, want, got string) (score float64, missed []Misread) {
	packed := strings.Join(strings.Fields(got), "")
	found := 0
	for _, s := range exact {
		if strings.Contains(packed, s) {
			found++
		}
	}
	if found < len(exact) {
		missed = misreadings(want, got, maxMisread)
	}
	return float64(found) / float64(len(exact)), missed
}

// Compression lays the documents out, or their beginnings if they are long.
func (r *Reading) Compression(ctx context.Context, c configs.Config) (Size, error) {
	drawer, err := render.New(c, r.o.Render)
	if err != nil {
		return Size{}, err
	}
	sum := sha256.New()
	m, err := r.layOut(ctx, drawer, sum)
	if err != nil {
		return Size{}, err
	}
	view, err := viewOf(r.model, m.Images)
	if err != nil {
		return Size{}, err
	}
	r.views.put(c.Hash(), view)
	cost, err := plan.ImageCost(r.model, m)
	if err != nil {
		return Size{}, err
	}
	if err := r.hashFirstPage(ctx, drawer, sum); err != nil {
		return Size{}, err
	}
	return Size{
		CharsPerToken: cost.CharactersPerToken, PixelsPerChar: cost.PixelsPerCharacter,
		GlyphPixels: c.EmPx() * min(c.HorizontalScale*view.x, view.y), PageHash: hex.EncodeToString(sum.Sum(nil)),
	}, nil
}

// layOut lays the sample out and writes what is known of its pages to sum.
func (r *Reading) layOut(ctx context.Context, drawer *render.Renderer, sum hash.Hash) (*plan.Measured, error) {
	m := &plan.Measured{}
	var layout []byte
	for _, d := range r.sample {
		src, err := d.Open()
		if err != nil {
			return nil, err
		}
		for page, err := range drawer.Measure(ctx, d.Name, src) {
			if err != nil {
				return nil, fmt.Errorf("laying out %q: %w", d.Name, err)
			}
			m.Images = append(m.Images, vision.ImageInfo{Width: page.Width, Height: page.Height})
			m.Characters += int64(page.Runes)
			m.Lines += len(page.Lines)
			layout = binary.AppendVarint(layout[:0], int64(page.Width))
			layout = binary.AppendVarint(layout, int64(page.Height))
			for _, l := range page.Lines {
				for _, v := range []int64{l.Start, l.End, int64(l.X), int64(l.Y), int64(l.Width), int64(l.Height)} {
					layout = binary.AppendVarint(layout, v)
				}
			}
			_, _ = sum.Write(layout) // of a hash, or of nothing
		}
	}
	return m, nil
}

// hashFirstPage adds the pixels of one page: with the layout of all of them
// that tells pages apart without painting them all.
func (r *Reading) hashFirstPage(ctx context.Context, drawer *render.Renderer, sum io.Writer) error {
	d := r.sample[0]
	src, err := d.Open()
	if err != nil {
		return err
	}
	for page, err := range drawer.Pages(ctx, d.Name, src) {
		if err != nil {
			return err
		}
		_, err = sum.Write(page.PNG)
		return err
	}
	return render.ErrBlank
}

// viewOf returns how far the model shrinks pages.
func (r *Reading) viewOf(ctx context.Context, c configs.Config) (view, error) {
	hash := c.Hash()
	if v, ok := r.views.get(hash); ok {
		return v, nil
	}
	drawer, err := render.New(c, r.o.Render)
	if err != nil {
		return view{}, err
	}
	m, err := r.layOut(ctx, drawer, sha256.New())
	if err != nil {
		return view{}, err
	}
	v, err := viewOf(r.model, m.Images)
	if err == nil {
		r.views.put(hash, v)
	}
	return v, err
}
