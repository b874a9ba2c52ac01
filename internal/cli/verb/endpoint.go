package verb

import (
	"cmp"
	"fmt"
	"os"
	"strconv"
	"strings"
	"time"

	"github.com/glyphkit/glyph/ask/llm"
	"github.com/glyphkit/glyph/internal/runs"
)

// Endpoint say where models are asked, and within which limits.
type Endpoint struct {
	baseURL    string
	servedName string
	timeout    time.Duration
	Price      string
	Budget     runs.Budget
	Jobs       int
}

// Add adds the flags of an endpoint. Limits are the keys of --budget that the
// verb knows, "" leaves the flag out.
func (e *Endpoint) Add(f Flags, limits, jobs string) {
	f.Text(&e.baseURL, "base-url", "", "")
	f.Text(&e.servedName, "served-name", "", "")
	f.duration(&e.timeout, "timeout", llm.DefaultTimeout, "")
	f.Text(&e.Price, "price", "", "")
	if limits != "" {
		f.Value(&e.Budget, "budget", "accepted: "+limits)
	}
	if jobs != "" {
		f.Count(&e.Jobs, "jobs", 0, jobs)
	}
}

// Check refuses limits that are none.
func (e *Endpoint) Check() error {
	if e.timeout <= 0 || e.Jobs < 0 {
		return fmt.Errorf("--timeout %s, --jobs %d; accepted: a time above 0, and 0 jobs for the usual number or more", e.timeout, e.Jobs)
	}
	return nil
}

// OnlyLimits refuses limits that a verb does not know.
func OnlyLimits(b runs.Budget, known ...string) error {
	for part := range strings.SplitSeq(b.String(), ",") {
		name, _, _ := strings.Cut(part, "=")
		if name == "" {
			continue
		}
		ok := false
		for _, k := range known {
			ok = ok || k == name
		}
		if !ok {
			return fmt.Errorf("--budget %s; accepted: %s", part, strings.Join(known, ", "))
		}
	}
	return nil
}

// Of makes the options of the endpoint for a model, which may have no profile.
func (e *Endpoint) Of(name string, m *Target) (llm.Options, error) {
	o := llm.Options{
		BaseURL: cmp.Or(e.baseURL, os.Getenv("OPENAI_BASE_URL")), Model: servedModel(e.servedName, name, m), Key: ApiKey(),
		Timeout: e.timeout, MaxParallel: e.Jobs, Budget: llm.Budget{Tokens: e.Budget.Tokens, Money: e.Budget.Money},
	}
	if o.BaseURL == "" {
		return o, fmt.Errorf("ask which endpoint? accepted: --base-url URL or OPENAI_BASE_URL, such as http://127.0.0.1:8000/v1 or https://api.openai.com/v1")
	}
	if err := e.Check(); err != nil {
		return o, err
	}
	var err error
	if o.Price, err = e.Prices("--price", e.Price, m); err != nil {
		return o, err
	}
	if o.Budget.Money > 0 && o.Price == (llm.Price{}) {
		return o, fmt.Errorf("--budget money=: no price of %s is known; accepted: --price IN,OUT, or a limit of tokens", name)
	}
	return o, nil
}

// servedModel is what an endpoint calls a model, unless a flag says it: its name
// without the level of detail, which each image asks for.
func servedModel(flag, name string, m *Target) string {
	if flag != "" || m == nil || m.Detail == "" {
		return cmp.Or(flag, name)
	}
	return strings.TrimSuffix(name, "@"+m.Detail)
}

// usualRatio is that of output to input in list prices, which tell the input.
const usualRatio = 5

// Prices are what a flag says, or the list price of the model.
func (e *Endpoint) Prices(flag, text string, m *Target) (llm.Price, error) {
	if text == "" {
		if m == nil || m.Price == nil {
			return llm.Price{}, nil
		}
		return llm.Price{Input: m.Price.Input, CachedInput: m.Price.CachedInput, Output: usualRatio * m.Price.Input}, nil
	}
	return ParsePrice(flag, text)
}

// ParsePrice reads IN,OUT; "" is no price.
func ParsePrice(flag, text string) (llm.Price, error) {
	if text == "" {
		return llm.Price{}, nil
	}
	in, out, _ := strings.Cut(text, ",")
	i, err1 := strconv.ParseFloat(in, 64)
	o, err2 := strconv.ParseFloat(out, 64)
	if err1 != nil || err2 != nil || !(i >= 0 && i < 1e9) || !(o >= 0 && o < 1e9) {
		return llm.Price{}, fmt.Errorf("%s %q; accepted: IN,OUT in money for a million tokens, such as 0.5,3", flag, text)
	}
	return llm.Price{Input: i, Output: o}, nil
}

// ApiKey is never a flag: flags are seen by others on the machine.
func ApiKey() llm.Key {
	return llm.Key(cmp.Or(os.Getenv("GLYPH_API_KEY"), os.Getenv("OPENAI_API_KEY")))
}
