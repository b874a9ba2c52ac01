// Package genome has the configs that a search may try: [Space] is made of genes
// under limits, and samples, mutates and crosses configs so that they stay in it.
package genome

import (
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"math/rand"
	"slices"
	"strconv"
	"strings"

	"github.com/glyphkit/glyph/configs"
	"github.com/glyphkit/glyph/internal/search/clip"
)

// Space is the set of configs that a search may try: the genes that are free
// and the values that are fixed. It does not change and is safe for concurrent
// use.
type Space struct {
	genes []Gene
	fixed []configs.KeyValue
}

// NewSpace returns the space under limits, each "key=value", "key=least..most"
// or "key=one|other", for a model with image patches of patch px (0 for none).
// The error lists every limit that is wrong or contradicts another.
func NewSpace(limits []string, patch int) (*Space, error) {
	var c configs.Config
	if err := c.Set("patch-size", strconv.Itoa(patch)); err != nil {
		return nil, fmt.Errorf("searching with a patch: %w", err)
	}
	genes, fixed, err := limited(allGenes(patch), limits)
	if err != nil {
		return nil, err
	}
	s := &Space{genes, fixed}
	if len(genes) == 0 {
		return nil, errors.New("limits fix every gene: nothing is left to search")
	}
	if err := s.checkLeading(); err != nil {
		return nil, err
	}
	rng := rand.New(rand.NewSource(1))
	for range 200 {
		if err = s.Sample(rng).Validate(); err == nil {
			return s, nil
		}
	}
	return nil, fmt.Errorf("limits contradict each other: none of 200 samples is a valid config: %w", err)
}

// Genes returns what is free.
func (s *Space) Genes() []Gene { return slices.Clone(s.genes) }

// bounds returns the least and greatest number that a key can have here.
func (s *Space) bounds(key string) (lo, hi float64) {
	for _, kv := range s.fixed {
		if kv.Key == key {
			v, _ := strconv.ParseFloat(kv.Value, 64)
			return v, v
		}
	}
	for i := range s.genes {
		g := &s.genes[i]
		if g.Keys[0] != key {
			continue
		}
		if g.isNumber() {
			return g.Min, g.Max
		}
		lo, hi = math.Inf(1), math.Inf(-1)
		for _, row := range g.Rows {
			v, _ := strconv.ParseFloat(row[0], 64)
			lo, hi = min(lo, v), max(hi, v)
		}
		return lo, hi
	}
	return math.Inf(-1), math.Inf(1)
}

func (s *Space) checkLeading() error {
	size, _ := s.bounds(keyFontSize)
	_, leading := s.bounds(keyLineHeight)
	if leading < size {
		return fmt.Errorf("limits contradict each other: line-height is at most %v and font-size at least %v: want line-height >= font-size", leading, size)
	}
	return nil
}

// Sample draws a config from the mixture of themes, with the dense and the
// plain favoured as in Glyph's table 8.
func (s *Space) Sample(rng *rand.Rand) configs.Config {
	c := configs.Default()
	theme := themes[rng.Intn(len(themes))]
	if c.Set("theme", string(theme)) != nil {
		panic("search: no theme " + string(theme))
	}
	for i := range s.genes {
		g := &s.genes[i]
		switch {
		case g.Group == "colour" || g.Keys[0] == "font-path" && theme != configs.ThemeDocument && theme != configs.ThemeDark:
			// the theme's own
		case g.isNumber() && g.Keys[0] == "dpi":
			set(&c, "dpi", g.snap(sampleDPI(rng)))
		case g.isNumber() && g.Keys[0] == keyFontSize:
			set(&c, keyFontSize, g.snap(6+5*rng.Float64()))
		case g.isNumber() && g.Keys[0] == keyLineHeight:
			set(&c, keyLineHeight, g.snap(c.FontSize+float64(rng.Intn(4))*rng.Float64()))
		case rng.Intn(4) == 0 || g.weight > 1:
			s.resample(&c, g, rng)
		}
	}
	return s.Impose(c)
}

