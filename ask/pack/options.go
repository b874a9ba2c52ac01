package pack

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/glyphkit/glyph/document"
	"github.com/glyphkit/glyph/exact/secrets"
	"github.com/glyphkit/glyph/model/tokens"
	"github.com/glyphkit/glyph/model/vision"
	"github.com/glyphkit/glyph/render"
)

// Options say what a pack is for.
type Options struct {
	Model *vision.Profile // required

	// Instruction stands before the question in the place of the package's own,
	// which asks for pages and lines. "" is that one.
	Instruction string

	Secrets     secrets.Mode // what happens to secrets in documents, instruction and question; "" is Block
	ExactBudget Budget       // "" is DefaultBudget

	Exceptions *secrets.Exceptions // secrets that are allowed; may be nil

	// MaxTokens is the most input tokens that one request may cost, 0 for no
	// bound: profiles do not hold the size of context windows. The template that
	// a service puts around a request is not counted.
	MaxTokens int64

	// Gate keeps parts of documents as text where that costs less.
	Gate bool

	// Tokenizers of the user's own, by name; may be nil. See plan.CounterFor.
	Tokenizers map[string]tokens.Counter
}

func (o *Options) validate(docs []*document.Document, r *render.Renderer) error {
	switch {
	case len(docs) == 0:
		return errors.New("packing: no documents; accepted: at least one")
	case slices.ContainsFunc(docs, func(d *document.Document) bool { return d == nil || d.Open == nil }):
		return errors.New("packing: a document that cannot be opened; accepted: documents with Open")
	case r == nil:
		return errors.New("packing: no renderer; accepted: one of render.New")
	case o.Model == nil:
		return errors.New("packing: no model; accepted: a profile of vision.Lookup or vision.Load")
	case !utf8.ValidString(o.Instruction):
		return errors.New("packing: the instruction is not UTF-8; accepted: UTF-8")
	case o.MaxTokens < 0:
		return fmt.Errorf("packing: at most %d tokens in a request; accepted: 1 or more, or 0 for no bound", o.MaxTokens)
	}
	if err := o.ExactBudget.Validate(); err != nil {
		return fmt.Errorf("packing: %w", err)
	}
	if err := o.Secrets.Validate(); err != nil {
		return fmt.Errorf("packing: %w", err)
	}
	return nil
}

// Budget is how many tokens the fact sheets of a pack may cost together: "off",
// a number such as "2000", or a share such as "25%" of the tokens that pages
// save. A share is at least 200 tokens, so that short documents have a sheet
// too, as long as pages cost less than the text with it.
type Budget string

const budgetOff Budget = "off"

// DefaultBudget gives fact sheets a tenth of what pages save, so that of a
// saving of 2,000 tokens or more nine tenths stay at worst.
const DefaultBudget Budget = "10%"

// minShare is what a share is at least, in tokens.
const minShare = 200

// budget is a parsed Budget: tokens, or else a share and what it is at least.
type budget struct {
	tokens int64
	share  float64
	least  int64
}

// maxBudget keeps products of budgets and tokens far from overflow.
const maxBudget = 1 << 30

// Validate returns an error that says what is accepted if b is no budget.
// "" is one: DefaultBudget.
func (b Budget) Validate() error {
	_, err := b.parse()
	return err
}

func (b Budget) parse() (budget, error) {
	if b == "" {
		b = DefaultBudget
	}
	if b == budgetOff {
		return budget{}, nil
	}
	if percent, ok := strings.CutSuffix(string(b), "%"); ok {
		if f, err := strconv.ParseFloat(percent, 64); err == nil && f > 0 && f <= 100 {
			return budget{share: f / 100, least: minShare}, nil
		}
	} else if n, err := strconv.ParseInt(string(b), 10, 64); err == nil && n > 0 && n <= maxBudget {
		return budget{tokens: n}, nil
	}
	return budget{}, fmt.Errorf("budget of exact strings %q; accepted: off, a number of tokens from 1 to %d, or a share of the saving such as 25%%", b, maxBudget)
}

func (b budget) off() bool { return b == budget{} }

// of is the budget for pages, which are so large a part of all page tokens.
func (b budget) of(saving, pages, allPages int64) int {
	share := b.share * float64(max(saving, 0))
	if allPages == 0 {
		return int(share)
	}
	return int(max(share, float64(b.tokens+b.least)*float64(pages)/float64(allPages)))
}
