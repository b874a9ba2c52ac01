package metric

import (
	"math/rand/v2"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// apply makes got of want by edits, in the order given.
func apply(want, got []rune, edits []Edit) []rune {
	var out []rune
	at := 0
	for _, e := range edits {
		out = append(out, want[at:e.Want]...)
		if at = e.Want; e.Got != len(out) {
			return []rune("an edit at the wrong place")
		}
		switch e.Kind {
		case Deletion:
			at++
		case Insertion:
			out = append(out, got[e.Got])
		case Substitution:
			out = append(out, got[e.Got])
			at++
		}
	}
	return append(out, want[at:]...)
}

// An alignment makes one text of the other in as few edits as the distance that
// scores are made of.
func TestAlign(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.SliceOf(rapid.SampledFrom([]rune("abc-"))) // few letters, many ties
		want, got := text.Draw(t, "want"), text.Draw(t, "got")
		edits := Align(want, got)
		if d := EditDistance(want, got); len(edits) != d {
			t.Fatalf("%d edits, distance %d", len(edits), d)
		}
		if back := apply(want, got, edits); !slices.Equal(back, got) {
			t.Fatalf("%q became %q, not %q", string(want), string(back), string(got))
		}
		for _, e := range edits {
			if e.Kind == Substitution && want[e.Want] == got[e.Got] {
				t.Fatalf("%q is put in place of itself", want[e.Want])
			}
		}
	})
}

func TestAlignIsStable(t *testing.T) {
	for _, c := range []struct {
		want, got string
		edits     []Edit
	}{
		{"kitten", "kitchen", []Edit{{Substitution, 3, 3}, {Insertion, 4, 4}}},
		{"a cat sat", "a sat", []Edit{{Deletion, 2, 2}, {Deletion, 3, 2}, {Deletion, 4, 2}, {Deletion, 5, 2}}},
		{"", "ab", []Edit{{Insertion, 0, 0}, {Insertion, 0, 1}}},
		{"modern", "modem", []Edit{{Deletion, 4, 4}, {Substitution, 5, 4}}},
		{"same", "same", nil},
	} {
		if got := Align([]rune(c.want), []rune(c.got)); !slices.Equal(got, c.edits) {
			t.Errorf("%q to %q: %v, want %v", c.want, c.got, got, c.edits)
		}
	}
}

// A long text with a few errors is aligned in memory that the texts take.
func TestAlignLongTexts(t *testing.T) {
	rnd := rand.New(rand.NewPCG(1, 2))
	want := make([]rune, 30_000)
	for i := range want {
		want[i] = 'a' + rune(rnd.IntN(26))
	}
	got := slices.Clone(want)
	for range 50 {
		at := rnd.IntN(len(got))
		switch rnd.IntN(3) {
		case 0:
			got[at] = '-'
		case 1:
			got = slices.Delete(got, at, at+1)
		case 2:
			got = slices.Insert(got, at, '+')
		}
	}
	var edits []Edit
	memory := testing.AllocsPerRun(1, func() { edits = Align(want, got) })
	if back := apply(want, got, edits); !slices.Equal(back, got) || len(edits) != EditDistance(want, got) {
		t.Errorf("%d edits do not make one of the other", len(edits))
	}
	if memory > 2000 {
		t.Errorf("%g allocations", memory)
	}
}
