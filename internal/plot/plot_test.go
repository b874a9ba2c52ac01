package plot

import (
	"bytes"
	"flag"
	"image"
	"image/png"
	"math"
	"os"
	"path/filepath"
	"slices"
	"testing"
)

var update = flag.Bool("update", false, "write the golden pictures")

func TestGolden(t *testing.T) {
	for name, draw := range map[string]interface{ PNG() ([]byte, error) }{
		"figure": Figure{
			Title: "Errors against compression", X: "characters per image token", Y: "CER", LogX: true, LogY: true, PercentY: true,
			Series: []Series{
				{"front", Steps, []Point{{8, 0.001, 0.0005, 0.002, "faithful"}, {15, 0.004, 0.003, 0.006, ""}, {27, 0.05, 0.04, 0.06, "dense"}}},
				{"presets", Dots, []Point{{9, 0.002, 0, 0, "glyph-en"}, {22, 0.04, 0.03, 0.05, "compact"}}},
			},
		},
		"bars": Bars{Title: "Hypervolume gained", Percent: true, Rows: []Bar{
			{"mutation", 0.31, 0.2, 0.4, "n=40"}, {"crossover", 0.12, 0, 0, ""}, {"proposer", -0.05, -0.1, 0.01, ""},
		}},
		"heat": HeatMap{Title: "Accuracy by depth and length", Rows: []string{"0 %", "50 %"}, Columns: []string{"4k", "8k", "16k"},
			Values: [][]float64{{1, 0.93, 0.4}, {0, 0.6, math.NaN()}}},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := draw.PNG()
			if err != nil {
				t.Fatal(err)
			}
			file := filepath.Join("testdata", name+".png")
			if *update {
				if err := os.WriteFile(file, got, 0o644); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			if n := differing(t, got, want); n > 0 {
				failed := filepath.Join(t.ArtifactDir(), name+".png")
				if err := os.WriteFile(failed, got, 0o644); err != nil {
					t.Error(err)
				}
				t.Errorf("%d pixels differ from %s, see %s: -update if that is meant", n, file, failed)
			}
		})
	}
}

// differing counts pixels that differ by more than rounding does, which may not
// be the same on every processor.
func differing(t *testing.T, a, b []byte) (n int) {
	t.Helper()
	p, err := png.Decode(bytes.NewReader(a))
	if err != nil {
		t.Fatal(err)
	}
	q, err := png.Decode(bytes.NewReader(b))
	if err != nil {
		t.Fatal(err)
	}
	if p.Bounds() != q.Bounds() {
		return math.MaxInt
	}
	for y := range p.Bounds().Dy() {
		for x := range p.Bounds().Dx() {
			if far(p, q, x, y) {
				n++
			}
		}
	}
	return n
}

func far(p, q image.Image, x, y int) bool {
	r1, g1, b1, _ := p.At(x, y).RGBA()
	r2, g2, b2, _ := q.At(x, y).RGBA()
	for _, d := range []int{int(r1) - int(r2), int(g1) - int(g2), int(b1) - int(b2)} {
		if max(d, -d) > 0x400 {
			return true
		}
	}
	return false
}

func TestTicks(t *testing.T) {
	for _, test := range []struct {
		low, high float64
		log       bool
		want      []float64
	}{
		{0, 10, false, []float64{0, 2, 4, 6, 8, 10}},
		{-0.1, 1.05, false, []float64{0, 0.2, 0.4, 0.6, 0.8, 1}},
		{0.9, 120, true, []float64{1, 2, 5, 10, 20, 50, 100}},
		{7, 30, true, []float64{7, 8, 9, 10, 15, 20, 30}},
	} {
		got := axis{low: test.low, high: test.high, log: test.log}.ticks(7)
		if !slices.EqualFunc(got, test.want, func(a, b float64) bool { return math.Abs(a-b) < 1e-9 }) {
			t.Errorf("%g to %g: %v, want %v", test.low, test.high, got, test.want)
		}
	}
}

func TestRefused(t *testing.T) {
	for name, draw := range map[string]interface{ PNG() ([]byte, error) }{
		"no points":    Figure{Title: "x"},
		"no number":    Figure{Series: []Series{{Points: []Point{{X: 1, Y: math.NaN()}}}}},
		"0 on a log":   Figure{LogY: true, Series: []Series{{Points: []Point{{X: 1, Y: 0}}}}},
		"too large":    Figure{Width: 100_000, Series: []Series{{Points: []Point{{X: 1, Y: 1}}}}},
		"no bars":      Bars{},
		"endless bar":  Bars{Rows: []Bar{{Value: math.Inf(1)}}},
		"ragged table": HeatMap{Rows: []string{"a"}, Columns: []string{"b", "c"}, Values: [][]float64{{1}}},
		"over 1":       HeatMap{Rows: []string{"a"}, Columns: []string{"b"}, Values: [][]float64{{1.5}}},
	} {
		if _, err := draw.PNG(); err == nil {
			t.Errorf("%s: drawn", name)
		}
	}
}

func TestNumber(t *testing.T) {
	for _, test := range []struct {
		v       float64
		percent bool
		want    string
	}{
		{0, false, "0"}, {12.5, false, "12.5"}, {0.001, false, "0.001"}, {131072, false, "131.1 k"}, {2e6, false, "2 M"},
		{0.5, true, "50 %"}, {0.0035, true, "0.35 %"}, {1, true, "100 %"},
	} {
		if got := number(test.v, test.percent); got != test.want {
			t.Errorf("number(%g) = %q, want %q", test.v, got, test.want)
		}
	}
}
