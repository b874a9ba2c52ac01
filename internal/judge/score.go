package judge

import (
	"context"
	"errors"
	"math"
	"regexp"
	"strconv"
	"strings"
	"sync"

	"github.com/glyphkit/glyph/ask/llm"
)

// ask returns the text of the judge's answer, or why there is none.
func (j *Judge) ask(ctx context.Context, r llm.Request) (*llm.Response, Verdict) {
	r.MaxTokens = maxAnswerTokens
	resp, err := j.client.Do(ctx, r, nil)
	switch {
	case errors.Is(err, llm.ErrRefused):
		return nil, unscored(Refused, resp.Text+" "+resp.Refusal)
	case err != nil:
		return nil, unscored(CallFailed, err.Error())
	case resp.Truncated():
		return nil, unscored(Truncated, resp.Text)
	}
	return resp, Verdict{}
}

// weigh scores by the probabilities of the tokens, at temperature 0. Where the
// answer has none that can be used it samples.
func (j *Judge) weigh(ctx context.Context, c *checkedCase) Verdict {
	resp, v := j.ask(ctx, llm.Request{Messages: j.about(c), TopLogprobs: llm.MaxTopLogprobs})
	if resp == nil {
		return v
	}
	score, v := parseScore(resp.Text)
	if v.Unscored != "" {
		return v
	}
	mean, ok := weightedScore(resp.Text, score, resp.Logprobs)
	if !ok {
		return j.sample(ctx, c)
	}
	return Verdict{Score: mean, Method: Weighted}
}

// sample scores by the mean of several answers. Their seeds are fixed, so that
// a cache has them again.
func (j *Judge) sample(ctx context.Context, c *checkedCase) Verdict {
	prompt := j.about(c)
	var verdicts [Samples]Verdict
	var wg sync.WaitGroup
	for i := range verdicts {
		wg.Go(func() {
			resp, v := j.ask(ctx, llm.Request{Messages: prompt, Temperature: 1, Seed: &i})
			if resp != nil {
				var score int
				if score, v = parseScore(resp.Text); v.Unscored == "" {
					v.Score = float64(score)
				}
			}
			verdicts[i] = v
		})
	}
	wg.Wait()
	mean := Verdict{Method: Sampled}
	var first *Verdict
	for i, v := range verdicts {
		if v.Unscored != "" {
			mean.Ungraded++
			if first == nil {
				first = &verdicts[i]
			}
			continue
		}
		mean.Samples++
		mean.Score += v.Score
	}
	if 2*mean.Samples <= Samples {
		first.Method, first.Samples, first.Ungraded = Sampled, mean.Samples, mean.Ungraded
		return *first
	}
	mean.Score /= float64(mean.Samples)
	return mean
}

// scoreForm is a number alone, as models write it: 4, **4**, Score: 4, 4/5.
var scoreForm = regexp.MustCompile("^[\\s*_`\"'(\\[]*(?i:(?:score|rating|grade)[\\s*_]*(?:is|:|=)?)?[\\s*_`\"'(\\[]*" +
	"([-+−]?\\d{1,9}(?:[.,]\\d{1,9})?)[\\s*_`\"')\\]]*(?:/\\s*5|out of 5)?[\\s*_`\"')\\].]*$")

// parseScore reads a whole number from 1 to 5.
func parseScore(text string) (int, Verdict) {
	m := scoreForm.FindStringSubmatch(text)
	if m == nil {
		return 0, unscored(Malformed, text)
	}
	value, err := strconv.ParseFloat(strings.ReplaceAll(strings.ReplaceAll(m[1], ",", "."), "−", "-"), 64)
	switch {
	case err != nil:
		return 0, unscored(Malformed, text)
	case value < MinScore || value > MaxScore:
		return 0, unscored(OutOfRange, text)
	case value != math.Trunc(value):
		return 0, unscored(Malformed, text)
	}
	return int(value), Verdict{}
}

// weightedScore is Σ s·p(s) / Σ p(s) over the scores among the alternatives of
// the token that is the score. The sum of p(s) is not 1 as some alternatives
// are no score, and not all are sent.
func weightedScore(text string, score int, tokens []llm.TokenLogprob) (float64, bool) {
	var all strings.Builder
	at := -1
	for i, t := range tokens {
		all.WriteString(t.Token)
		if at < 0 && strings.TrimSpace(t.Token) == strconv.Itoa(score) {
			at = i // a text of the form has no number before the score
		}
	}
	if at < 0 || strings.TrimSpace(all.String()) != strings.TrimSpace(text) {
		return 0, false
	}
	// Tokens that differ in white space are the same score. The token itself
	// may be missing among the alternatives.
	seen := map[string]bool{}
	sum, mass := 0.0, 0.0
	add := func(token string, logprob float64) bool {
		if s := strings.TrimSpace(token); !seen[token] && len(s) == 1 && s[0] >= '0'+MinScore && s[0] <= '0'+MaxScore {
			seen[token] = true
			p := math.Exp(logprob)
			sum += p * float64(s[0]-'0')
			mass += p
		}
		return !(logprob > 0) && !math.IsNaN(logprob)
	}
	valid := add(tokens[at].Token, tokens[at].Logprob)
	for _, t := range tokens[at].Top {
		valid = add(t.Token, t.Logprob) && valid
	}
	if !valid || mass == 0 || len(tokens[at].Top) < 2 {
		return 0, false
	}
	return min(max(sum/mass, MinScore), MaxScore), true
}
