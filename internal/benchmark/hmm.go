package benchmark

import (
	"regexp"
	"strconv"
	"strings"
)

// The states of a character: first, last or middle of a word, or a word alone.
const (
	stateBegin = iota
	stateEnd
	stateMiddle
	stateSingle
	hmmStates
)

// impossible is jieba's logarithm of probability 0.
const impossible = -3.14e100

// Logarithms of jieba's model, trained by its author.
var (
	startProbability = [hmmStates]float64{-0.26268660809250016, impossible, impossible, -1.4652633398537678}

	// previous[s] are the two states that can stand before s and the
	// probability of the step, the state with the later letter (of B, E, M, S)
	// first: it wins a tie.
	previous = [hmmStates][2]struct {
		state       int
		probability float64
	}{
		stateBegin:  {{stateSingle, -0.7211965654669841}, {stateEnd, -0.5897149736854513}},
		stateEnd:    {{stateMiddle, -0.33344856811948514}, {stateBegin, -0.510825623765990}},
		stateMiddle: {{stateMiddle, -1.2603623820268226}, {stateBegin, -0.916290731874155}},
		stateSingle: {{stateSingle, -0.6658631448798212}, {stateEnd, -0.8085250474669937}},
	}
)

// parseEmissions reads lines of a character and its four log probabilities, "-"
// where it has none.
func parseEmissions(lines string) map[rune][hmmStates]float64 {
	emissions := map[rune][hmmStates]float64{}
	for line := range strings.Lines(lines) {
		columns := strings.Fields(line)
		var p [hmmStates]float64
		for state, column := range columns[1:] {
			p[state] = impossible
			if column != "-" {
				p[state] = mustParse(strconv.ParseFloat(column, 64))
			}
		}
		emissions[[]rune(columns[0])[0]] = p
	}
	return emissions
}

// cutUnknown appends the words of a run of characters that the dictionary left
// alone.
func (d *dictionary) cutUnknown(words []string, s string) []string {
	for run, han := range runs(s, isHan) {
		if han {
			words = d.viterbi(words, []rune(run))
		} else {
			words = cutLatin(words, run)
		}
	}
	return words
}

// viterbi appends the words of the most probable states of run.
func (d *dictionary) viterbi(words []string, run []rune) []string {
	from := make([][hmmStates]int8, len(run))
	var p [hmmStates]float64
	for i, r := range run {
		emission, known := d.emissions[r]
		if !known {
			emission = [hmmStates]float64{impossible, impossible, impossible, impossible}
		}
		var next [hmmStates]float64
		for s := range hmmStates {
			if i == 0 {
				next[s] = startProbability[s] + emission[s]
				continue
			}
			a, b := previous[s][0], previous[s][1]
			pa, pb := p[a.state]+a.probability+emission[s], p[b.state]+b.probability+emission[s]
			if pa >= pb {
				next[s], from[i][s] = pa, int8(a.state)
			} else {
				next[s], from[i][s] = pb, int8(b.state)
			}
		}
		p = next
	}
	state := stateEnd
	if p[stateSingle] >= p[stateEnd] {
		state = stateSingle
	}
	states := make([]int, len(run))
	for i := len(run) - 1; i >= 0; i-- {
		states[i] = state
		state = int(from[i][state])
	}
	begin := 0
	for i, s := range states {
		if s == stateEnd || s == stateSingle {
			words = append(words, string(run[begin:i+1]))
			begin = i + 1
		}
	}
	return words
}

var latinToken = regexp.MustCompile(`[a-zA-Z0-9]+(?:\.[0-9]+)?%?`)

// cutLatin appends the Latin tokens of s and what stands between them.
func cutLatin(words []string, s string) []string {
	from := 0
	for _, at := range latinToken.FindAllStringIndex(s, -1) {
		if from < at[0] {
			words = append(words, s[from:at[0]])
		}
		words = append(words, s[at[0]:at[1]])
		from = at[1]
	}
	if from < len(s) {
		words = append(words, s[from:])
	}
	return words
}
