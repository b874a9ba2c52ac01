package calibrate

import (
	"fmt"
	"strings"
	"text/tabwriter"

	"github.com/glyphkit/glyph/internal/plot"
)

// Text tells the result to a person: what was asked, a table of sizes, the
// crossing with its interval, what it costs, and the config's size.
func (r *Result) Text() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s, %s", r.Reader, strings.Join(r.Fonts, ", "))
	if r.Model != "" {
		fmt.Fprintf(&b, ", pages for %s", r.Model)
	}
	fmt.Fprintf(&b, ": %d charts, seed %d\n", r.Calls, r.Seed)
	w := tabwriter.NewWriter(&b, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintln(w, "PX\tCHARTS\tUNSCORED\tLINES\tCER\t95 % INTERVAL\tRANDOM\tCONFUSABLE\t")
	for _, l := range r.Levels {
		fmt.Fprintf(w, "%.1f\t%d\t%d\t%d\t%.2f %%\t%.2f to %.2f %%\t%.2f %%\t%.2f %%\t\n", l.Px, l.Charts, l.Unscored, l.CER.N,
			100*l.CER.Value, 100*l.CER.Low, 100*l.CER.High, 100*l.Random.Rate(), 100*l.Confusable.Rate())
	}
	_ = w.Flush() // a strings.Builder takes everything
	for _, u := range r.Unscored {
		fmt.Fprintf(&b, "unscored: %d of %d charts: %s\n", u.Charts, r.Calls, u.Reason)
	}
	if r.Resampled > 0 {
		fmt.Fprintf(&b, "resampled: %d charts, for no page that holds them reaches %s as it is: sizes are of the type as drawn\n", r.Resampled, r.Model)
	}
	fmt.Fprintf(&b, "%s\n", r.finding())
	if a := r.AtCrossing; a != nil {
		fmt.Fprintf(&b, "cost there: %.1f px² a character [%.1f, %.1f], margins apart\n", a.Value, a.Low, a.High)
	}
	if r.Preset != nil {
		width, height := r.Preset.PagePixels()
		fmt.Fprintf(&b, "config: %.1f px type on pages of %d×%d px\n", r.Px, width, height)
	}
	if c := r.Cost; c != nil {
		fmt.Fprintf(&b, "price: %s: %.2f characters an image token, %.1f px² each; pages: %d\n", r.Sample, c.CharactersPerToken, c.PixelsPerCharacter, c.Pages)
	}
	for _, g := range r.Gave {
		fmt.Fprintf(&b, "gave: %s\n", g)
	}
	return b.String()
}

const tryLarger = "measure larger sizes, or take a threshold that is above what the reader misreads at any size"

// finding is the outcome in words.
func (r *Result) finding() string {
	largest, smallest := r.Levels[0], r.Levels[len(r.Levels)-1]
	percent := 100 * r.Threshold
	switch r.Outcome {
	case noneRead:
		return fmt.Sprintf("no crossing: CER is above %g %% at %.1f px already, the largest size; no config; %s", percent, largest.Px, tryLarger)
	case open:
		return fmt.Sprintf("CER crosses %g %% at %.2f px, but the interval [%.2f, ...] has no upper end in this range; no config; %s",
			percent, r.Crossing.Value, r.Crossing.Low, tryLarger)
	case allRead:
		said := fmt.Sprintf("no crossing: CER is at most %g %% down to %.1f px, the smallest size; the crossing lies below it", percent, smallest.Px)
		if r.Px == 0 {
			said += "; but the intervals do not exclude a larger CER; measure more charts; no config"
		}
		return said
	}
	low := fmt.Sprintf("%.2f", r.Crossing.Low)
	if r.Crossing.Low <= smallest.Px {
		low = "at most " + low
	}
	return fmt.Sprintf("CER crosses %g %% at %.2f px [%s, %.2f] n=%d by %s", percent, r.Crossing.Value, low, r.Crossing.High, r.Crossing.N, r.Crossing.Unit)
}

// Plot draws the CER against the size of type as PNG.
func (r *Result) Plot() ([]byte, error) {
	var levels plot.Series
	levels.Name, levels.Style = "CER", plot.Line
	for _, l := range r.Levels {
		levels.Points = append(levels.Points, plot.Point{X: l.Px, Y: l.CER.Value, Low: l.CER.Low, High: l.CER.High})
	}
	threshold := plot.Series{Name: fmt.Sprintf("%g %%", 100*r.Threshold), Style: plot.Line}
	for _, l := range []sizeLevel{r.Levels[0], r.Levels[len(r.Levels)-1]} {
		threshold.Points = append(threshold.Points, plot.Point{X: l.Px, Y: r.Threshold})
	}
	f := plot.Figure{
		Title: r.Reader, X: "em in px", Y: "CER", LogX: true, PercentY: true, Series: []plot.Series{levels, threshold},
	}
	if c := r.Crossing; c != nil {
		f.Series = append(f.Series, plot.Series{Name: "crossing", Style: plot.Line, Points: []plot.Point{
			{X: c.Low, Y: r.Threshold}, {X: c.Value, Y: r.Threshold, Label: fmt.Sprintf("%.1f px", c.Value)}, {X: c.High, Y: r.Threshold},
		}})
	}
	return f.PNG()
}
