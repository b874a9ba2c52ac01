package verify

import (
	"cmp"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/glyphkit/glyph/internal/corpus"
)

// An outcome is what became of a misread string.
type outcome int

const (
	repaired  outcome = iota
	ambiguous         // candidates listed
	absent            // said to be unsupported
	unnoticed         // no finding speaks of it
	other             // what was read stands in the source
	wrong             // repaired, and not to the truth
	outcomes
)

// outcomeOf judges strictly: where anything was repaired, the text must be the
// true one.
func outcomeOf(r *Report, want string, known bool) outcome {
	switch {
	case r.Counts[Repaired] > 0 && r.Plain == want:
		return repaired
	case r.Counts[Repaired] > 0:
		return wrong
	case known:
		return other
	case r.Counts[Ambiguous] > 0:
		return ambiguous
	case r.Counts[Absent]+r.Counts[Contradicted] > 0:
		return absent
	}
	return unnoticed
}

// A tally counts outcomes.
type tally [outcomes]int

// noticeable is how many could be told from the truth.
func (t tally) noticeable() int {
	n := -t[other]
	for _, c := range t {
		n += c
	}
	return n
}

func (t tally) String() string {
	share := func(o outcome) float64 { return 100 * float64(t[o]) / float64(max(t.noticeable(), 1)) }
	return fmt.Sprintf("%6d misread: %6.2f %% repaired, %5.2f %% ambiguous, %5.2f %% absent, %5.2f %% not noticed, %d wrong; %d became another source string",
		t.noticeable(), share(repaired), share(ambiguous), share(absent), share(unnoticed), t[wrong], t[other])
}

// tallies counts by a key.
type tallies[K cmp.Ordered] map[K]*tally

func (t tallies[K]) add(key K, o outcome) {
	if t[key] == nil {
		t[key] = &tally{}
	}
	t[key][o]++
}

func (t tallies[K]) log(tb testing.TB, format string) {
	for _, key := range slices.Sorted(maps.Keys(t)) {
		tb.Logf(format+" %v", key, *t[key])
	}
}

// answer puts what was read into a sentence.
func (s sourceString) answer(read string) string {
	if s.quoted {
		return `The value is "` + read + `" here.`
	}
	return "The value is " + read + " here."
}

// A seed that nothing was chosen by.
const repairSeed = 2718

// Of strings that stand once in their source and have no twin there, misread
// at 5 % a character, 95 % are repaired, and 90 % of every planted kind; the
// rule speaks of strings of four characters or more, and per kind of eight.
func TestRepairs(t *testing.T) {
	for _, c := range []struct {
		name   string
		reader noisyReader
		bar    bool
	}{
		{"glyphs that are alike", noisyReader{rate: 0.05}, true},
		{"one error in ten is any", noisyReader{rate: 0.045, unlike: 0.005}, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			reader := c.reader
			reader.Rand = rand.New(rand.NewPCG(repairSeed, 2))
			var populations []population
			for range 8 {
				populations = append(populations, newPlanted(t, reader.Rand))
			}
			for _, kind := range []corpus.Kind{corpus.Log, corpus.Code, corpus.JSON, corpus.Markdown, corpus.Table} {
				populations = append(populations, newPopulation(readCorpus(t, kind, repairSeed, 60_000), string(kind), nil))
			}
			all, isolated := tallies[string]{}, tallies[string]{}
			long, byLength := tallies[string]{}, tallies[int]{}
			for _, p := range populations {
				for _, s := range p.strings {
					read := reader.read(s.text)
					if read == s.text {
						continue
					}
					o := outcomeOf(verified(p.index, s.answer(read), ""), s.answer(s.text), p.known[read])
					if o == wrong && c.bar {
						t.Errorf("true %q, read %q: %s", s.text, read, verified(p.index, s.answer(read), "").Answer)
					}
					all.add(s.group, o)
					all.add("~ all", o)
					if !s.isolated {
						continue
					}
					byLength.add(min(len(s.text)/4*4, 64), o)
					isolated.add(s.group, o)
					isolated.add("~ all", o)
					if len(s.text) >= minRepaired {
						isolated.add("~ of four characters and more", o)
					}
					if len(s.text) >= 8 {
						long.add(s.group, o)
					}
				}
			}
			t.Log("every string that stands once")
			all.log(t, "%-30s")
			t.Log("those without a twin")
			isolated.log(t, "%-30s")
			t.Log("those without a twin, by length")
			byLength.log(t, "%2d bytes and more             ")
			if !c.bar {
				return
			}
			if n := isolated["~ of four characters and more"]; n[repaired]*100 < n.noticeable()*95 {
				t.Errorf("repaired %d of %d, want 95 %%", n[repaired], n.noticeable())
			}
			for _, p := range planted {
				if n := long["planted "+p.name]; n[repaired]*100 < n.noticeable()*90 {
					t.Errorf("%s: repaired %d of %d, want 90 %%", p.name, n[repaired], n.noticeable())
				}
			}
		})
	}
}
