package cli

import (
	"errors"
	"fmt"
	"time"

	"github.com/spf13/pflag"

	"github.com/glyphkit/glyph/ask/llm"
	"github.com/glyphkit/glyph/search"
)

// llmFlags say which language model proposes configs.
type llmFlags struct {
	url, model, price string
	timeout           time.Duration
}

func (l *llmFlags) add(f *pflag.FlagSet) {
	f.StringVar(&l.url, "llm", "", "have a language model at the OpenAI-style endpoint `URL` propose configs; it is sent configs, scores and short misreadings")
	f.StringVar(&l.model, "llm-model", "", "what the endpoint calls the model that proposes")
	f.StringVar(&l.price, "llm-price", "", "of that model: money for a million tokens, `IN,OUT`")
	f.DurationVar(&l.timeout, "llm-timeout", 2*time.Minute, "give each proposal at most `TIME`; one that fails is recorded and the search goes on")
}

// proposer is nil, and so is the playbook, without a language model.
func (s *searching) proposer() (search.Proposer, *search.PlaybookFile, error) {
	l := &s.llm
	switch {
	case l.url == "" && (l.model != "" || l.price != "" || s.playbook != ""):
		return nil, nil, errors.New("--llm-model, --llm-price and --playbook are of a language model; accepted: with --llm URL")
	case l.url == "":
		return nil, nil, nil
	case l.model == "":
		return nil, nil, errors.New("which model proposes? accepted: --llm-model NAME")
	case l.timeout <= 0:
		return nil, nil, fmt.Errorf("--llm-timeout %s; accepted: above 0", l.timeout)
	}
	price, err := parsePrice("--llm-price", l.price)
	if err != nil {
		return nil, nil, err
	}
	client, err := llm.New(llm.Options{BaseURL: l.url, Key: apiKey(), Model: l.model, Timeout: l.timeout, Price: price})
	if err != nil {
		return nil, nil, fmt.Errorf("--llm: %w", err)
	}
	playbook, err := search.ParsePlaybook(nil)
	if err == nil && s.playbook != "" {
		playbook, err = search.LoadPlaybook(s.playbook)
	}
	if err != nil {
		return nil, nil, fmt.Errorf("--playbook: %w", err)
	}
	return search.NewLLM(client, search.LLMOptions{}), playbook, nil
}
