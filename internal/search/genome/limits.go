package genome

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"math"
	"os"
	"slices"
	"strconv"
	"strings"

	"github.com/glyphkit/glyph/configs"
	"github.com/glyphkit/glyph/internal/search/clip"
)

// maxLimitsFile is the largest file of limits in bytes: a hundred keys with
// comments are a few KB.
const maxLimitsFile = 64 << 10

// LoadLimits reads limits from a file, one a line, as Options.Limits of package search takes
// them. Empty lines and lines that start with # are skipped.
func LoadLimits(path string) ([]string, error) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, fmt.Errorf("reading limits: %w", err)
	}
	if info.Size() > maxLimitsFile {
		return nil, fmt.Errorf("reading limits %q: %d bytes: want at most %d", path, info.Size(), maxLimitsFile)
	}
	data, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("reading limits: %w", err)
	}
	var limits []string
	lines := bufio.NewScanner(bytes.NewReader(data))
	lines.Buffer(nil, maxLimitsFile+1)
	for lines.Scan() {
		if line := strings.TrimSpace(lines.Text()); line != "" && !strings.HasPrefix(line, "#") {
			limits = append(limits, line)
		}
	}
	return limits, lines.Err()
}

// limit is one parsed limit: a list of values, or bounds.
type limit struct {
	key    string
	values []string // canonical spelling
	lo, hi string   // of bounds
}

// parseLimit reads "font-size=9", "dpi=72..120" or "font-path=lato|fixed-5x8".
func parseLimit(text string) (limit, error) {
	refuse := func(format string, args ...any) (limit, error) {
		return limit{}, fmt.Errorf("limit %q: %s", clip.Text(text), fmt.Sprintf(format, args...))
	}
	name, value, ok := strings.Cut(text, "=")
	name, value = strings.TrimSpace(name), strings.TrimSpace(value)
	if !ok || name == "" {
		return refuse("want key=value, key=least..most or key=one|other")
	}
	keys := configs.Keys()
	i := slices.IndexFunc(keys, func(k configs.Key) bool { return k.Name == name })
	if i < 0 {
		var c configs.Config
		return refuse("%v", c.Set(name, value))
	}
	if name == "theme" {
		return refuse("a theme stands for other keys: limit those")
	}
	canonical := func(v string) (string, error) {
		c := configs.Default()
		if err := c.Set(name, strings.TrimSpace(v)); err != nil {
			return "", err
		}
		return c.Get(name)
	}
	l := limit{key: name}
	switch keys[i].Type {
	case configs.TypeNumber, configs.TypeInteger, configs.TypeSize:
		if lo, hi, ok := strings.Cut(value, ".."); ok {
			var errs [2]error
			l.lo, errs[0] = canonical(lo)
			l.hi, errs[1] = canonical(hi)
			if err := errors.Join(errs[:]...); err != nil {
				return refuse("%v", err)
			}
			return l, nil
		}
	}
	values := []string{value}
	if t := keys[i].Type; t != configs.TypeText || name == "font-path" {
		values = strings.Split(value, "|")
	}
	if len(values) > 64 {
		return refuse("%d values: want at most 64", len(values))
	}
	for _, v := range values {
		c, err := canonical(v)
		if err != nil {
			return refuse("%v", err)
		}
		if !slices.Contains(l.values, c) {
			l.values = append(l.values, c)
		}
	}
	return l, nil
}

// limited returns the genes under the limits and the values that are fixed
// for good. A gene that is left with one value is gone: it is fixed.
func limited(genes []Gene, texts []string) (free []Gene, fixed []configs.KeyValue, err error) {
	seen := map[string]string{}
	limits := map[string]limit{}
	var errs []error
	for _, text := range texts {
		l, err := parseLimit(text)
		if err != nil {
			errs = append(errs, err)
			continue
		}
		if earlier, twice := seen[l.key]; twice {
			errs = append(errs, fmt.Errorf("limits %q and %q are both about %s: want one", clip.Text(earlier), clip.Text(text), l.key))
			continue
		}
		seen[l.key], limits[l.key] = text, l
	}
	if errs != nil {
		return nil, nil, errors.Join(errs...)
	}
	searched := map[string]bool{}
	for _, g := range genes {
		for _, key := range g.Keys {
			searched[key] = true
		}
		left, set, err := g.limited(limits)
		if err != nil {
			errs = append(errs, err)
			continue
		}
		fixed = append(fixed, set...)
		if left != nil {
			free = append(free, *left)
		}
	}
	for _, k := range configs.Keys() {
		l, ok := limits[k.Name]
		if !ok || searched[k.Name] {
			continue
		}
		if len(l.values) != 1 {
			errs = append(errs, fmt.Errorf("limit %q: %s is not searched: want one value", clip.Text(seen[k.Name]), k.Name))
			continue
		}
		fixed = append(fixed, configs.KeyValue{Key: k.Name, Value: l.values[0]})
	}
	return free, fixed, errors.Join(errs...)
}

