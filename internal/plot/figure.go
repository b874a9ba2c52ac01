package plot

import (
	"fmt"
	"image/color"
	"math"
)

// Style is how the points of a series are drawn.
type Style string

// The styles.
const (
	Dots  Style = "dots"
	Line  Style = "line"  // dots, and a line from one to the next
	Steps Style = "steps" // dots, and a line that changes only at them: a Pareto front, a best value so far
)

// Point is a value with its interval.
type Point struct {
	X, Y      float64
	Low, High float64 // the interval of Y; both 0 if there is none
	Label     string  // beside the point; may be empty
}

// Series is what one entry of the legend names.
type Series struct {
	Name   string
	Style  Style // "" is Dots
	Points []Point
}

// Figure is a plot of series over two axes.
type Figure struct {
	Title, X, Y   string
	Width, Height int // CSS px; 0 is 640 and 400
	LogX, LogY    bool
	PercentY      bool // values of Y are shares: 0.5 is shown as 50 %
	Series        []Series
}

// PNG draws the figure. Points that are not finite, or not above 0 on a
// logarithmic axis, are an error: a report must not lose what it shows.
func (f Figure) PNG() ([]byte, error) {
	var xs, ys []float64
	for _, s := range f.Series {
		for _, p := range s.Points {
			if !drawable(p.X, f.LogX) || !drawable(p.Y, f.LogY) || !finite(p.Low) || !finite(p.High) {
				return nil, fmt.Errorf("drawing %q: point %g, %g of %q cannot be on its axes", f.Title, p.X, p.Y, s.Name)
			}
			xs, ys = append(xs, p.X), append(ys, p.Y)
			if p.Low != 0 || p.High != 0 {
				ys = append(ys, p.High)
				if drawable(p.Low, f.LogY) {
					ys = append(ys, p.Low)
				}
			}
		}
	}
	if len(xs) == 0 {
		return nil, errNothing
	}
	w, h := float64(f.Width), float64(f.Height)
	if w == 0 {
		w = defaultWidth
	}
	if h == 0 {
		h = defaultHeight
	}
	c, err := newCanvas(w, h)
	if err != nil {
		return nil, err
	}
	x, y := newAxis(xs, f.LogX), newAxis(ys, f.LogY)
	legend := f.legend(c, w)
	var label float64
	yTicks := y.ticks(7)
	for _, v := range yTicks {
		label = max(label, c.width(number(v, f.PercentY), tickSize))
	}
	x.from, x.to = margin+textSize+8+label+6, w-margin
	y.from, y.to = h-margin-textSize-8-tickSize-6, legend+10
	for _, v := range yTicks {
		c.line(x.from, y.at(v), x.to, y.at(v), grid)
		c.text(number(v, f.PercentY), x.from-6, y.at(v), 1, 0.35, tickSize, quiet)
	}
	for _, v := range x.ticks(9) {
		c.line(x.at(v), y.from, x.at(v), y.to, grid)
		c.text(number(v, false), x.at(v), y.from+6, 0.5, 1, tickSize, quiet)
	}
	c.line(x.from, y.from, x.to, y.from, ink)
	c.line(x.from, y.from, x.from, y.to, ink)
	c.text(f.X, (x.from+x.to)/2, h-margin, 0.5, 0, textSize, ink)
	c.vertical(f.Y, margin, (y.from+y.to)/2, textSize)
	for i, s := range f.Series {
		f.series(c, s, palette[i%len(palette)], x, y)
	}
	return c.png()
}

func (f Figure) series(c *canvas, s Series, col color.Color, x, y axis) {
	c.SetColor(col)
	c.SetLineWidth(1.5)
	if s.Style == Line || s.Style == Steps {
		for i, p := range s.Points {
			if i == 0 {
				c.MoveTo(x.at(p.X), y.at(p.Y))
				continue
			}
			if s.Style == Steps {
				c.LineTo(x.at(p.X), y.at(s.Points[i-1].Y))
			}
			c.LineTo(x.at(p.X), y.at(p.Y))
		}
		c.Stroke()
	}
	for _, p := range s.Points {
		px, py := x.at(p.X), y.at(p.Y)
		if p.Low != 0 || p.High != 0 {
			low, high := y.at(max(p.Low, y.low)), y.at(p.High)
			c.SetLineWidth(1)
			c.line(px, low, px, high, col)
			c.line(px-3, high, px+3, high, col)
			c.line(px-3, low, px+3, low, col)
		}
		c.SetColor(col)
		c.DrawCircle(px, py, dot)
		c.Fill()
		if p.Label != "" {
			c.label(p.Label, px, py, x)
		}
	}
	c.SetLineWidth(1)
}

// label stands right of a point, or left of it where the figure ends.
func (c *canvas) label(s string, px, py float64, x axis) {
	if px+8+c.width(s, tickSize) > x.to {
		c.text(s, px-7, py-3, 1, 0, tickSize, ink)
		return
	}
	c.text(s, px+7, py-3, 0, 0, tickSize, ink)
}

// legend draws title and legend, and returns where they end.
func (f Figure) legend(c *canvas, w float64) float64 {
	y := float64(margin)
	if f.Title != "" {
		c.text(f.Title, margin, y, 0, 1, textSize+2, ink)
		y += textSize + 12
	}
	if len(f.Series) == 1 && f.Series[0].Name == "" {
		return y
	}
	x := float64(margin)
	for i, s := range f.Series {
		if entry := 16 + c.width(s.Name, tickSize); x > margin && x+entry > w-margin {
			x, y = margin, y+tickSize+6
		}
		c.SetColor(palette[i%len(palette)])
		c.DrawCircle(x+dot, y+tickSize/2, dot)
		c.Fill()
		c.text(s.Name, x+12, y+tickSize, 0, 0, tickSize, ink)
		x += 28 + c.width(s.Name, tickSize)
	}
	return y + tickSize + 4
}

func drawable(v float64, log bool) bool { return finite(v) && (!log || v > 0) }

func finite(v float64) bool { return !math.IsNaN(v) && !math.IsInf(v, 0) }
