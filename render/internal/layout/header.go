package layout

import (
	"slices"
	"strconv"
	"strings"

	"golang.org/x/image/math/fixed"

	"github.com/glyphkit/glyph/configs"
)

// reserveHeader keeps lines free at the top of a sheet.
func (e *Engine) reserveHeader() error {
	s := e.sheet
	if e.cfg.PageLabel != "" {
		s.Header = append(s.Header, Line{})
	}
	if e.marker == nil || e.cfg.Legend == configs.LegendNone || e.cfg.Legend == configs.LegendFirst && e.number > 0 {
		return nil
	}
	lines, err := e.headerLines(e.marker.Legend())
	s.Header = append(s.Header, lines...)
	return err
}

// headerLines fills lines over the whole frame with a text of our own.
func (e *Engine) headerLines(t string) ([]Line, error) {
	frame := e.g.step*fixed.Int26_6(e.g.columns-1) + e.g.width
	var lines []Line
	var line Line
	x := fixed.Int26_6(0)
	for _, word := range strings.Fields(t) {
		w, err := e.sh.Word([]byte(word), false)
		if err != nil {
			return nil, err
		}
		if len(line.Items) > 0 && x+e.sh.Space()+w.Width > frame {
			lines = append(lines, line)
			line, x = Line{}, 0
		}
		if len(line.Items) > 0 {
			x += e.sh.Space()
			line.Text += " "
		}
		line.Text += word
		line.Items = append(line.Items, Item{Word: w, X: e.g.left + x})
		x += w.Width
	}
	return append(lines, line), nil
}

// drawHeader fills in what could not be known when the sheet was begun.
func (e *Engine) drawHeader(s *Sheet) error {
	if e.cfg.PageLabel != "" {
		r := strings.NewReplacer("{name}", e.name, "{page}", strconv.Itoa(s.Number),
			"{first}", strconv.Itoa(s.FirstLine), "{last}", strconv.Itoa(s.LastLine))
		lines, err := e.headerLines(r.Replace(e.cfg.PageLabel))
		if err != nil {
			return err
		}
		s.Header[0] = lines[0]
	}
	if n := len(s.Header); n > 0 && e.boxed() { // anti-aliased for that background
		s.Rects = slices.Insert(s.Rects, 0, Rect{
			X0: e.g.left.Floor(), X1: (e.g.left + e.g.step*fixed.Int26_6(e.g.columns-1) + e.g.width).Ceil(),
			Y0: int((e.g.top + one/2) >> 16), Y1: int((e.g.top + int64(n)*e.g.leading + one/2) >> 16),
		})
	}
	for i := range s.Header {
		y := e.g.top + int64(i)*e.g.leading
		s.Header[i].Top = int((y + one/2) >> 16)
		s.Header[i].Baseline = int((y + e.g.ascent + one/2) >> 16)
		s.Header[i].Height = int((e.g.leading + one/2) >> 16)
	}
	return nil
}