// sampleDPI is table 8's mixture of bands; its weights are not published, and
// here favour 60 to 119.
func sampleDPI(rng *rand.Rand) float64 {
	switch p := rng.Float64(); {
	case p < 0.1:
		return 45 + 14*rng.Float64()
	case p < 0.35:
		return 60 + 11*rng.Float64()
	case p < 0.85:
		return 72 + 47*rng.Float64()
	default:
		return []float64{72, 80, 96, 100, 110, 120, 144, 150, 300}[rng.Intn(9)]
	}
}

// Mutate changes one to three genes of c: numbers and page sides by a step
// on their grid, choices by drawing again.
func (s *Space) Mutate(c configs.Config, rng *rand.Rand) configs.Config {
	return s.mutate(c, rng, func(*Gene) bool { return true })
}

// Repack is Mutate of the genes that leave letters and newlines as they are.
func (s *Space) Repack(c configs.Config, rng *rand.Rand) configs.Config {
	return s.mutate(c, rng, func(g *Gene) bool {
		return g.Group == "page" && g.Keys[0] != "horizontal-scale" || g.Group == "paragraph"
	})
}

func (s *Space) mutate(c configs.Config, rng *rand.Rand, may func(*Gene) bool) configs.Config {
	total := 0
	for i := range s.genes {
		if may(&s.genes[i]) {
			total += s.genes[i].weight
		}
	}
	if total == 0 {
		return c
	}
	for n := 1 + min(rng.Intn(3), rng.Intn(3)); n > 0; n-- {
		at := rng.Intn(total)
		for i := range s.genes {
			g := &s.genes[i]
			if !may(g) {
				continue
			}
			if at -= g.weight; at < 0 {
				s.mutateGene(&c, g, rng)
				break
			}
		}
	}
	s.repair(&c)
	return c
}

// Step sizes of a mutation, as parts of a gene's range: half of them look
// close by, half far.
const (
	nearStep = 0.02
	farStep  = 0.15
)

func (s *Space) mutateGene(c *configs.Config, g *Gene, rng *rand.Rand) {
	sigma := nearStep
	if rng.Intn(2) == 0 {
		sigma = farStep
	}
	switch {
	case g.isPage() && rng.Intn(4) > 0:
		step := func(v, lo, hi float64) float64 { return math.Round(v + rng.NormFloat64()*sigma*(hi-lo)) }
		set2(c, g.clampPage(configs.Size{
			Width:  step(c.PageSize.Width, g.least.Width, g.most.Width),
			Height: step(c.PageSize.Height, g.least.Height, g.most.Height),
		}))
	case !g.isNumber():
		s.resample(c, g, rng)
	case rng.Intn(8) == 0: // to an end of the range, where plain and dense are
		end := g.Min
		if rng.Intn(4) == 0 {
			end = g.Max
		}
		set(c, g.Keys[0], end)
	default:
		leading := c.LineHeight - c.FontSize
		old := getNumber(c, g.Keys[0])
		steps := max(1, math.Round(math.Abs(rng.NormFloat64()*sigma*(g.Max-g.Min)/g.Step)))
		if rng.Intn(2) == 0 {
			steps = -steps
		}
		set(c, g.Keys[0], g.snap(old+steps*g.Step))
		if g.Keys[0] == keyFontSize { // the extra leading is what a reader sees
			s.setLeast(c, keyLineHeight, c.FontSize+leading)
		}
	}
}

// resample draws the value of g anew.
func (s *Space) resample(c *configs.Config, g *Gene, rng *rand.Rand) {
	if g.isNumber() {
		set(c, g.Keys[0], g.snap(g.Min+rng.Float64()*(g.Max-g.Min)))
		return
	}
	if len(g.Rows) == 0 { // a bounded page size with no customary one inside
		set2(c, configs.Size{
			Width:  math.Round(g.least.Width + rng.Float64()*(g.most.Width-g.least.Width)),
			Height: math.Round(g.least.Height + rng.Float64()*(g.most.Height-g.least.Height)),
		})
		return
	}
	row := g.Rows[rng.Intn(len(g.Rows))]
	for k, key := range g.Keys {
		setText(c, key, row[k])
	}
}

