package verify

import (
	"cmp"
	"math"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/glyphkit/glyph/internal/value"
)

// A quotation is repaired when a reader that misreads it is RepairOdds times as
// likely to have seen one passage as any other, and at most one in 25 of its
// characters differs in a way that no misreading explains. It is unclear when a
// fifth differ in any way.
const (
	unlikeShare = 25
	unclear     = 5
)

const (
	minQuotedWords  = 3
	maxQuotedBytes  = 2000
	seedWords       = 8    // rarest words of a quotation that passages are sought by
	maxSeedPostings = 2000 // of each
	maxPassages     = 24   // that are aligned
)

var quotationMarks = map[rune]rune{'"': '"', '“': '”', '„': '“', '«': '»', '「': '」', '『': '』', '`': '`'}

// quotations returns the findings of the passages that the answer quotes:
// three words or more between double quotation marks or back-ticks, in one
// paragraph.
func (v *verification) quotations() []Finding {
	var findings []Finding
	for i := 0; i < len(v.answer) && !v.stopped(); {
		r, n := utf8.DecodeRuneInString(v.answer[i:])
		i += n
		closing, ok := quotationMarks[r]
		if !ok {
			continue
		}
		text := v.answer[i:]
		end := strings.IndexRune(text, closing)
		if r == '„' { // closed by either mark
			end = strings.IndexAny(text, "“”")
		}
		if end < 0 || end > maxQuotedBytes || strings.Contains(text[:end], "\n\n") {
			continue
		}
		words := 0
		eachWord(text[:end], func(int, int) { words++ })
		if words >= minQuotedWords && strings.ContainsAny(text[:end], " \n") || words >= 4*minQuotedWords {
			findings = append(findings, v.checkQuotation(i, i+end))
			i += end
		} else if r != closing || words > 0 {
			i += end
		}
		if i < len(v.answer) {
			_, n := utf8.DecodeRuneInString(v.answer[i:])
			i += n
		}
	}
	return findings
}

func (v *verification) checkQuotation(start, end int) Finding {
	x := v.index
	f := Finding{Start: start, End: end, Text: v.answer[start:end], Kind: value.Quotation, Status: Absent}
	if v.checkFound(&f) {
		return f
	}
	trimmed := strings.TrimRight(strings.TrimSpace(f.Text), ".,;:!?")
	if found := x.words.find(trimmed, wholeToken(trimmed)); len(found) > 0 {
		f.Status, f.Places, f.PlaceCount = Found, x.places(found), len(found)
		f.Note = "without its last punctuation mark"
		return f
	}
	if len(v.question.find(trimmed, wholeToken(trimmed))) > 0 {
		f.Status = InQuestion
		return f
	}
	passages := x.passages(f.Text)
	if len(passages) == 0 {
		return f
	}
	f.Status = Ambiguous
	for _, p := range passages[:min(len(passages), maxCandidates)] {
		f.Candidates = append(f.Candidates, p.text)
	}
	if f.Note = unsure(passages); f.Note == "" {
		best := passages[0].text
		found := x.words.find(best, wholeToken(best))
		f.Status, f.Replacement, f.Candidates = Repaired, best, nil
		f.Places, f.PlaceCount = x.places(found), len(found)
	}
	return f
}

// unsure says why the first passage may not be the one that is quoted, or
// returns "".
func unsure(passages []passage) string {
	best, others := passages[0], 0.0
	for _, p := range passages[1:] {
		others += math.Exp(float64(best.cost-p.cost) / 1000)
	}
	unlike := 0
	for _, e := range best.edits {
		from, to := best.truth[e.from:e.fromEnd], best.read[e.to:e.toEnd]
		if glyphs.alike(from, to) {
			continue
		}
		if digits, _ := count(slices.Concat(from, to)); digits > 0 {
			return "a value differs, and may be a value of its own"
		}
		unlike++
	}
	switch {
	case others*repairOdds > 1:
		return "more than one passage is near"
	case unlike > len(best.truth)/unlikeShare:
		return "no passage is near enough"
	}
	return ""
}

