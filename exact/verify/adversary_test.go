package verify

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/glyphkit/glyph/exact"
	"github.com/glyphkit/glyph/internal/corpus"
	"github.com/glyphkit/glyph/internal/value"
)

// misleading makes sources whose strings are near to each other.
var misleading = []struct {
	name string
	make func(*rand.Rand) []string
}{
	{"counters", func(*rand.Rand) (s []string) {
		for i := range 9999 {
			s = append(s, fmt.Sprintf("id-%04d", i+1))
		}
		return s
	}},
	{"amounts a digit apart", func(r *rand.Rand) (s []string) {
		for range 300 {
			base := []byte(fmt.Sprintf("%d,%03d.%02d", 1+r.IntN(99), r.IntN(1000), r.IntN(100)))
			for range 3 {
				b := slices.Clone(base)
				for {
					if i := r.IntN(len(b)); b[i] >= '0' && b[i] <= '9' {
						b[i] = byte('1' + r.IntN(9))
						break
					}
				}
				s = append(s, string(b))
			}
		}
		return s
	}},
	{"amounts with a twin", func(r *rand.Rand) (s []string) {
		for range 300 {
			base := fmt.Sprintf("$%d,%03d.%02d", 1+r.IntN(99), r.IntN(1000), r.IntN(100))
			s = append(s, base, twinOf(r, base, decimalDigits))
		}
		return s
	}},
	{"hashes with a prefix", func(r *rand.Rand) (s []string) {
		for range 40 {
			prefix := pick(r, hexDigits, 28+r.IntN(10))
			for range 10 {
				s = append(s, prefix+pick(r, hexDigits, 40-len(prefix)))
			}
		}
		return s
	}},
	{"hashes with a twin", func(r *rand.Rand) (s []string) {
		for range 200 {
			base := pick(r, hexDigits, 40)
			s = append(s, base, twinOf(r, base, hexDigits))
		}
		return s
	}},
	{"codes of O and 0", func(r *rand.Rand) (s []string) {
		for range 800 {
			s = append(s, pick(r, "O0Il1S5B8Z2", 4)+"-"+pick(r, "O0Il1S5B8Z2", 4))
		}
		return s
	}},
	{"tickets", func(r *rand.Rand) (s []string) {
		for range 600 {
			s = append(s, fmt.Sprintf("INV-2%03d-%c%d", r.IntN(1000), 'A'+rune(r.IntN(26)), r.IntN(10)))
		}
		return s
	}},
	{"addresses", func(r *rand.Rand) (s []string) {
		for range 500 {
			s = append(s, fmt.Sprintf("10.0.%d.%d", r.IntN(10), r.IntN(256)))
		}
		return s
	}},
	{"times", func(r *rand.Rand) (s []string) {
		for i := range 1000 {
			s = append(s, fmt.Sprintf("2026-01-05T12:%02d:%02d.%03dZ", i/60%60, i%60, r.IntN(1000)))
		}
		return s
	}},
	{"paths with a twin", func(r *rand.Rand) (s []string) {
		for range 300 {
			base := fmt.Sprintf("/srv/%s/%s-%d.log", pickWord(r), pickWord(r), r.IntN(100))
			s = append(s, base, twinOf(r, base, decimalDigits+"abcdefghijklmnopqrstuvwxyz"))
		}
		return s
	}},
	{"planted", func(r *rand.Rand) (s []string) {
		for range 60 {
			for _, p := range planted {
				s = append(s, p.make(r))
			}
		}
		return s
	}},
}

// twinOf changes one letter or digit into one of an alphabet that looks like it,
// or returns s if none can be changed.
func twinOf(r *rand.Rand, s, alphabet string) string {
	for range 100 {
		i := r.IntN(len(s))
		for _, to := range confusable[s[i:i+1]] {
			if strings.Contains(alphabet, to) && isWord(rune(s[i])) {
				return s[:i] + to + s[i+1:]
			}
		}
	}
	return s
}