// Crossover takes every group of genes as a whole from a or from b, each with
// even odds.
func (s *Space) Crossover(a, b configs.Config, rng *rand.Rand) configs.Config {
	from := map[string]bool{}
	for i := range s.genes {
		g := &s.genes[i]
		other, drawn := from[g.Group]
		if !drawn {
			other = rng.Intn(2) == 0
			from[g.Group] = other
		}
		if !other {
			continue
		}
		for _, key := range g.Keys {
			value, _ := b.Get(key)
			setText(&a, key, value)
		}
	}
	s.repair(&a)
	return a
}

// Impose brings c into the space: what is fixed is set, what is out of range
// moved to the nearest legal value. The theme's label goes, since the values
// that it stood for may have changed.
func (s *Space) Impose(c configs.Config) configs.Config {
	for i := range s.genes {
		g := &s.genes[i]
		switch {
		case g.isPage():
			set2(&c, g.clampPage(c.PageSize))
		case g.isNumber():
			set(&c, g.Keys[0], clamp(getNumber(&c, g.Keys[0]), g.Min, g.Max))
		case len(g.Keys) == 1:
			value, _ := c.Get(g.Keys[0])
			if !slices.ContainsFunc(g.Rows, func(row []string) bool { return row[0] == value }) {
				setText(&c, g.Keys[0], g.Rows[0][0])
			}
		}
	}
	s.repair(&c)
	return c
}

// repair sets what is fixed and what combinations ask for.
func (s *Space) repair(c *configs.Config) {
	c.Theme = ""
	for _, kv := range s.fixed {
		setText(c, kv.Key, kv.Value)
	}
	if c.LineHeight < c.FontSize {
		s.setLeast(c, keyLineHeight, c.FontSize)
		s.setMost(c, keyFontSize, c.LineHeight)
	}
	if c.FirstLineIndent < -c.LeftIndent {
		if lo, hi := s.bounds(keyFirstIndent); lo != hi {
			set(c, keyFirstIndent, clamp(-c.LeftIndent, lo, hi))
		} else {
			lo, hi := s.bounds(keyLeftIndent)
			set(c, keyLeftIndent, clamp(-c.FirstLineIndent, lo, hi))
		}
	}
}

// setLeast gives key the least of its legal values that is at least v, or else
// the greatest.
func (s *Space) setLeast(c *configs.Config, key string, v float64) {
	v = math.Round(v*1e4) / 1e4 // a sum of decimals
	lo, hi := s.bounds(key)
	best := hi
	for _, w := range append(s.choices(key), clamp(v, lo, hi)) {
		if w >= v && s.legal(key, w) {
			best = min(best, w)
		}
	}
	set(c, key, best)
}

// setMost gives key the greatest of its legal values that is at most v, or
// else the least.
func (s *Space) setMost(c *configs.Config, key string, v float64) {
	lo, hi := s.bounds(key)
	best := lo
	for _, w := range append(s.choices(key), clamp(getNumber(c, key), lo, min(v, hi))) {
		if w <= v && s.legal(key, w) {
			best = max(best, w)
		}
	}
	set(c, key, best)
}

// choices lists the values of a number that limits left a few of, nil for any
// other.
func (s *Space) choices(key string) (values []float64) {
	for i := range s.genes {
		if g := &s.genes[i]; g.Keys[0] == key && !g.isNumber() {
			for _, row := range g.Rows {
				v, _ := strconv.ParseFloat(row[0], 64)
				values = append(values, v)
			}
		}
	}
	return values
}

func (s *Space) legal(key string, v float64) bool {
	choices := s.choices(key)
	return choices == nil || slices.Contains(choices, v)
}

