package judge

import (
	"context"
	"regexp"
	"strings"
	"sync"

	"github.com/glyphkit/glyph/ask/llm"
)

// compare asks in both orders: judges prefer a place, often the first.
func (j *Judge) compare(ctx context.Context, c checkedCase) Verdict {
	swapped := c
	swapped.A, swapped.B = c.B, c.A
	var first, second Verdict
	var wg sync.WaitGroup
	wg.Go(func() { first = j.winner(ctx, &c) })
	wg.Go(func() { second = j.winner(ctx, &swapped) })
	wg.Wait()
	switch {
	case first.Unscored != "":
		return first
	case second.Unscored != "":
		return second
	case first.Winner == second.Winner.swapped():
		return first
	}
	return Verdict{Winner: Tie, OrdersDisagree: true}
}

func (w Winner) swapped() Winner {
	switch w {
	case A:
		return B
	case B:
		return A
	}
	return w
}

func (j *Judge) winner(ctx context.Context, c *checkedCase) Verdict {
	resp, v := j.ask(ctx, llm.Request{Messages: j.about(c)})
	if resp == nil {
		return v
	}
	return parseWinner(resp.Text)
}

var winnerForm = regexp.MustCompile("(?i)^[\\s*_`\"'(\\[]*(?:(?:answer|winner|verdict)[\\s*_]*(?:is|:|=)?)?[\\s*_`\"'(\\[]*(a|b|tie)[\\s*_`\"')\\].]*$")

func parseWinner(text string) Verdict {
	m := winnerForm.FindStringSubmatch(text)
	if m == nil {
		return unscored(Malformed, text)
	}
	return Verdict{Winner: Winner(strings.ToLower(m[1]))}
}
