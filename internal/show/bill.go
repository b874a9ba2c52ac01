package show

import (
	"fmt"
	"io"

	"github.com/glyphkit/glyph/ask/llm"
	"github.com/glyphkit/glyph/internal/term"
)

// NoPrice stands for the money of a bill where no price is known.
const NoPrice = "at no price that is known"

// EndpointBill prints what an endpoint billed. Price is the money that it comes to, or
// NoPrice.
func EndpointBill(out io.Writer, b llm.Bill, price string) {
	note := ""
	if b.Estimated {
		note = " (some by our count, for the endpoint sent none)"
	}
	fmt.Fprintf(out, "cost: %s, %s prompt and %s answer tokens%s, %s\n",
		term.Plural(b.Attempts, "request", "requests"), term.Thousands(b.PromptTokens), term.Thousands(b.CompletionTokens), note, price)
	if b.MaybeAttempts > 0 {
		fmt.Fprintf(out, "cost: on top of it %s may have been billed, at most %s tokens\n",
			term.Plural(b.MaybeAttempts, "failed attempt", "failed attempts"), term.Thousands(b.MaybeTokens))
	}
}
