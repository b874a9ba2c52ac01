package vision

import (
	"cmp"
	"slices"
)

// Size is the width and height of an image in px.
type Size struct{ Width, Height int }

// maxPageSide is the longest side in px of any page that is proposed, whatever
// the model would take: 67 megapixels are as much as a page can be drawn and
// sent at with reason.
const maxPageSide = 8192

// maxCandidates bounds the list of Candidates. The largest embedded list has
// under 2,000.
const maxCandidates = 4000

// Candidates lists page sizes that are worth their tokens, narrow to wide and
// then short to tall. The model sees all pixels of each; none has a side over
// maxPageSide or the model's own limit; and no page within those bounds that
// loses no pixels has more pixels for a token than the best of them; that is
// tested for the embedded profiles.
//
// There are at most 4,000. The list is empty only if no rule is published. It
// depends on nothing but the profile and takes up to a few milliseconds.
func (p *Profile) Candidates() []Size {
	if p.Rule.rule == nil {
		return nil
	}
	side := maxPageSide
	if l := p.Limits.Side; l > 0 {
		side = min(side, l)
	}
	type priced struct {
		Size
		area, tokens int64
	}
	var found []priced
	for _, s := range p.Rule.sizes(side) {
		if s.Width > side || s.Height > side {
			continue
		}
		v, err := p.View(s.Width, s.Height)
		if err != nil || v.SeenWidth < s.Width || v.SeenHeight < s.Height {
			continue
		}
		found = append(found, priced{s, int64(s.Width * s.Height), int64(v.Tokens + v.Overhead)})
	}
	bySize := func(a, b priced) int {
		return cmp.Or(cmp.Compare(a.Width, b.Width), cmp.Compare(a.Height, b.Height))
	}
	slices.SortFunc(found, bySize)
	found = slices.Compact(found)
	if len(found) > maxCandidates {
		slices.SortFunc(found, func(a, b priced) int {
			return cmp.Or(
				cmp.Compare(b.area*a.tokens, a.area*b.tokens), // most pixels for a token
				cmp.Compare(b.area, a.area), bySize(a, b))
		})
		found = found[:maxCandidates]
		slices.SortFunc(found, bySize)
	}
	out := make([]Size, len(found))
	for i, f := range found {
		out[i] = f.Size
	}
	return out
}

// MaxSide is the longest side in px among the Candidates, 0 if there are none.
func (p *Profile) MaxSide() int {
	m := 0
	for _, s := range p.Candidates() {
		m = max(m, s.Width, s.Height)
	}
	return m
}

// MaxPixels is the largest area in px among the Candidates, 0 if there are
// none.
func (p *Profile) MaxPixels() int {
	m := 0
	for _, s := range p.Candidates() {
		m = max(m, s.Width*s.Height)
	}
	return m
}