// inReach tells whether a reader that misreads one string may give the other,
// by either table, places that differ being as many as they are.
func inReach(a, b string) bool {
	if twinKey(a) == twinKey(b) {
		return true
	}
	truth, read := []rune(a), []rune(b)
	if _, edits, ok := glyphs.align(truth, read, len(truth)); ok {
		return !slices.ContainsFunc(edits, func(e edit) bool {
			return !glyphs.alike(truth[e.from:e.fromEnd], read[e.to:e.toEnd])
		})
	}
	return false
}

// tookTwin tells whether a repair took a string for a source string that it
// and the truth look like.
func tookTwin(r *Report, truth string) bool {
	return slices.ContainsFunc(r.Findings, func(f Finding) bool {
		return f.Status == Repaired && inReach(f.Replacement, f.Text) && inReach(f.Replacement, truth)
	})
}

// Values of another document are not changed, but for those that a reader may
// have misread from a source string.
func TestIndependentValues(t *testing.T) {
	for _, kind := range []corpus.Kind{corpus.Log, corpus.Code, corpus.JSON, corpus.Markdown, corpus.Table} {
		x := testIndex(readCorpus(t, kind, 21, 100_000))
		values, taken := 0, 0
		for _, s := range exact.Find(readCorpus(t, kind, 22, 100_000)) {
			answer := sourceString{quoted: s.Kind == value.Quotation}.answer(s.Text)
			r := verified(x, answer, "")
			if r.Counts[Found] > 0 {
				continue
			}
			values++
			if r.Plain == answer {
				continue
			}
			if taken++; !tookTwin(r, s.Text) {
				t.Errorf("%s %q is not in the source: %s", kind, s.Text, r.Answer)
			}
		}
		t.Logf("%-8s %5d values that the source lacks, %d taken for one that they look like", kind, values, taken)
	}
}

// Seeds that nothing was chosen by.
var adversarySeeds = []uint64{70219, 331, 48611}

// In sources made to mislead no string is repaired to anything but the truth:
// where the truth stands in the source, and where it is a value of its own that
// no source string is misread as. Values of their own that are within reach of
// a source string are taken for it; how often is printed.
func TestNeverWrongToWrong(t *testing.T) {
	const trials = 10_000
	for _, seed := range adversarySeeds {
		for _, c := range misleading {
			t.Run(fmt.Sprintf("%d %s", seed, c.name), func(t *testing.T) {
				t.Parallel()
				r := rand.New(rand.NewPCG(seed, uint64(len(c.name))))
				reader := noisyReader{Rand: r, rate: 0.05}
				var doc strings.Builder
				var source, held []string
				for i, s := range c.make(r) {
					if i%5 == 4 && !slices.Contains(source, s) {
						held = append(held, s)
						continue
					}
					source = append(source, s)
					fmt.Fprintf(&doc, "The %s is %s now.\n", pickWord(r), s)
				}
				known := map[string]bool{}
				for _, s := range source {
					known[s] = true
				}
				x := testIndex(doc.String())
				var misread, own, ownMisread tally
				values, taken := 0, 0 // of their own; that look like a source string
				for i := range trials/len(misleading) + 1 {
					sum, truth := &misread, source[r.IntN(len(source))]
					if i%2 == 1 {
						sum, truth = &own, held[r.IntN(len(held))]
					}
					read := truth
					if i%4 != 1 {
						read = reader.misread(truth)
						if i%2 == 1 {
							sum = &ownMisread
						}
					}
					report := verified(x, "The value is "+read+" here.", "")
					o := outcomeOf(report, "The value is "+truth+" here.", known[read])
					if i%2 == 1 {
						values++
					}
					if i%2 == 1 && o == wrong && tookTwin(report, truth) {
						taken++
						continue
					}
					sum[o]++
					if o == wrong {
						t.Errorf("true %q, in the source %v, read %q: %s", truth, known[truth], read, report.Answer)
					}
				}
				t.Logf("in the source:     %v", misread)
				t.Logf("not in the source: %v", own)
				t.Logf("neither, misread:  %v", ownMisread)
				t.Logf("taken for a source string that they look like: %d of %d not in the source", taken, values)
			})
		}
	}
}
