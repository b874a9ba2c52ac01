package secrets

import (
	"math"
	"strings"
	"unicode/utf8"
)

const (
	// farthest is how many bytes a match without a limit may have, twice the
	// largest private keys in use. One that reaches it is followed further.
	farthest = 64 << 10

	// near is how far from a keyword, in bytes, a rule looks whose matches
	// need not hold anything in particular.
	near = 1 << 10
)

type hit struct {
	rule, at int
}

// scan makes one pass over the text.
func (s *ruleSet) scan(text string) []Finding {
	found, _ := s.scanFrom(text, nil)
	return found
}

// scanFrom is scan of a text that begins with rows of a table, unless that is
// nil. It returns the last table of the text, if there is one.
func (s *ruleSet) scanFrom(text string, open *table) ([]Finding, *table) {
	present := make([]bool, len(s.rules)) // a keyword of the rule occurs
	var hits []hit
	keyed := pairs{text: text}
	if open != nil {
		keyed.table = open
		open.end = keyed.rows(*open, 0)
	}
	s.words.each(text, func(word, start int) {
		if s.keyWord[word] {
			keyed.at(start, start+s.words.length[word])
		}
		if s.wrapped == word {
			keyed.wrapped(start)
		}
		if s.tool[word] {
			keyed.command(start, start+s.words.length[word])
		}
		for _, r := range s.keywords[word] {
			present[r] = true
			if !s.rules[r].anchored {
				hits = append(hits, hit{r, start})
			}
		}
		for _, r := range s.anchors[word] {
			hits = append(hits, hit{r, start})
		}
	})
	done := make([]int, len(s.rules)) // how far a rule has got
	found := keyed.found
	for _, h := range hits {
		r := s.rules[h.rule]
		if !present[h.rule] || h.at < done[h.rule] {
			continue
		}
		if r.anchored {
			found, done[h.rule] = s.at(found, r, text, h.at, done[h.rule])
		} else {
			found, done[h.rule] = s.around(found, r, text, h.at, done[h.rule])
		}
	}
	return found, keyed.table
}

// at looks for a match that holds the anchor at p and begins at or behind
// from. It returns how far the rule has got.
func (s *ruleSet) at(found []Finding, r *rule, text string, p, from int) ([]Finding, int) {
	a := &r.anchor
	reach := farthest
	if a.after != unbounded {
		reach = (a.after + 2) * utf8.UTFMax // with room to see what follows
	}
	tail := r.tails.Get().(*dfa)
	defer r.tails.Put(tail)
	if !tail.mayMatch(text[p:min(p+reach, len(text))]) {
		return found, from
	}
	lo := p
	for n := 0; lo > from && n <= a.before; n++ { // one more, for \b
		_, size := utf8.DecodeLastRuneInString(text[from:lo])
		lo -= size
	}
	for {
		hi := min(p+reach, len(text))
		m := r.regex().FindStringSubmatchIndex(text[lo:hi])
		if m == nil {
			return found, from
		}
		if lo+m[1] == hi && hi < len(text) {
			reach *= 4
			continue
		}
		more := s.accept(found, r, text, lo, m)
		if len(more) == len(found) {
			return found, p + 1 // a secret may begin inside of what is none
		}
		return more, lo + m[1]
	}
}

// around looks for matches near a keyword at p.
func (s *ruleSet) around(found []Finding, r *rule, text string, p, from int) ([]Finding, int) {
	lo, hi := max(p-near, from), min(p+near, len(text))
	for _, m := range r.regex().FindAllStringSubmatchIndex(text[lo:hi], -1) {
		found = s.accept(found, r, text, lo, m)
		from = lo + m[1]
	}
	return found, from
}

// accept appends the secret of a match in text[lo:], unless it is none.
func (s *ruleSet) accept(found []Finding, r *rule, text string, lo int, m []int) []Finding {
	start, end := group(r, m)
	secret := text[lo+start : lo+end]
	if trimmed := strings.TrimRight(secret, "\n"); trimmed != secret {
		end -= len(secret) - len(trimmed)
		secret = trimmed
	}
	if secret == "" || r.Entropy > 0 && entropy(secret) <= r.Entropy || !r.judge(secret) {
		return found
	}
	match, line := text[lo+m[0]:lo+m[1]], lines(text, lo+m[0], lo+m[1])
	for _, list := range [][]*allowlist{s.allow, r.Allowlists} {
		for _, a := range list {
			if a.allows(secret, match, line) {
				return found
			}
		}
	}
	return append(found, Finding{Start: lo + start, End: lo + end, Rule: r.ID, Description: r.Description})
}

// group returns the range of the secret in a match: the rule's group, else the
// first that holds something, else all.
func group(r *rule, m []int) (start, end int) {
	if g := 2 * r.SecretGroup; g > 0 && g < len(m) && m[g] >= 0 {
		return m[g], m[g+1]
	}
	for g := 2; g < len(m); g += 2 {
		if m[g] < m[g+1] {
			return m[g], m[g+1]
		}
	}
	return m[0], m[1]
}

// lines returns the lines that text[start:end] stands on.
func lines(text string, start, end int) string {
	from := strings.LastIndexByte(text[:start], '\n') + 1
	if n := strings.IndexByte(text[end:], '\n'); n >= 0 {
		return text[from : end+n]
	}
	return text[from:]
}

// entropy is Shannon's, in bits a character, as gitleaks counts it: the
// frequencies are of characters, the length is in bytes.
func entropy(s string) float64 {
	counts := map[rune]int{}
	var ascii [128]int
	for _, r := range s {
		if r < 128 {
			ascii[r]++
		} else {
			counts[r]++
		}
	}
	bits := 0.0
	add := func(n int) {
		p := float64(n) / float64(len(s))
		bits -= float64(p * math.Log2(p))
	}
	for _, n := range ascii {
		if n > 0 {
			add(n)
		}
	}
	for _, n := range counts {
		add(n)
	}
	return bits
}
