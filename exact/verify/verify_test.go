package verify

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"strings"
	"sync"
	"testing"

	"github.com/glyphkit/glyph/internal/corpus"
)

// TestVerify verifies the answers of testdata/answers.json.
func TestVerify(t *testing.T) {
	var data struct {
		Sources map[string]string
		Cases   []struct {
			Name, Source, Question, Answer, Want string
			Counts                               map[Status]int
		}
	}
	b, err := os.ReadFile("testdata/answers.json")
	if err == nil {
		err = json.Unmarshal(b, &data)
	}
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range data.Cases {
		t.Run(c.Name, func(t *testing.T) {
			text, ok := data.Sources[c.Source]
			if !ok {
				t.Fatalf("no source %q", c.Source)
			}
			x := New([]Source{{Name: c.Source, Text: text, Locate: func(offset int64) (int, int) {
				return 1, 1 + strings.Count(text[:offset], "\n")
			}}})
			r := verified(x, c.Answer, c.Question)
			checkReport(t, c.Answer, r)
			if r.Answer != c.Want {
				t.Errorf("got  %s\nwant %s\n%+v", r.Answer, c.Want, r.Findings)
			}
			for status, n := range r.Counts {
				if n != c.Counts[status] {
					t.Errorf("%d %s, want %d: %+v", n, status, c.Counts[status], r.Findings)
				}
			}
			for _, f := range r.Findings {
				if f.Status == Found && (f.PlaceCount == 0 || f.Places[0].Page != 1 || f.Places[0].Line == 0) {
					t.Errorf("%q has no place: %+v", f.Text, f)
				}
			}
		})
	}
}

// checkReport fails if a report contradicts itself.
func checkReport(t *testing.T, answer string, r *Report) {
	t.Helper()
	total := 0
	for _, n := range r.Counts {
		total += n
	}
	if total != len(r.Findings) {
		t.Fatalf("counts are of %d findings, there are %d", total, len(r.Findings))
	}
	var plain strings.Builder
	at, rest := 0, r.Answer
	for _, f := range r.Findings {
		if f.Start < 0 || f.Start >= f.End || f.End > len(answer) || answer[f.Start:f.End] != f.Text {
			t.Fatalf("finding %+v is not in the answer", f)
		}
		if f.Status == Repaired {
			if f.Start < at {
				t.Fatalf("repairs overlap at %d", f.Start)
			}
			plain.WriteString(answer[at:f.Start] + f.Replacement)
			at = f.End
		}
		// Marks of the strings in a quotation come before its own.
		if m := f.Mark(); m != "" && !strings.Contains(rest, m) {
			t.Fatalf("the answer has no mark %s: %s", m, r.Answer)
		}
	}
	plain.WriteString(answer[at:])
	if r.Plain != plain.String() {
		t.Fatalf("plain is %q, repairs give %q", r.Plain, plain.String())
	}
	marks := 0
	for _, f := range r.Findings {
		marks += len(f.Mark())
	}
	if len(r.Answer) != len(r.Plain)+marks {
		t.Fatalf("the answer has %d bytes, plain and marks %d", len(r.Answer), len(r.Plain)+marks)
	}
}

func FuzzVerify(f *testing.F) {
	f.Add("Order 550e8400-e29b-41d4-a716-446655440000 of $1,024.50: the quick brown fox jumped.", "Order 55Oe84O0-e29b-41d4-a7l6-446655440000 of “the quick brovvn fox jumped”: $1,O24.50", "What is 12?")
	f.Add("a 12 March 2024 b\xff", "l2 March 2024 |1| \"a b c\xff d\" 1e999 9,9.9,9", "")
	f.Add("第三章 合同编号 A-204 金额 1,024", "「合同编号 A-2O4 金额 1,O24 第三章」", "章")
	f.Fuzz(func(t *testing.T, source, answer, question string) {
		if len(source)+len(answer)+len(question) > 20_000 {
			t.Skip("long texts take long, and find nothing else")
		}
		x := New([]Source{{Name: "a", Text: source}, {Name: "b", Text: question}})
		checkReport(t, answer, verified(x, answer, question))
	})
}

func FuzzParseConfusions(f *testing.F) {
	f.Add(confusionText)
	f.Add("8 a b\n3 ab c")
	f.Fuzz(func(t *testing.T, text string) {
		if c, err := parseConfusions(text); err == nil {
			c.align([]rune("corner 0O1l"), []rune("comer 0Oll"), 4)
		}
	})
}