// limited returns what the limits leave of g to be searched, nil for nothing,
// and the values that they fix.
func (g Gene) limited(limits map[string]limit) (*Gene, []configs.KeyValue, error) {
	l, ok := limits[g.Keys[0]]
	switch {
	case len(g.Keys) > 1:
		return g.limitedRows(limits)
	case !ok:
		return &g, nil, nil
	case len(l.values) == 1:
		return nil, []configs.KeyValue{{Key: g.Keys[0], Value: l.values[0]}}, nil
	case l.values != nil:
		g = choice(g.Group, g.Keys[0], g.weight, l.values...)
		return &g, nil, nil
	case g.isPage():
		return g.limitedPage(l)
	case !g.isNumber():
		return nil, nil, fmt.Errorf("limit of %s: it is searched by choice: want values separated by |", g.Keys[0])
	}
	lo, _ := strconv.ParseFloat(l.lo, 64)
	hi, _ := strconv.ParseFloat(l.hi, 64)
	if lo > hi {
		return nil, nil, fmt.Errorf("limit %s=%s..%s: the least is above the most", g.Keys[0], l.lo, l.hi)
	}
	if lo == hi {
		return nil, []configs.KeyValue{{Key: g.Keys[0], Value: l.lo}}, nil
	}
	g.Min, g.Max = lo, hi
	return &g, nil, nil
}

func (g Gene) limitedPage(l limit) (*Gene, []configs.KeyValue, error) {
	lo, hi := parsePage(l.lo), parsePage(l.hi)
	if lo.Width > hi.Width || lo.Height > hi.Height {
		return nil, nil, fmt.Errorf("limit %s=%s..%s: the least is above the most", keyPageSize, l.lo, l.hi)
	}
	g.least, g.most = lo, hi
	var rows [][]string
	for _, row := range g.Rows {
		if p := parsePage(row[0]); p == g.clampPage(p) {
			rows = append(rows, row)
		}
	}
	g.Rows = rows
	return &g, nil, nil
}

// limitedRows fixes or thins out a choice of several keys: rows that disagree
// with a limit are left out, and when none agrees, a single value is taken
// from the limit whatever the row.
func (g Gene) limitedRows(limits map[string]limit) (*Gene, []configs.KeyValue, error) {
	var keys []string
	var fixed []configs.KeyValue
	rows := make([][]string, len(g.Rows))
	for k, key := range g.Keys {
		l, ok := limits[key]
		if ok && len(l.values) == 1 {
			fixed = append(fixed, configs.KeyValue{Key: key, Value: l.values[0]})
			continue
		}
		if ok {
			return nil, nil, fmt.Errorf("limit of %s: colours are searched together: want one value", key)
		}
		keys = append(keys, key)
		for r := range rows {
			rows[r] = append(rows[r], g.Rows[r][k])
		}
	}
	if keys == nil {
		return nil, fixed, nil
	}
	g.Keys, g.Rows = keys, rows
	return &g, fixed, nil
}

func parsePage(s string) configs.Size {
	var c configs.Config
	if c.Set(keyPageSize, s) != nil {
		return configs.Size{}
	}
	return c.PageSize
}

func (g *Gene) clampPage(p configs.Size) configs.Size {
	return configs.Size{
		Width:  clamp(p.Width, g.least.Width, g.most.Width),
		Height: clamp(p.Height, g.least.Height, g.most.Height),
	}
}

func clamp(v, lo, hi float64) float64 { return min(max(v, lo), hi) }

// snap returns the grid point of g nearest to v.
func (g *Gene) snap(v float64) float64 {
	v = clamp(v, g.Min, g.Max)
	v = g.Min + math.Round((v-g.Min)/g.Step)*g.Step
	return clamp(math.Round(v*1e4)/1e4, g.Min, g.Max)
}
