package cli

import (
	"cmp"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/glyphkit/glyph/ask/llm"
	"github.com/glyphkit/glyph/model/vision"
)

// apiKey is never a flag: flags are seen by others on the machine.
func apiKey() llm.Key {
	return llm.Key(cmp.Or(os.Getenv("GLYPH_API_KEY"), os.Getenv("OPENAI_API_KEY")))
}

// withEndpoint adds to o the endpoint that flag or the environment names. or is
// what else the verb accepts.
func withEndpoint(flag, or string, o llm.Options) (llm.Options, error) {
	if o.BaseURL = cmp.Or(o.BaseURL, os.Getenv("OPENAI_BASE_URL")); o.BaseURL == "" {
		return o, fmt.Errorf("ask which endpoint? accepted: %s URL or OPENAI_BASE_URL, such as http://127.0.0.1:8000/v1 or https://api.openai.com/v1%s", flag, or)
	}
	o.Key = apiKey()
	return o, nil
}

// connect makes the client of that endpoint.
func connect(flag, or string, o llm.Options) (*llm.Client, error) {
	o, err := withEndpoint(flag, or, o)
	if err != nil {
		return nil, err
	}
	return llm.New(o)
}

// tellBill tells what an endpoint billed. Price is the money that it comes to,
// or that none is known.
func tellBill(out io.Writer, b llm.Bill, price string) {
	note := ""
	if b.Estimated {
		note = " (some by our count, for the endpoint sent none)"
	}
	fmt.Fprintf(out, "cost: %s, %s prompt and %s answer tokens%s, %s\n",
		plural(b.Attempts, "request", "requests"), thousands(b.PromptTokens), thousands(b.CompletionTokens), note, price)
	if b.MaybeAttempts > 0 {
		fmt.Fprintf(out, "cost: on top of it %s may have been billed, at most %s tokens\n", plural(b.MaybeAttempts, "failed attempt", "failed attempts"), thousands(b.MaybeTokens))
	}
}

// noPrice is what tellBill says where no price is known.
const noPrice = "at no price that is known"

// servedModel is what an endpoint calls a model, unless a flag says it: its name
// without the level of detail, which each image asks for.
func servedModel(flag, name string, p *vision.Profile) string {
	if flag != "" {
		return flag
	}
	return strings.TrimSuffix(name, "@"+p.Detail)
}
