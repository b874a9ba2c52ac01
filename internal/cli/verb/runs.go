package verb

import (
	"errors"
	"fmt"
	"path/filepath"

	"github.com/glyphkit/glyph/ask/llm"
	"github.com/glyphkit/glyph/internal/runs"
	"github.com/glyphkit/glyph/internal/term"
)

// ShowRun shows on a line how far a run has come. Clients, if there are any, say
// what was spent.
func ShowRun(line *term.Line, currency string, clients []*llm.Client) func(runs.Progress) {
	return func(at runs.Progress) {
		s := term.State{Done: int64(at.Done), Total: int64(at.Total), Unit: "items", Name: at.At}
		if at.Scored > 0 {
			s.Note = fmt.Sprintf("%.1f %% right so far", 100*at.Score)
		}
		if at.Unscored > 0 {
			s.Note += "  " + term.Thousands(at.Unscored) + " without a score"
		}
		s.Cost = CostSoFar(at.Tokens, at.Money, currency)
		if len(clients) > 0 {
			s.Cost = SpentSoFar(clients, currency)
		}
		line.Show(s)
	}
}

// CostSoFar is a cost on a progress line, "" for none.
func CostSoFar(tokens int64, money float64, currency string) string {
	text := ""
	if tokens > 0 {
		text = term.Thousands(tokens) + " tokens"
	}
	if money > 0 {
		text += ", " + term.Money(currency, money)
	}
	return text
}

// SpentSoFar is what clients have spent together, on a progress line.
func SpentSoFar(clients []*llm.Client, currency string) string {
	tokens, money := int64(0), 0.0
	for _, c := range clients {
		s := c.Spent()
		tokens, money = tokens+s.Total(), money+s.Money
	}
	return CostSoFar(tokens, money, currency)
}

// ResponsesIn is where a run keeps the responses of its endpoint, "" for none.
func ResponsesIn(run string) string {
	if run == "" {
		return ""
	}
	return filepath.Join(run, runs.ResponsesDir)
}

// InterruptedRun is the error of a verb that was interrupted and has told what
// it has so far. run is its directory, "" for none.
func InterruptedRun(run string) error {
	if run == "" {
		return Exit(ExitInterrupted, errors.New("interrupted; with --run DIR the same command would go on"))
	}
	return Exit(ExitInterrupted, fmt.Errorf("interrupted; %s has all answers so far, and the same command goes on", term.Clean(run)))
}
