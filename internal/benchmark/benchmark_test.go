package benchmark

import (
	"encoding/json"
	"math"
	"math/rand/v2"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/glyphkit/glyph/eval/metric"
)

// read decodes a file of worked examples; testdata/README.md says how each was
// made.
func read[T any](t *testing.T, name string) []T {
	t.Helper()
	b, err := os.ReadFile("testdata/" + name)
	if err != nil {
		t.Fatal(err)
	}
	var cases []T
	if err := json.Unmarshal(b, &cases); err != nil {
		t.Fatal(err)
	}
	if len(cases) == 0 {
		t.Fatalf("%s has no examples", name)
	}
	return cases
}

func near(got, want float64) bool { return math.Abs(got-want) < 1e-12 }

func TestSequenceRatio(t *testing.T) {
	for _, c := range read[struct {
		A, B string
		Want float64
	}](t, "sequence.json") {
		if got := sequenceRatio(c.A, c.B); !near(got, c.Want) {
			t.Errorf("%.60q, %.60q: %v, want %v", c.A, c.B, got, c.Want)
		}
	}
}

func TestLongBench(t *testing.T) {
	seen := map[string]bool{}
	for _, c := range read[struct {
		Set, Answer string
		Golds       []string
		Classes     []string
		Want        float64
	}](t, "longbench.json") {
		got, err := LongBench(c.Set, c.Answer, c.Golds, c.Classes)
		if err != nil || !near(got, c.Want) {
			t.Errorf("%s: %q for %q: %v, %v; want %v", c.Set, c.Answer, c.Golds, got, err, c.Want)
		}
		seen[c.Set] = true
	}
	for _, set := range LongBenchSets() {
		if !seen[set] {
			t.Errorf("%s has no worked example", set)
		}
		if LongBenchMetric(set) == "" {
			t.Errorf("%s has no metric", set)
		}
	}
	if n := len(LongBenchSets()); n != 21 {
		t.Errorf("%d data sets, want 21", n)
	}
	if _, err := LongBench("lcc2", "", nil, nil); err == nil || !strings.Contains(err.Error(), "repobench-p") {
		t.Errorf("unknown set: %v", err)
	}
}

func TestSegment(t *testing.T) {
	for _, c := range read[struct {
		Text  string
		Words []string
	}](t, "segment.json") {
		if got := segment(c.Text); !slices.Equal(got, c.Words) {
			t.Errorf("%q\n got %q\nwant %q", c.Text, got, c.Words)
		}
	}
}

func TestRULER(t *testing.T) {
	for _, c := range []struct {
		answer    string
		golds     []string
		all, part float64
	}{
		{"The numbers are 1234567 and 7654321.", []string{"1234567", "7654321"}, 1, 1},
		{"1234567", []string{"1234567", "7654321", "1", "9"}, 0.5, 1},
		{"the answer: paris", []string{"Paris", "London"}, 0.5, 1},
		{"", []string{"x"}, 0, 0},
		{"x", nil, 0, 0},
		{"12345678", []string{"1234567"}, 1, 1},
	} {
		if all, part := StringMatchAll(c.answer, c.golds), StringMatchPart(c.answer, c.golds); all != c.all || part != c.part {
			t.Errorf("%q for %q: %v and %v, want %v and %v", c.answer, c.golds, all, part, c.all, c.part)
		}
	}
}

func TestMRCR(t *testing.T) {
	for _, c := range []struct {
		answer, gold string
		want         float64
	}{
		{"k3Xabcd", "k3Xbcde", 0.75}, {"abcd", "k3Xabcd", 0}, {" k3Xabcd", "k3Xabcd", 0}, {"k3X", "k3X", 1}, {"k3Xabcd", "k3Xabcd", 1}, {"k3X", "k3Xab", 0},
	} {
		if got := MRCR(c.answer, c.gold, "k3X"); got != c.want {
			t.Errorf("%q for %q: %v, want %v", c.answer, c.gold, got, c.want)
		}
	}
}

func randomText(rng *rand.Rand, n int, alphabet string) string {
	b := make([]byte, n)
	for i := range b {
		b[i] = alphabet[rng.IntN(len(alphabet))]
	}
	return string(b)
}

func TestLCSIsCommonAndLongest(t *testing.T) {
	rng := rand.New(rand.NewPCG(3, 4))
	for range 500 {
		x := strings.Split(randomText(rng, rng.IntN(100), "abcde"), "")
		y := strings.Split(randomText(rng, rng.IntN(100), "abcde"), "")
		pairs := LCS(x, y)
		for k, p := range pairs {
			if x[p[0]] != y[p[1]] || k > 0 && (p[0] <= pairs[k-1][0] || p[1] <= pairs[k-1][1]) {
				t.Fatalf("%q, %q: %v is not a common subsequence", x, y, pairs)
			}
		}
		// Without substitutions the distance is what the subsequence leaves; with
		// them it is between half of that and that.
		left := len(x) + len(y) - 2*len(pairs)
		if d := metric.EditDistance(x, y); d > left || 2*d < left {
			t.Fatalf("%q, %q: %d pairs at distance %d", x, y, len(pairs), d)
		}
	}
}

func FuzzMetrics(f *testing.F) {
	f.Add("the cat", "a cat.", "Paragraph 3")
	f.Add("价格为3.5元 \r\n", "\xff.", "段落")
	f.Fuzz(func(t *testing.T, answer, gold, class string) {
		answer, gold = answer[:min(len(answer), 300)], gold[:min(len(gold), 300)]
		for _, set := range LongBenchSets() {
			if v, err := LongBench(set, answer, []string{gold}, []string{class, gold}); err != nil || !(v >= 0 && v <= 1) {
				t.Errorf("%s: %v, %v", set, v, err)
			}
		}
		if got := strings.Join(segment(answer), ""); got != answer {
			t.Errorf("segments of %q join to %q", answer, got)
		}
		if v := MRCR(answer, gold, class); !(v >= 0 && v <= 1) {
			t.Errorf("MRCR %v", v)
		}
	})
}

func BenchmarkSegment(b *testing.B) {
	text := strings.Repeat("小明硕士毕业于中国科学院计算所，后在日本京都大学深造。", 100)
	segment("")
	b.SetBytes(int64(len(text)))
	for b.Loop() {
		segment(text)
	}
}