func TestBitDistance(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	for range 2000 {
		a, b := []byte(pick(r, "abc", 1+r.IntN(64))), []byte(pick(r, "abc", r.IntN(70)))
		want := slowDistance(a, b)
		if got := newMeasure(a).bitDistance(b); got != want {
			t.Fatalf("%s, %s: %d edits, want %d", a, b, got, want)
		}
		// Strings of more than 64 bytes go by the band.
		long := append([]byte(strings.Repeat("x", 65)), a...)
		k := r.IntN(20)
		if _, ok := withinEdits(long, append([]byte(strings.Repeat("x", 65)), b...), k); ok != (want <= k) {
			t.Fatalf("%s, %s: within %d edits is %v, want %d", a, b, k, ok, want)
		}
	}
}

func slowDistance(a, b []byte) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range a {
		diagonal := row[0]
		row[0] = i + 1
		for j := range b {
			d := diagonal
			if a[i] != b[j] {
				d = 1 + min(diagonal, row[j], row[j+1])
			}
			diagonal, row[j+1] = row[j+1], d
		}
	}
	return row[len(b)]
}

// The index finds the nearest strings and those one edit farther, as comparing
// with every string does.
func TestNeighboursAreAll(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 6))
	var texts []string
	for range 3000 {
		texts = append(texts, pick(r, "ab12", 3+r.IntN(30)))
	}
	x := newNeighbours(texts)
	for range 300 {
		query := glyphs.appendFolded(nil, pick(r, "ab12", 3+r.IntN(30)))
		distances := map[uint32]int{}
		nearest := -1 << 10
		for id := range uint32(len(texts)) {
			s := x.text(id)
			d := slowDistance(query, s)
			if d <= maxEdits(len(s))+1 {
				distances[id] = d
			}
			if d <= min(maxEdits(len(s)), maxEdits(len(query)+1)) {
				if nearest < 0 || d < nearest {
					nearest = d
				}
			}
		}
		found, complete := x.find(query)
		got := map[uint32]int{}
		for _, n := range found {
			got[n.id] = n.distance
		}
		for id, d := range distances {
			if complete && d <= nearest+1 && got[id] != d {
				t.Fatalf("%s: %s is %d edits away, found %v", query, x.text(id), d, got)
			}
		}
	}
}

func TestConcurrentCallsAgree(t *testing.T) {
	x := testIndex(readCorpus(t, corpus.Log, 1, 100_000))
	r := noisyReader{Rand: rand.New(rand.NewPCG(1, 1)), rate: 0.02}
	answer := r.read(readCorpus(t, corpus.Log, 1, 5000))
	reports := make([]*Report, 8)
	var wg sync.WaitGroup
	for i := range reports {
		wg.Go(func() { reports[i] = verified(x, answer, "") })
	}
	wg.Wait()
	checkReport(t, answer, reports[0])
	for _, r := range reports[1:] {
		if r.Answer != reports[0].Answer {
			t.Fatal("two calls gave two answers")
		}
	}
}

func BenchmarkNew(b *testing.B) {
	text := readCorpus(b, corpus.Log, 1, 10<<20)
	b.SetBytes(int64(len(text)))
	for b.Loop() {
		testIndex(text)
	}
}

func BenchmarkVerify(b *testing.B) {
	text := readCorpus(b, corpus.Log, 1, 10<<20)
	x := testIndex(text)
	for _, percent := range []float64{1, 5} {
		b.Run(fmt.Sprintf("%v%%", percent), func(b *testing.B) {
			r := noisyReader{Rand: rand.New(rand.NewPCG(1, 1)), rate: percent / 100}
			answer := r.read(text[5<<20 : 5<<20+10_000])
			for b.Loop() {
				verified(x, answer, "")
			}
		})
	}
}

// verified is Verify, which without a deadline has no error.
func verified(x *Index, answer, question string) *Report {
	r, err := x.Verify(context.Background(), answer, question)
	if err != nil {
		panic(err)
	}
	return r
}

func TestVerifyEndsWithItsContext(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if r, err := testIndex("Invoice INV-2041.").Verify(ctx, "It is INV-2041.", ""); r != nil || !errors.Is(err, context.Canceled) {
		t.Errorf("report %v, error %v", r, err)
	}
}

// Absent numbers are cheap where sources and answer are full of numbers.
func BenchmarkAbsentNumbers(b *testing.B) {
	var source, answer strings.Builder
	for i := range 199 {
		fmt.Fprintf(&source, "Item %d costs %d.%02d.\n", i, 1000+i*37, i%100)
	}
	for i := range 2000 {
		fmt.Fprintf(&answer, "The value is %d.%d and id %d.\n", 70000+i*13, i%10, 900000+i*7)
	}
	x := testIndex(source.String())
	for b.Loop() {
		verified(x, answer.String(), "")
	}
}