// Patch is a proposed change of one candidate.
type Patch struct {
	Parent string                     `json:"parent"`           // ID of the candidate to change
	Genes  map[string]json.RawMessage `json:"genes"`            // key to number, string or boolean
	Lines  []string                   `json:"lines,omitempty"`  // IDs of the playbook lines it rests on
	Reason string                     `json:"reason,omitempty"` // one line
}

// Apply returns parent with the genes of p. Unlike the search's own operators
// it does not bend values: what is unknown, fixed or out of range is an error
// that says what would be accepted.
func (s *Space) Apply(parent configs.Config, p Patch) (configs.Config, error) {
	if len(p.Genes) == 0 {
		return parent, errors.New("patch changes no gene: want at least one")
	}
	c := parent
	var errs []error
	for _, k := range configs.Keys() {
		raw, ok := p.Genes[k.Name]
		if !ok {
			continue
		}
		if err := s.applyGene(&c, k.Name, raw); err != nil {
			errs = append(errs, err)
		}
	}
	for key := range p.Genes {
		var probe configs.Config
		if _, err := probe.Get(key); err != nil {
			errs = append(errs, err)
		}
	}
	if errs != nil {
		slices.SortFunc(errs, func(a, b error) int { return strings.Compare(a.Error(), b.Error()) })
		return parent, errors.Join(errs...)
	}
	if _, given := p.Genes[keyLineHeight]; !given { // as configs.Build
		if _, given := p.Genes[keyFontSize]; given {
			s.setLeast(&c, keyLineHeight, c.FontSize+parent.LineHeight-parent.FontSize)
		}
	}
	c.Theme = ""
	if err := c.Validate(); err != nil {
		return parent, err
	}
	return c, nil
}

func (s *Space) applyGene(c *configs.Config, key string, raw json.RawMessage) error {
	value := strings.TrimSpace(string(raw))
	if strings.HasPrefix(value, `"`) {
		if err := json.Unmarshal(raw, &value); err != nil {
			return fmt.Errorf("gene %s: %w", key, err)
		}
	}
	i := slices.IndexFunc(s.genes, func(g Gene) bool { return slices.Contains(g.Keys, key) })
	if i < 0 {
		return fmt.Errorf("gene %s is fixed or not searched: want one of %s", key, strings.Join(s.keys(), ", "))
	}
	if err := c.Set(key, value); err != nil {
		return err
	}
	g := &s.genes[i]
	switch got, _ := c.Get(key); {
	case g.isPage():
		if c.PageSize != g.clampPage(c.PageSize) {
			return fmt.Errorf("gene %s: %s: want from %v to %v pt", key, clip.Text(value), g.least, g.most)
		}
	case g.isNumber():
		if v := getNumber(c, key); v < g.Min || v > g.Max {
			return fmt.Errorf("gene %s: %s: want a number from %v to %v", key, clip.Text(value), g.Min, g.Max)
		}
	case len(g.Keys) == 1 && !slices.ContainsFunc(g.Rows, func(row []string) bool { return row[0] == got }):
		if key == "newline-markup" { // any legal marker; the rows are those the search tries by itself
			return nil
		}
		var want []string
		for _, row := range g.Rows {
			want = append(want, row[0])
		}
		return fmt.Errorf("gene %s: %s: want one of %s", key, clip.Text(value), strings.Join(want, ", "))
	}
	return nil
}

func (s *Space) keys() (keys []string) {
	for _, g := range s.genes {
		keys = append(keys, g.Keys...)
	}
	return keys
}

func getNumber(c *configs.Config, key string) float64 {
	text, _ := c.Get(key)
	v, _ := strconv.ParseFloat(text, 64)
	return v
}

func set(c *configs.Config, key string, v float64) {
	setText(c, key, strconv.FormatFloat(v, 'f', -1, 64))
}

func set2(c *configs.Config, p configs.Size) { setText(c, keyPageSize, p.String()) }

// setText sets a value from the gene table, from a limit that was checked, or
// from another config: one that Set refuses is a mistake in this package.
func setText(c *configs.Config, key, value string) {
	if err := c.Set(key, value); err != nil {
		panic("search: " + err.Error())
	}
}
