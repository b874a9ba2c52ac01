package search

import (
	"math"

	"github.com/glyphkit/glyph/internal/search/probe"
)

// The operators, in the order in which a tie is decided.
const (
	opMutate    = "mutate"    // typed mutation of one parent
	opCrossover = "crossover" // gene groups of two parents
	opPack      = "pack"      // of many mutations that leave the type alone, the densest
	opSample    = "sample"    // fresh from the theme mixtures
	opPropose   = "propose"   // a patch of the Proposer
	opInitial   = "initial"   // first generation: no operator, no credit
)

// Operator is what one source of candidates did and cost.
type Operator struct {
	Name    string     `json:"name"`
	Made    int        `json:"made"`    // candidates made
	Refused int        `json:"refused"` // of those, before reading
	Read    int        `json:"read"`
	Kept    int        `json:"kept"` // of those read, through all rungs
	Gain    float64    `json:"gain"` // hypervolume gained, each candidate against the front before it
	Cost    probe.Cost `json:"cost"` // of reading its candidates, and of proposing
	Failed  int        `json:"failed,omitempty"`

	// Fading sums, for the bandit.
	places, gain, paid float64
}

// Proposes reports whether the candidates are those of the Proposer.
func (o Operator) Proposes() bool { return o.Name == opPropose }

// Bandit constants. Gains shrink as the front fills up, so old ones fade, half
// in seven generations, and only the ratio of two operators counts. The
// exploration constant leaves a useless operator about one place in twenty.
const (
	fade    = 0.9
	explore = 0.5
)

// leastShare is the part of the places that an operator has whatever it earned.
// Gains are rare and large, so a useful operator may earn nothing for long. The
// operator pack never changes the type, and mutate never joins what two parents
// found, so no operator can do without the others.
// The sampling and the proposing operator have no guaranteed share.
var leastShare = map[string]float64{opMutate: 0.25, opCrossover: 0.125, opPack: 0.125}

// bandit shares out places by discounted UCB1 (Garivier and Moulines, 2011) on
// hypervolume gained per cost, as part of the best operator's.
type bandit struct{ arms []*Operator }

func (b *bandit) arm(name string) *Operator {
	for _, a := range b.arms {
		if a.Name == name {
			return a
		}
	}
	return nil
}

// share returns how many of n places every arm gets, in the order of arms.
// Arms in skip get none.
func (b *bandit) share(n int, skip map[string]bool) []int {
	shares := make([]int, len(b.arms))
	best, total := 0.0, 1.0
	for _, a := range b.arms {
		best = max(best, a.rate())
		total += a.places
	}
	given := 0
	for i, a := range b.arms {
		if !skip[a.Name] {
			shares[i] = min(n-given, int(leastShare[a.Name]*float64(n)))
			given += shares[i]
		}
	}
	for range n - given {
		top, at := math.Inf(-1), -1
		for i, a := range b.arms {
			if skip[a.Name] {
				continue
			}
			bound := math.Inf(1)
			if places := a.places + float64(shares[i]); places > 0 {
				bound = explore * math.Sqrt(math.Log(total)/places)
				if best > 0 {
					bound += a.rate() / best
				}
			}
			if bound > top {
				top, at = bound, i
			}
		}
		if at < 0 {
			break
		}
		shares[at]++
		total++
	}
	return shares
}

// rate is the hypervolume gained per cost, lately.
func (o *Operator) rate() float64 {
	if o.gain <= 0 {
		return 0
	}
	return o.gain / max(o.paid, math.SmallestNonzeroFloat64)
}

// settle ends a generation.
func (b *bandit) settle() {
	for _, a := range b.arms {
		a.places *= fade
		a.gain *= fade
		a.paid *= fade
	}
}
