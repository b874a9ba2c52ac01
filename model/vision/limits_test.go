package vision_test

import (
	"fmt"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"github.com/glyphkit/glyph/model/vision"
)

// many repeats an image.
func many(n int, im vision.ImageInfo) []vision.ImageInfo {
	return slices.Repeat([]vision.ImageInfo{im}, n)
}

func TestCheck(t *testing.T) {
	page := vision.ImageInfo{Width: 1568, Height: 728, Bytes: 90_000}
	for _, tt := range []struct {
		name   string
		model  string
		images []vision.ImageInfo
		want   []string
	}{
		{"none", "claude-opus-5", nil, nil},
		{"fits", "claude-opus-5", many(100, page), nil},
		{"too many", "claude-opus-5", many(101, page), []string{"101 images in one request, at most 100"}},
		{"too long", "claude-opus-5", append(many(3, page), vision.ImageInfo{Width: 9000, Height: 20}),
			[]string{"image 4: a side of 9000 px, at most 8000"}},
		{"twenty large", "claude-opus-5", many(20, vision.ImageInfo{Width: 2576, Height: 1456}), nil},
		{"many large", "claude-opus-5", append(many(19, page), many(2, vision.ImageInfo{Width: 2576, Height: 1456})...),
			[]string{"2 images from image 20 on: a side of 2576 px, at most 2000 in a request with so many images"}},
		{"base64 counts", "claude-opus-5", many(1, vision.ImageInfo{Width: 900, Height: 900, Bytes: 7_500_001}),
			[]string{"image 1: 10000004 bytes, at most 10000000"}},
		{"heavy request", "claude-opus-5", many(20, vision.ImageInfo{Width: 900, Height: 900, Bytes: 1_500_000}),
			[]string{"40000000 bytes in one request, at most 32000000"}},
		{"plain bytes", "grok-4.5", many(1, vision.ImageInfo{Width: 900, Height: 900, Bytes: 20 << 20}), nil},
		{"narrow", "glyph", many(2, vision.ImageInfo{Width: 2010, Height: 10}),
			[]string{"2 images from image 1 on: an aspect of 201:1, at most 200:1"}},
		{"rejected by the rule", "gpt-6-astra", []vision.ImageInfo{page, {Width: 6000, Height: 6000}},
			[]string{"image 2: 35344 patches, want at most 30000"}},
		{"no size", "glyph", many(1, vision.ImageInfo{}),
			[]string{"image 1: want sides from 1 to 16777216 px"}},
		{"no rule", "muse-spark-1.3", many(5, page), nil},
	} {
		var got []string
		for _, e := range lookup(t, tt.model).Check(tt.images) {
			got = append(got, e.String())
		}
		if !slices.Equal(got, tt.want) {
			t.Errorf("%s: %q, want %q", tt.name, got, tt.want)
		}
	}
}

func TestSplit(t *testing.T) {
	small := vision.ImageInfo{Width: 900, Height: 900, Bytes: 90_000}
	large := vision.ImageInfo{Width: 2576, Height: 1456, Bytes: 90_000}
	heavy := vision.ImageInfo{Width: 900, Height: 900, Bytes: 7_500_000}
	huge := vision.ImageInfo{Width: 900, Height: 900, Bytes: 50_000_000}
	for _, tt := range []struct {
		name   string
		model  string
		images []vision.ImageInfo
		want   []int
	}{
		{"none", "claude-opus-5", nil, nil},
		{"by number", "claude-opus-5", many(250, small), []int{100, 100, 50}},
		{"by side", "claude-opus-5", many(45, large), []int{20, 20, 5}},
		{"a large one late", "claude-opus-5", append(many(30, small), large), []int{30, 1}},
		{"a large one early", "claude-opus-5", append([]vision.ImageInfo{large}, many(30, small)...), []int{20, 11}},
		{"by bytes", "claude-opus-5", many(7, heavy), []int{3, 3, 1}},
		{"one that fits nowhere", "claude-opus-5", []vision.ImageInfo{small, huge, small}, []int{1, 1, 1}},
		{"no limits", "glyph", many(5000, small), []int{5000}},
	} {
		p := lookup(t, tt.model)
		if got := p.Split(tt.images); !slices.Equal(got, tt.want) {
			t.Errorf("%s: %v, want %v", tt.name, got, tt.want)
		}
		if got := p.Requests(tt.images); got != len(tt.want) {
			t.Errorf("%s: %d requests, want %d", tt.name, got, len(tt.want))
		}
	}
}

// A request of Split exceeds a limit only if one image alone does.
func TestSplitStaysWithinLimits(t *testing.T) {
	ps := distinct(t)
	rapid.Check(t, func(t *rapid.T) {
		p := rapid.SampledFrom(ps).Draw(t, "profile")
		images := rapid.SliceOf(rapid.Custom(func(t *rapid.T) vision.ImageInfo {
			return vision.ImageInfo{
				Width:  rapid.IntRange(400, 3000).Draw(t, "w"),
				Height: rapid.IntRange(400, 3000).Draw(t, "h"),
				Bytes:  rapid.Int64Range(0, 7_000_000).Draw(t, "bytes"),
			}
		})).Draw(t, "images")
		rest := images
		for _, n := range p.Split(images) {
			for _, e := range p.Check(rest[:n]) {
				if e.Limit != "rule" {
					t.Fatalf("%s: a request of %d images: %v", p.Name, n, e)
				}
			}
			rest = rest[n:]
		}
		if len(rest) > 0 {
			t.Fatalf("%s: %d images are in no request", p.Name, len(rest))
		}
	})
}

func ExampleProfile_Check() {
	p, err := vision.Lookup("claude-opus-5")
	if err != nil {
		fmt.Println(err)
		return
	}
	pages := many(120, vision.ImageInfo{Width: 1568, Height: 728, Bytes: 90_000})
	for _, e := range p.Check(pages) {
		fmt.Println(e)
	}
	fmt.Println(p.Requests(pages), "requests")
	// Output:
	// 120 images in one request, at most 100
	// 2 requests
}
