package verify

import (
	"math"
	"slices"

	"github.com/glyphkit/glyph/internal/value"
)

// repairOdds is how many times as likely as everything else together a source
// string must be to take the place of what was read. A misreading that the
// table lists with a weight of clearWeight or more is more likely than one in
// RepairOdds: two source strings that one such tells apart are ambiguous.
const repairOdds = 300

const (
	maxStringLength = 4096 // bytes of a string that can be repaired
	minRepaired     = 4    // characters of one
)

// An entry is a distinct exact string of the sources.
type entry struct {
	text string
	kind value.Kind
}

// A stringSet holds distinct exact strings, for lookup by likeness.
type stringSet struct {
	entries []entry
	near    *neighbours
	kin     *families
	rows    *siblings
}

func newStringSet(entries []entry) *stringSet {
	texts := make([]string, len(entries))
	for i, e := range entries {
		texts[i] = e.text
	}
	near, kin := newNeighbours(texts), newFamilies(entries)
	return &stringSet{entries, near, kin, &siblings{near: near, kin: kin}}
}

// A candidate is a source string that may have been misread, and the cost of
// that.
type candidate struct {
	entry
	cost  cost
	edits []edit
	truth []rune
	read  []rune
}

// A verdict is what a string that the sources do not hold was misread from.
type verdict struct {
	status     Status // Repaired, Ambiguous or Absent
	best       entry  // of Repaired
	candidates []string
	note       string
}

// decide weighs the explanations of a string that was read.
func (s *stringSet) decide(text string, kind value.Kind) verdict {
	if len(text) > maxStringLength {
		return verdict{status: Absent, note: "too long to be repaired"}
	}
	near, complete := s.near.find(glyphs.appendFolded(nil, text))
	if !complete {
		return verdict{status: Ambiguous, candidates: s.texts(near), note: "too many source strings are like it"}
	}
	candidates := s.candidates(near, []rune(text))
	if len(candidates) == 0 {
		return verdict{status: Absent}
	}
	best := candidates[0]

	// The weight of every other explanation, that of the best being 1.
	relative := func(c cost) float64 { return math.Exp(float64(best.cost-c) / 1000) }
	others := 0.0
	for _, c := range candidates[1:] {
		others += relative(c.cost)
	}
	unknown := relative(s.unknownCost(best))

	v := verdict{status: Ambiguous}
	switch {
	case unknown >= 1:
		return verdict{status: Absent, note: "too short to tell what was misread"}
	case others*repairOdds > 1:
		v.note = "more than one source string may have been misread"
	case min(len(best.truth), len(best.read)) < minRepaired, unknown*repairOdds > 1:
		v.note = "too short to tell what was misread"
	case !best.isMisreading():
		v.note = "not what a misreading changes"
	case best.changesDigit() && s.rows.comeInRows(best.text):
		v.note = "such strings come a digit apart"
	case !compatible(kind, best.kind):
		v.note = "it is a " + string(kind) + ", the candidate a " + string(best.kind)
	default:
		return verdict{status: Repaired, best: best.entry}
	}
	for _, c := range candidates[:min(len(candidates), maxCandidates)] {
		v.candidates = append(v.candidates, c.text)
	}
	return v
}

// candidates returns the neighbours, likeliest first.
func (s *stringSet) candidates(near []neighbour, read []rune) []candidate {
	var candidates []candidate
	for _, n := range near {
		e := s.entries[n.id]
		truth := []rune(e.text)
		band := max(len(truth)-len(read), len(read)-len(truth)) + n.distance + 2
		if total, edits, ok := glyphs.align(truth, read, band); ok {
			candidates = append(candidates, candidate{e, total, edits, truth, read})
		}
	}
	slices.SortStableFunc(candidates, func(a, b candidate) int { return int(a.cost - b.cost) })
	return candidates
}

func (s *stringSet) texts(near []neighbour) []string {
	var texts []string
	for _, n := range near[:min(len(near), maxCandidates)] {
		texts = append(texts, s.entries[n.id].text)
	}
	return texts
}

// strangerChance is the chance that an answer gives a value of a string's
// shape that the sources do not hold.
const strangerChance = 0.05

// malformed is the cost of a string that no true value looks like: the unknown
// value was itself misread, in just this way.
var malformed = costOf(1. / 2000)

// unknownCost is the cost of the explanation that what was read is a value
// that has nothing to do with the candidate: one of all that the family of the
// candidate may have.
func (s *stringSet) unknownCost(c candidate) cost {
	f := s.kin.family(c.text)
	total := costOf(strangerChance*float64(f.size)) + cost(len(c.truth)-len(c.edits))*matchCost
	for i, r := range c.truth {
		if isWord(r) {
			total += costOf(1 / f.varieties[i])
		}
	}
	misread, misfits := cost(0), 0
	for _, e := range c.edits {
		if c.misfits(e) || c.changesShape(e) && !s.kin.has(shape(string(c.read))) {
			misread += e.cost
			misfits++
		}
	}
	if misfits > 0 && misfits == len(c.edits) {
		return total + max(misread, malformed)
	}
	return total + misread
}
