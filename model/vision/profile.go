package vision

import (
	"errors"
	"fmt"
	"slices"
)

// Profile says how one model prices and limits images. The zero Profile
// prices nothing; profiles come from [Lookup], [Models], [Load] or a [Catalog].
//
// Its JSON is one entry of the file that [Load] reads.
type Profile struct {
	// Name is the model's name as people type it, such as "gpt-5". After
	// [Profile.At] it ends in "@" and the level of detail.
	Name string `json:"name"`

	// Aliases are further names. One that ends in "*" stands for every name
	// that begins so.
	Aliases []string `json:"aliases,omitempty"`

	Family   string `json:"family"`   // models with the same rule: "claude-4.7"
	Provider string `json:"provider"` // who made the model

	// Rule turns the size of an image into tokens.
	Rule Rule `json:"rule"`

	// Detail names the level of detail that Rule prices, in the words of the
	// model's own request parameter; it is the level of a request that asks for
	// none. Details holds the other levels, finest first. Both are empty if the
	// model has one level only.
	Detail  string   `json:"detail,omitempty"`
	Details []detail `json:"details,omitempty"`

	// Overhead is the number of tokens that every image costs beyond the rule:
	// the markers around it, as published or measured. Where the source gives a
	// range this is its upper end. The text of a chat template is not in it.
	Overhead int `json:"overhead,omitempty"`

	Limits Limits `json:"limits,omitzero"`

	// Patch is the grid in px that the sides of a page should be multiples of,
	// so that it arrives unresampled and unpadded. It comes from the rule. 0
	// if there is no such grid; then see [Profile.Candidates].
	Patch int `json:"-"`

	// Views says in which order the parts of a split image enter the prompt;
	// empty if the image is one part or the order is not known.
	Views string `json:"views,omitempty"`

	// TextTokenizer names what counts this model's text, as the sibling package
	// tokens names it. "o200k" and "cl100k" are exact. "qwen", "glm",
	// "deepseek", "gemma", "llama3", "llama4", "mistral" and "kimi" are families
	// whose tokenizer files are public. "estimate:" and a name stands for one
	// that is not public, "estimate:other" for one that is not known; that is
	// also what a profile has that names none.
	TextTokenizer string `json:"text_tokenizer"`

	// Price is nil where no list price is known.
	Price *price `json:"price,omitempty"`

	Date       string `json:"date"`       // when the facts were true: YYYY-MM or YYYY-MM-DD
	Source     string `json:"source"`     // where they were published
	Confidence string `json:"confidence"` // "A" to "D", see the package comment
	Notes      string `json:"notes,omitempty"`
}

// detail is another level of detail that a model offers.
type detail struct {
	Name       string `json:"name"` // "low", "high"
	Rule       Rule   `json:"rule"`
	Confidence string `json:"confidence,omitempty"` // empty: the profile's
	Notes      string `json:"notes,omitempty"`      // added to the profile's
}

// Limits says what one request may carry. Zero means that no limit is known.
type Limits struct {
	Images int `json:"images,omitempty"` // in one request

	// Side is the longest side of an image in px that is accepted; a longer one
	// is an error of the model, not scaled down.
	Side int `json:"side,omitempty"`

	// A request with more than ManyImages images accepts sides of ManySide px
	// only.
	ManyImages int `json:"many_images,omitempty"`
	ManySide   int `json:"many_side,omitempty"`

	// Aspect is the largest accepted ratio of the longer to the shorter side.
	Aspect int `json:"aspect,omitempty"`

	ImageBytes   int64 `json:"image_bytes,omitempty"`   // of one encoded image
	RequestBytes int64 `json:"request_bytes,omitempty"` // of all of a request

	// Base64 says that the two limits count images in base64, 4 bytes for
	// every 3.
	Base64 bool `json:"base64,omitempty"`
}

// price is a list price for a million tokens; images bill at the price of
// input. 0 means unknown. Tiers, promotions and discounts are in Notes.
type price struct {
	Currency    string  `json:"currency"` // ISO 4217
	Input       float64 `json:"input"`
	CachedInput float64 `json:"cached_input,omitempty"` // reading a cached prefix
	Date        string  `json:"date"`                   // read on
	Source      string  `json:"source"`
	Notes       string  `json:"notes,omitempty"`
}

// View is what a model makes of one image.
type View struct {
	// Width and Height in px after the model's own resize, as its source gives
	// them: the canvas or tiles with their padding, but for patch, patch-search
	// and masked-crops, which are given without it. Overviews are not in it.
	Width, Height int

	// SeenWidth and SeenHeight in px of the image within that, without padding.
	// Where it is smaller than the image, pixels were lost.
	SeenWidth, SeenHeight int

	Tokens   int // by the rule
	Overhead int // around it
}

// ErrUnpublished is wrapped by the errors of models whose rule nobody has
// published or measured.
var ErrUnpublished = errors.New("no token rule is published")

