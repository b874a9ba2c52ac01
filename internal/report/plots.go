package report

import (
	"bytes"
	"encoding/base64"
	"fmt"
	"html/template"
	"image/png"
	"maps"
	"math"
	"slices"
	"strings"

	"github.com/glyphkit/glyph/eval"
	"github.com/glyphkit/glyph/internal/plot"
)

// plotView is a plot in a report, and a file of its own.
type plotView struct {
	File    string
	PNG     []byte
	Caption string
}

// Width is in CSS px: package plot draws two px for each.
func (v plotView) Width() int {
	config, err := png.DecodeConfig(bytes.NewReader(v.PNG))
	if err != nil {
		return 0
	}
	return config.Width / 2
}

// Picture is the plot as it stands in the report.
func (v plotView) Picture() template.URL { return dataURL(v.PNG) }

func dataURL(png []byte) template.URL {
	return template.URL("data:image/png;base64," + base64.StdEncoding.EncodeToString(png))
}

// plotter is a plot of package plot.
type plotter interface{ PNG() ([]byte, error) }

// results are a result with its plots.
type results struct{ *eval.Result }

// plots are all plots of a result that have something to show.
func (res results) plots() ([]plotView, error) {
	var all []plotView
	add := func(name, caption string, p plotter) error {
		data, err := p.PNG()
		if err != nil {
			return err
		}
		all = append(all, plotView{strings.ReplaceAll(name, "/", "-") + ".png", data, caption})
		return nil
	}
	for _, name := range res.headings() {
		figure, leftOut := res.tradeOff(name)
		if len(figure.Series) == 0 {
			continue
		}
		caption := "Tokens of the text over those that were spent in its place, and the mean score, with 95 % intervals."
		if leftOut > 0 {
			caption += fmt.Sprintf(" Left out: %d without a score or a price.", leftOut)
		}
		if err := add("compression-"+name, caption, figure); err != nil {
			return nil, err
		}
	}
	for i, c := range res.conditions() {
		if bars := res.byTask(c); len(bars.Rows) > 1 {
			if err := add(fmt.Sprintf("tasks-%d", i+1), "Mean score of each task, with 95 % intervals.", bars); err != nil {
				return nil, err
			}
		}
		if m, caption := res.byDepth(c); m != nil {
			if err := add(fmt.Sprintf("depth-%d", i+1), caption, m); err != nil {
				return nil, err
			}
		}
	}
	return all, nil
}

// headings are the groups of tasks, and the tasks that are in none.
func (res results) headings() []string {
	var names []string
	grouped := map[string]bool{}
	for _, c := range res.Groups {
		if !grouped[c.Task] {
			grouped[c.Task] = true
			names = append(names, c.Task)
		}
	}
	for _, c := range res.Cells {
		group, _, _ := strings.Cut(c.Task, "/")
		if !grouped[group] && !slices.Contains(names, c.Task) {
			names = append(names, c.Task)
		}
	}
	return names
}

// conditions are those of the cells, in their order.
func (res results) conditions() []eval.Condition {
	var all []eval.Condition
	for _, c := range res.Cells {
		if !slices.Contains(all, c.Condition) {
			all = append(all, c.Condition)
		}
	}
	return all
}

// tradeOff is accuracy against compression of a heading, a series for each arm
// of a config with a point for each DPI.
func (res results) tradeOff(name string) (f plot.Figure, leftOut int) {
	f = plot.Figure{Title: name, X: "compression", Y: "accuracy", PercentY: true}
	for _, c := range slices.Concat(res.Groups, res.Cells) {
		if c.Task != name {
			continue
		}
		if c.Accuracy == nil || c.Compression == nil {
			leftOut++
			continue
		}
		series := string(c.Arm)
		if c.Config != "" {
			series += ", " + c.Config
		}
		i := slices.IndexFunc(f.Series, func(s plot.Series) bool { return s.Name == series })
		if i < 0 {
			i = len(f.Series)
			f.Series = append(f.Series, plot.Series{Name: series, Style: plot.Line})
		}
		p := plot.Point{X: c.Compression.Value, Y: c.Accuracy.Value, Low: c.Accuracy.Low, High: c.Accuracy.High}
		if c.DPI > 0 {
			p.Label = fmt.Sprintf("%g dpi", c.DPI)
		}
		f.Series[i].Points = append(f.Series[i].Points, p)
	}
	return f, leftOut
}

func (res results) byTask(c eval.Condition) plot.Bars {
	b := plot.Bars{Title: c.String(), Percent: true}
	for _, cell := range res.Cells {
		if cell.Condition != c || cell.Accuracy == nil {
			continue
		}
		b.Rows = append(b.Rows, plot.Bar{
			Label: cell.Task, Value: cell.Accuracy.Value, Low: cell.Accuracy.Low, High: cell.Accuracy.High, Note: fmt.Sprintf("n=%d", cell.Accuracy.N),
		})
	}
	return b
}

// depthBins part a text by where the gold answer stands.
const depthBins = 5

// byDepth is the mean score by the depth of the gold answer and the length of
// the text, nil where no probe has both.
func (res results) byDepth(c eval.Condition) (m *plot.HeatMap, caption string) {
	type at struct{ depth, length int }
	sums, counts := map[at]float64{}, map[at]int{}
	lengths, several := map[int]bool{}, 0
	for _, o := range res.Outcomes {
		if o.Condition != c || o.Length == 0 || len(o.Depths) == 0 || o.Score.Unscored != "" {
			continue
		}
		lengths[o.Length] = true
		if len(o.Depths) > 1 {
			several++
		}
		for _, d := range o.Depths {
			cell := at{min(max(int(d*depthBins), 0), depthBins-1), o.Length}
			sums[cell] += o.Score.Value
			counts[cell]++
		}
	}
	if len(lengths) == 0 {
		return nil, ""
	}
	m = &plot.HeatMap{Title: c.String()}
	columns := slices.Sorted(maps.Keys(lengths))
	for _, n := range columns {
		m.Columns = append(m.Columns, tokensText(n))
	}
	least, most := math.MaxInt, 0
	for d := range depthBins {
		m.Rows = append(m.Rows, fmt.Sprintf("%d to %d %%", 100*d/depthBins, 100*(d+1)/depthBins))
		row := make([]float64, len(columns))
		for i, n := range columns {
			cell := at{d, n}
			row[i] = math.NaN()
			if counts[cell] > 0 {
				row[i] = sums[cell] / float64(counts[cell])
			}
			least, most = min(least, counts[cell]), max(most, counts[cell])
		}
		m.Values = append(m.Values, row)
	}
	caption = fmt.Sprintf("Mean score by the depth of the gold answer in the text and the text's length in tokens; %d to %d probes a cell.", least, most)
	if several > 0 {
		caption += fmt.Sprintf(" The score of a probe with several gold answers (%d are) counts at the depth of each.", several)
	}
	return m, caption
}

func tokensText(n int) string {
	if n%1024 == 0 {
		return fmt.Sprintf("%dk", n/1024)
	}
	return fmt.Sprint(n)
}
