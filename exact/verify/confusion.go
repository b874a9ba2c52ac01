package verify

import (
	_ "embed"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

//go:embed confusion.txt
var confusionText string

// The reader that the decisions assume: it misreads one character in twenty,
// nearly always for one of the same shape. What is left is shared by a
// character in place of any other, a lost one and an invented one. Readers
// that err less only make a repair more certain than claimed.
const (
	errorRate    = 0.05
	shapeless    = 0.02 // of the errors
	sameSort     = 90   // characters that a shapeless error may give: mostly a digit for a digit,
	otherSort    = 1000 // a letter for a letter, as the language suggests
	foldedWeight = 8    // lines of this weight are one class for lookup
	clearWeight  = 3    // from which a digit may have been taken for a digit
)

// cost is a negated log probability in thousandths of a nat: an integer, so
// that sums are the same on every machine.
type cost int32

func costOf(p float64) cost { return cost(math.Round(-1000 * math.Log(p))) }

var (
	matchCost      = costOf(1 - errorRate)
	substituteCost = costOf(errorRate * shapeless / 3 / sameSort)
	crossCost      = costOf(errorRate * shapeless / 3 / otherSort)
	dropCost       = costOf(errorRate * shapeless / 3)
	inventCost     = costOf(errorRate * shapeless / 3 / sameSort)
)

// A sequenceRule is a misreading that does not keep the number of characters,
// such as rn as m.
type sequenceRule struct {
	from, to []rune
	cost     cost
}

// confusions is the table of confusion.txt.
type confusions struct {
	single    [utf8.RuneSelf][utf8.RuneSelf]cost // 0: not listed
	faint     [utf8.RuneSelf][utf8.RuneSelf]bool // listed with a weight below clearWeight
	sequences [utf8.RuneSelf][]sequenceRule      // by the first character of from
	folded    [256]string                        // of a byte, for lookup
}

var glyphs = mustParseConfusions(confusionText)

func mustParseConfusions(text string) *confusions {
	c, err := parseConfusions(text)
	if err != nil {
		panic(err)
	}
	return c
}

func parseConfusions(text string) (*confusions, error) {
	type pair struct {
		from, to string
		weight   float64
	}
	var pairs []pair
	var folded [][]string
	total := map[string]float64{}
	known := map[[2]string]bool{}
	n := 0
	for line := range strings.Lines(text) {
		n++
		fields := strings.Fields(line)
		if len(fields) == 0 || strings.HasPrefix(fields[0], "#") {
			continue
		}
		weight, err := strconv.ParseFloat(fields[0], 64)
		if err != nil || !(weight > 0 && weight <= foldedWeight) || len(fields) < 3 {
			return nil, fmt.Errorf("parsing confusions line %d %q: want a weight above 0 and up to %d, and two or more sequences", n, strings.TrimSpace(line), foldedWeight)
		}
		for _, from := range fields[1:] {
			if len(from) > 2 || strings.IndexFunc(from, func(r rune) bool { return r >= utf8.RuneSelf }) >= 0 {
				return nil, fmt.Errorf("parsing confusions line %d: %q is not one or two ASCII characters", n, from)
			}
			for _, to := range fields[1:] {
				if known[[2]string{from, to}] {
					return nil, fmt.Errorf("parsing confusions line %d: %q and %q stand in an earlier line too", n, from, to)
				}
				if from != to {
					known[[2]string{from, to}] = true
					pairs = append(pairs, pair{from, to, weight})
					total[from] += weight
				}
			}
		}
		if weight == foldedWeight {
			folded = append(folded, fields[1:])
		}
	}
	c := &confusions{}
	for _, p := range pairs {
		sum := total[p.from]
		if len(p.from) == 2 { // its first character may also be misread by itself
			sum += total[p.from[:1]]
		}
		co := costOf(errorRate * (1 - shapeless) * p.weight / sum)
		if len(p.from) == 1 && len(p.to) == 1 {
			c.single[p.from[0]][p.to[0]] = co
			c.faint[p.from[0]][p.to[0]] = p.weight < clearWeight
		} else {
			c.sequences[p.from[0]] = append(c.sequences[p.from[0]], sequenceRule{[]rune(p.from), []rune(p.to), co})
		}
	}
	c.fold(folded)
	return c, nil
}

// substitution is the cost of reading a as b.
func (c *confusions) substitution(a, b rune) cost {
	switch {
	case a == b:
		return matchCost
	case a < utf8.RuneSelf && b < utf8.RuneSelf && c.single[a][b] != 0:
		return c.single[a][b]
	case isDigit(a) != isDigit(b) || isWord(a) != isWord(b):
		return crossCost
	}
	return substituteCost
}

// alike tells whether the glyphs of a may be read as b: a listed misreading,
// and of a digit as another digit a clear one.
func (c *confusions) alike(a, b []rune) bool {
	if len(a) == 0 || a[0] >= utf8.RuneSelf {
		return false
	}
	if len(a) == 1 && len(b) == 1 {
		return b[0] < utf8.RuneSelf && c.single[a[0]][b[0]] != 0 &&
			!(c.faint[a[0]][b[0]] && isDigit(a[0]) && isDigit(b[0]))
	}
	return slices.ContainsFunc(c.sequences[a[0]], func(r sequenceRule) bool {
		return slices.Equal(r.from, a) && slices.Equal(r.to, b)
	})
}

// fold gives the characters of each group one form, and a character that is
// taken for two the form of these: an edit beside them stays one edit so.
func (c *confusions) fold(groups [][]string) {
	var class [256]byte
	grouped := [256]bool{}
	for i := range class {
		class[i] = byte(i)
		if i >= 'A' && i <= 'Z' {
			class[i] |= 0x20
		}
	}
	for _, group := range groups {
		for _, g := range group {
			if len(g) == 1 && len(group[0]) == 1 {
				class[g[0]] = group[0][0]
				grouped[g[0]] = true
			}
		}
	}
	for i := range c.folded {
		c.folded[i] = string([]byte{class[i]})
	}
	for _, group := range groups {
		pair, one := group[0], group[len(group)-1]
		if len(pair) != 2 || len(one) != 1 {
			continue
		}
		for i := range c.folded {
			if i == int(one[0]) || grouped[i] && class[i] == class[one[0]] {
				c.folded[i] = string([]byte{class[pair[0]], class[pair[1]]})
			}
		}
	}
}

// appendFolded appends the lookup form of s: strings of one form look alike.
func (c *confusions) appendFolded(dst []byte, s string) []byte {
	for i := range len(s) {
		dst = append(dst, c.folded[s[i]]...)
	}
	return dst
}