// RejectError says that a model takes no image of a size.
type RejectError struct {
	Model         string
	Width, Height int // px
	Reason        string
}

func (e *RejectError) Error() string {
	return fmt.Sprintf("pricing an image of %dx%d px for %s: %s", e.Width, e.Height, e.Model, e.Reason)
}

// maxInput bounds the sides of an image, in px: 2^24, where the product of two
// sides is exact in a float64 and its products with a rule's parameters are in
// an int; 2^14 where an int has 32 bits.
const maxInput = 1 << (14 + 10*(^uint(0)>>63))

// View says what the model makes of an image of width x height px and what
// that costs. A size that the model or its rule rejects, and one outside 1 to
// 16,777,216 px a side (16,384 where an int has 32 bits), is a [*RejectError];
// a model without a published rule is [ErrUnpublished].
func (p *Profile) View(width, height int) (View, error) {
	reject := func(format string, args ...any) (View, error) {
		return View{}, &RejectError{p.Name, width, height, fmt.Sprintf(format, args...)}
	}
	long, short := max(width, height), min(width, height)
	switch l := p.Limits; {
	case p.Rule.rule == nil:
		return View{}, fmt.Errorf("pricing an image: profile %q has no rule", p.Name)
	case short < 1 || long > maxInput:
		return reject("want sides from 1 to %d px", maxInput)
	case l.Side > 0 && long > l.Side:
		return reject("want sides up to %d px", l.Side)
	case l.Aspect > 0 && long > l.Aspect*short:
		return reject("want an aspect up to %d:1", l.Aspect)
	}
	if u, ok := p.Rule.rule.(*unpublished); ok {
		return View{}, fmt.Errorf("pricing an image for %s: %w: %s", p.Name, ErrUnpublished, u.Reason)
	}
	v, problem := p.Rule.view(width, height)
	if problem != "" {
		return reject("%s", problem)
	}
	v.Overhead += p.Overhead
	return v, nil
}

// Tokens is the price of one image of width x height px, overhead included.
// Its errors are those of [Profile.View].
func (p *Profile) Tokens(width, height int) (int, error) {
	v, err := p.View(width, height)
	return v.Tokens + v.Overhead, err
}

// Total is the price of many images. Runs of images of one size, such as the
// pages of a document, are priced once. Its errors are those of
// [Profile.View].
func (p *Profile) Total(images []ImageInfo) (int, error) {
	total, tokens := 0, 0
	var last ImageInfo
	for _, im := range images {
		if im.Width != last.Width || im.Height != last.Height {
			var err error
			if tokens, err = p.Tokens(im.Width, im.Height); err != nil {
				return 0, err
			}
			last = im
		}
		total += tokens
	}
	return total, nil
}

// Resized is the size in px after the model's own resize, the width and height
// of [View]; the image's own size if nothing was resampled or padded. Resizing the result
// again changes nothing for most rules; it can for grid, pad-grid, slices,
// row-break-budget and closest-ratio-tiles. Its errors are those of
// [Profile.View].
func (p *Profile) Resized(width, height int) (w, h int, err error) {
	v, err := p.View(width, height)
	return v.Width, v.Height, err
}

// Unresampled says whether the model sees every pixel of an image of this
// size as it is: accepted, neither enlarged nor reduced. Padding is allowed.
func (p *Profile) Unresampled(width, height int) bool {
	v, err := p.View(width, height)
	return err == nil && v.SeenWidth == width && v.SeenHeight == height
}

// At returns the profile for a level of detail, one of p.Detail, p.Details and
// "auto" for p.Detail.
func (p *Profile) At(detail string) (*Profile, error) {
	if p.Detail != "" && (detail == p.Detail || detail == "auto") {
		q := p.clone()
		return &q, nil
	}
	names := []string{p.Detail}
	for _, d := range p.Details {
		if d.Name != detail {
			names = append(names, d.Name)
			continue
		}
		q := p.clone()
		q.Name, q.Aliases = p.Name+"@"+d.Name, nil
		q.Detail, q.Details = d.Name, nil
		q.Rule, q.Patch = d.Rule, d.Rule.patch()
		if d.Confidence != "" {
			q.Confidence = d.Confidence
		}
		if d.Notes != "" {
			q.Notes = d.Notes + " " + q.Notes
		}
		return &q, nil
	}
	if p.Detail == "" {
		return nil, fmt.Errorf("detail %q of %s: the model has one level of detail, name it without @", detail, p.Name)
	}
	return nil, fmt.Errorf("detail %q of %s: want one of %s", detail, p.Name, list(names))
}

// clone copies everything that a caller could change. Rules are read-only.
func (p *Profile) clone() Profile {
	q := *p
	q.Aliases = slices.Clone(p.Aliases)
	q.Details = slices.Clone(p.Details)
	if p.Price != nil {
		price := *p.Price
		q.Price = &price
	}
	return q
}
