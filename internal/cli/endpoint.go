package cli

import (
	"cmp"
	"fmt"
	"os"

	"github.com/glyphkit/glyph/ask/llm"
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
