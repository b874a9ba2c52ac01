package vision

import "fmt"

// ImageInfo is what pricing and limits need to know of an image.
type ImageInfo struct {
	Width, Height int   // px
	Bytes         int64 // encoded, as in the file; 0 if not known yet
}

// Exceeded is one limit that a request would exceed.
type Exceeded struct {
	Limit  string `json:"limit"`            // the key of the limit in JSON, such as "image_bytes"; "rule" if the rule rejects a size
	Max    int64  `json:"max"`              // px, bytes or images; 0 for "rule"
	Got    int64  `json:"got"`              // the largest, in the same unit
	Images int    `json:"images"`           // how many images exceed it; 0 if the request as a whole does
	First  int    `json:"first"`            // index of the first of them
	Reason string `json:"reason,omitempty"` // for "rule"
}

// String tells it to a person.
func (e Exceeded) String() string {
	var s string
	switch e.Limit {
	case "images":
		return fmt.Sprintf("%d images in one request, at most %d", e.Got, e.Max)
	case "request_bytes":
		return fmt.Sprintf("%d bytes in one request, at most %d", e.Got, e.Max)
	case "rule":
		s = e.Reason
	case "image_bytes":
		s = fmt.Sprintf("%d bytes, at most %d", e.Got, e.Max)
	case "aspect":
		s = fmt.Sprintf("an aspect of %d:1, at most %d:1", e.Got, e.Max)
	case "many_side":
		s = fmt.Sprintf("a side of %d px, at most %d in a request with so many images", e.Got, e.Max)
	default:
		s = fmt.Sprintf("a side of %d px, at most %d", e.Got, e.Max)
	}
	if e.Images == 1 {
		return fmt.Sprintf("image %d: %s", e.First+1, s)
	}
	return fmt.Sprintf("%d images from image %d on: %s", e.Images, e.First+1, s)
}

// Check lists the limits that one request with all of the images would
// exceed, each at most once; nil if it may be sent.
func (p *Profile) Check(images []ImageInfo) []Exceeded {
	l := p.Limits
	side := Exceeded{Limit: "side", Max: int64(l.Side)}
	many := Exceeded{Limit: "many_side", Max: int64(l.ManySide)}
	aspect := Exceeded{Limit: "aspect", Max: int64(l.Aspect)}
	bytes := Exceeded{Limit: "image_bytes", Max: l.ImageBytes}
	rule := Exceeded{Limit: "rule"}
	count := Exceeded{Limit: "images", Max: int64(l.Images), Got: int64(len(images))}
	request := Exceeded{Limit: "request_bytes", Max: l.RequestBytes}

	over := func(e *Exceeded, i int, got int64) bool {
		if e.Max == 0 || got <= e.Max {
			return false
		}
		if e.Images == 0 {
			e.First = i
		}
		e.Images++
		e.Got = max(e.Got, got)
		return true
	}
	var last ImageInfo
	var lastErr error
	for i, im := range images {
		long, short := max(im.Width, im.Height), min(im.Width, im.Height)
		sized := over(&side, i, int64(long))
		if short > 0 {
			sized = over(&aspect, i, int64((long-1)/short+1)) || sized
		}
		if l.ManyImages > 0 && len(images) > l.ManyImages && !sized {
			over(&many, i, int64(long))
		}
		over(&bytes, i, p.encoded(im))
		request.Got += p.encoded(im)

		if i == 0 || im.Width != last.Width || im.Height != last.Height {
			_, lastErr = p.View(im.Width, im.Height)
			last = im
		}
		if r, ok := lastErr.(*RejectError); ok && !sized {
			if rule.Images == 0 {
				rule.First, rule.Reason = i, r.Reason
			}
			rule.Images++
		}
	}

	var out []Exceeded
	if count.Max > 0 && count.Got > count.Max {
		out = append(out, count)
	}
	for _, e := range []Exceeded{side, many, aspect, rule, bytes} {
		if e.Images > 0 {
			out = append(out, e)
		}
	}
	if request.Max > 0 && request.Got > request.Max {
		out = append(out, request)
	}
	return out
}

// Split says how many images each request takes when the images are sent in
// order, as many in each as the limits of a request allow. An image that no
// request may carry (see [Profile.Check]) is counted like any other.
func (p *Profile) Split(images []ImageInfo) []int {
	l := p.Limits
	var out []int
	n, long, bytes := 0, 0, int64(0) // of the request being filled
	for _, im := range images {
		l2, b2 := max(long, im.Width, im.Height), bytes+p.encoded(im)
		full := l.Images > 0 && n+1 > l.Images ||
			l.RequestBytes > 0 && b2 > l.RequestBytes ||
			l.ManyImages > 0 && n+1 > l.ManyImages && l2 > l.ManySide
		if full && n > 0 {
			out = append(out, n)
			n, l2, b2 = 0, max(im.Width, im.Height), p.encoded(im)
		}
		n, long, bytes = n+1, l2, b2
	}
	if n > 0 {
		out = append(out, n)
	}
	return out
}

// Requests is the number of requests of [Profile.Split].
func (p *Profile) Requests(images []ImageInfo) int { return len(p.Split(images)) }

// encoded is the size of an image in bytes as the limits count it, at most that
// of a terabyte, so that sums stay in range.
func (p *Profile) encoded(im ImageInfo) int64 {
	b := min(max(im.Bytes, 0), 1<<40)
	if p.Limits.Base64 {
		return (b + 2) / 3 * 4
	}
	return b
}
