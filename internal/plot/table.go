package plot

import (
	"fmt"
	"image/color"
	"math"
)

// Bar is a row of a bar plot.
type Bar struct {
	Label     string
	Value     float64
	Low, High float64 // the interval; both 0 if there is none
	Note      string  // behind the value; may be empty
}

// Bars is a plot of one value a row, from 0.
type Bars struct {
	Title   string
	Width   int // CSS px; 0 is 640
	Percent bool
	Rows    []Bar
}

const rowHeight = 24

// headHeight is the room of a title.
func headHeight(title string) int {
	if title == "" {
		return 0
	}
	return 30
}

// PNG draws the bars. A value that is not finite is an error.
func (b Bars) PNG() ([]byte, error) {
	if len(b.Rows) == 0 {
		return nil, errNothing
	}
	w, head := float64(b.Width), headHeight(b.Title)
	if w == 0 {
		w = defaultWidth
	}
	c, err := newCanvas(w, float64(2*margin+head+rowHeight*len(b.Rows)))
	if err != nil {
		return nil, err
	}
	c.text(b.Title, margin, margin, 0, 1, textSize+2, ink)
	var label, note, low, high float64
	for _, r := range b.Rows {
		if !finite(r.Value) || !finite(r.Low) || !finite(r.High) {
			return nil, fmt.Errorf("drawing %q: the value of %q is not finite", b.Title, r.Label)
		}
		label = max(label, c.width(r.Label, tickSize))
		note = max(note, c.width(b.note(r), tickSize))
		low, high = min(low, r.Value, r.Low), max(high, r.Value, r.High)
	}
	if low == high {
		high = low + 1
	}
	x := axis{low: low, high: high, from: margin + label + 8, to: w - margin - note - 10}
	for i, r := range b.Rows {
		top := float64(margin + head + i*rowHeight)
		mid := top + rowHeight/2
		c.text(r.Label, x.from-8, mid, 1, 0.35, tickSize, ink)
		c.SetColor(palette[0])
		left, right := x.at(min(0, r.Value)), x.at(max(0, r.Value))
		c.DrawRectangle(left, top+5, right-left, rowHeight-10)
		c.Fill()
		if r.Low != 0 || r.High != 0 {
			c.line(x.at(r.Low), mid, x.at(r.High), mid, ink)
			c.line(x.at(r.Low), mid-3, x.at(r.Low), mid+3, ink)
			c.line(x.at(r.High), mid-3, x.at(r.High), mid+3, ink)
		}
		c.text(b.note(r), max(right, x.at(r.High))+8, mid, 0, 0.35, tickSize, quiet)
	}
	c.line(x.at(0), float64(margin+head), x.at(0), float64(margin+head+rowHeight*len(b.Rows)), quiet)
	return c.png()
}

func (b Bars) note(r Bar) string {
	if r.Note == "" {
		return number(r.Value, b.Percent)
	}
	return number(r.Value, b.Percent) + "  " + r.Note
}

// HeatMap is a table of shares from 0 to 1 as colours.
type HeatMap struct {
	Title         string
	Rows, Columns []string
	Values        [][]float64 // [row][column]; NaN is a cell without a value
}

const (
	cellWidth  = 64
	cellHeight = 28
)

// PNG draws the map. A table that does not have a value for every row and
// column, or one outside 0 to 1, is an error.
func (m HeatMap) PNG() ([]byte, error) {
	if len(m.Rows) == 0 || len(m.Columns) == 0 {
		return nil, errNothing
	}
	if len(m.Values) != len(m.Rows) {
		return nil, fmt.Errorf("drawing %q: %d rows of values for %d rows", m.Title, len(m.Values), len(m.Rows))
	}
	measure, err := newCanvas(1, 1)
	if err != nil {
		return nil, err
	}
	var label float64
	for _, r := range m.Rows {
		label = max(label, measure.width(r, tickSize))
	}
	left, top := margin+label+8, float64(margin+headHeight(m.Title)+tickSize+8)
	w := max(left+float64(cellWidth*len(m.Columns)), margin+measure.width(m.Title, textSize+2)) + margin
	c, err := newCanvas(w, top+float64(cellHeight*len(m.Rows)+margin))
	if err != nil {
		return nil, err
	}
	c.text(m.Title, margin, margin, 0, 1, textSize+2, ink)
	for j, name := range m.Columns {
		c.text(name, left+(float64(j)+0.5)*cellWidth, top-6, 0.5, 0, tickSize, quiet)
	}
	for i, row := range m.Values {
		if len(row) != len(m.Columns) {
			return nil, fmt.Errorf("drawing %q: %d values in row %q for %d columns", m.Title, len(row), m.Rows[i], len(m.Columns))
		}
		y := top + float64(i*cellHeight)
		c.text(m.Rows[i], left-8, y+cellHeight/2, 1, 0.35, tickSize, ink)
		for j, v := range row {
			x := left + float64(j*cellWidth)
			if math.IsNaN(v) {
				c.text("–", x+cellWidth/2, y+cellHeight/2, 0.5, 0.35, tickSize, quiet)
				continue
			}
			if v < 0 || v > 1 {
				return nil, fmt.Errorf("drawing %q: value %g of %q, %q: want 0 to 1", m.Title, v, m.Rows[i], m.Columns[j])
			}
			c.SetColor(shade(v))
			c.DrawRectangle(x+1, y+1, cellWidth-2, cellHeight-2)
			c.Fill()
			var text color.Color = ink
			if v < 0.55 {
				text = color.White
			}
			c.text(number(math.Round(v*1000)/1000, true), x+cellWidth/2, y+cellHeight/2, 0.5, 0.35, tickSize, text)
		}
	}
	return c.png()
}

// shade goes from dark blue over green to light yellow, each lighter than the
// one before: the order is seen without colour as well.
func shade(v float64) color.NRGBA {
	stops := [][3]float64{{0x25, 0x34, 0x6b}, {0x1f, 0x6f, 0x8b}, {0x35, 0xa2, 0x7f}, {0xf6, 0xe7, 0x8a}}
	p := v * float64(len(stops)-1)
	i := min(int(p), len(stops)-2)
	p -= float64(i)
	mix := func(k int) uint8 { return uint8(stops[i][k]*(1-p) + stops[i+1][k]*p) }
	return color.NRGBA{mix(0), mix(1), mix(2), 0xff}
}