// A passage is a part of a source that a quotation may have been read from,
// with the cost of that.
type passage struct {
	text  string
	cost  cost
	edits []edit
	truth []rune
	read  []rune
}

// passages returns the passages of which at most a fifth differs from a text,
// no two the same, likeliest first. The rarest words of the text say where to look.
func (x *Index) passages(text string) []passage {
	type seed struct{ from, to int }
	var seeds []seed
	eachWord(text, func(from, to int) {
		if to-from > 1 {
			seeds = append(seeds, seed{from, to})
		}
	})
	rarity := func(s seed) int { return len(x.words.postings(text[s.from:s.to])) }
	slices.SortStableFunc(seeds, func(a, b seed) int { return rarity(a) - rarity(b) })
	var starts []int64
	used := 0
	for _, s := range seeds {
		at := x.words.postings(text[s.from:s.to])
		if len(at) == 0 {
			continue
		}
		for _, p := range at[:min(len(at), maxSeedPostings)] {
			starts = append(starts, p-int64(s.from))
		}
		if used++; used == seedWords {
			break
		}
	}
	slices.Sort(starts)

	// Seeds of one passage agree on where it starts, but for the edits between.
	slack := int64(len(text)/unclear + 8)
	type region struct {
		start int64
		seeds int
	}
	var regions []region
	for _, s := range starts {
		if n := len(regions); n > 0 && s-regions[n-1].start <= slack {
			regions[n-1].seeds++
		} else {
			regions = append(regions, region{s, 1})
		}
	}
	slices.SortStableFunc(regions, func(a, b region) int { return b.seeds - a.seeds })

	var found []passage
	query := []rune(normal(text))
	seen := map[string]bool{}
	for _, r := range regions[:min(len(regions), maxPassages)] {
		i, from := x.words.source(max(r.start, 0) + slack)
		t := x.sources[i].Text
		from -= int(slack)
		to := min(len(t), from+len(text)+3*int(slack))
		from = max(0, from-int(slack))
		p := nearestPassage(query, t[from:to], len(query)/unclear)
		if p == "" || seen[p] {
			continue
		}
		seen[p] = true
		truth := []rune(p)
		if total, edits, ok := glyphs.align(truth, query, len(query)/unclear+8); ok {
			found = append(found, passage{p, total, edits, truth, query})
		}
	}
	slices.SortStableFunc(found, func(a, b passage) int { return cmp.Compare(a.cost, b.cost) })
	return found
}

// nearestPassage returns the part of a window with the fewest edits to the
// query, whole words only, if they are at most k (Sellers, 1980).
func nearestPassage(query []rune, window string, k int) string {
	type cell struct{ distance, start int }
	runes := []rune(normal(window))
	row := make([]cell, len(query)+1)
	for i := range row {
		row[i] = cell{i, 0}
	}
	best, bestEnd := cell{k + 1, 0}, 0
	for j, r := range runes {
		diagonal := row[0]
		row[0] = cell{0, j + 1}
		for i, q := range query {
			next := diagonal
			if q != r {
				next.distance++
			}
			if c := row[i+1]; c.distance+1 < next.distance {
				next = cell{c.distance + 1, c.start}
			}
			if c := row[i]; c.distance+1 < next.distance {
				next = cell{c.distance + 1, c.start}
			}
			diagonal, row[i+1] = row[i+1], next
		}
		if last := row[len(query)]; last.distance < best.distance {
			best, bestEnd = last, j+1
		}
	}
	if best.distance > k {
		return ""
	}
	left, right := best.start, bestEnd
	for left > 0 && left < len(runes) && isWord(runes[left]) && isWord(runes[left-1]) && !standsAlone(runes[left]) {
		left--
	}
	for right > 0 && right < len(runes) && isWord(runes[right]) && isWord(runes[right-1]) && !standsAlone(runes[right]) {
		right++
	}
	for left < right && isWord(query[0]) && !isWord(runes[left]) {
		left++
	}
	for left < right && isWord(query[len(query)-1]) && !isWord(runes[right-1]) {
		right--
	}
	return strings.TrimSpace(string(runes[left:right]))
}
