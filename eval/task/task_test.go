package task

import (
	"encoding/json"
	"io"
	"math/rand/v2"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/glyphkit/glyph/exact"
	"github.com/glyphkit/glyph/internal/corpus"
)

// count is near what tokenizers make of English.
func count(s string) int { return len(s) / 4 }

func document(t *testing.T, kind corpus.Kind, size int64) Document {
	t.Helper()
	b, err := io.ReadAll(corpus.New(kind, 1, size))
	if err != nil {
		t.Fatal(err)
	}
	return Document{string(kind), string(b)}
}

func generate(t *testing.T, name string, o Options) *Set {
	t.Helper()
	if o.Count == nil {
		o.Count = count
	}
	set, err := New(name, o)
	if err != nil {
		t.Fatal(err)
	}
	if len(set.Probes) == 0 {
		t.Fatalf("%s has no probes", name)
	}
	return set
}

// solved is the mean score of the solver on transcripts, which read makes of
// the text.
func solved(set *Set, read func(string) string) float64 {
	var sum float64
	for _, p := range set.Probes {
		blind := *p
		blind.Gold, blind.Text = nil, ""
		sum += set.Score(p, set.Solve(&blind, read(p.Text))).Value
	}
	return sum / float64(len(set.Probes))
}

func asIs(s string) string { return s }

// wrapped breaks lines at 60 bytes, in words too, as a narrow page does.
func wrapped(s string) string {
	var b strings.Builder
	for i, r := range []rune(s) {
		if i%60 == 59 {
			b.WriteString("\n")
		}
		b.WriteRune(r)
	}
	return b.String()
}

func rulerNames(t *testing.T) []string {
	t.Helper()
	names, err := Resolve("ruler")
	if err != nil || len(names) != 13 {
		t.Fatalf("ruler is %q, %v; want 13 tasks", names, err)
	}
	return names
}

func TestRULERIsSolvedFromAPerfectTranscript(t *testing.T) {
	for _, name := range rulerNames(t) {
		set := generate(t, name, Options{Seed: 1, Probes: 4, Lengths: []int{4096}})
		if v := solved(set, asIs); v != 1 {
			t.Errorf("%s: %v on the text as it is, want 1", name, v)
		}
		if strings.HasPrefix(name, "ruler/niah") || name == "ruler/vt" {
			if v := solved(set, wrapped); v != 1 {
				t.Errorf("%s: %v on lines broken in words, want 1", name, v)
			}
		}
	}
}

// One character in a hundred misread: short keys survive it, values lose what
// was misread in them.
func TestSolversSurviveNoise(t *testing.T) {
	noisy := func(seed uint64) func(string) string {
		return func(s string) string {
			rng := rand.New(rand.NewPCG(seed, 5))
			b := []byte(s)
			for i := range b {
				if b[i] != '\n' && rng.IntN(100) == 0 {
					b[i] = lowerLetters[rng.IntN(26)]
				}
			}
			return string(b)
		}
	}
	for _, name := range rulerNames(t) {
		set := generate(t, name, Options{Seed: 2, Probes: 6})
		want := 0.6
		if strings.HasPrefix(name, "ruler/niah") && strings.HasSuffix(name, "3") {
			want = 0.3 // a UUID of 36 characters is read right seven times in ten
		}
		if v := solved(set, noisy(3)); v < want {
			t.Errorf("%s: %v with 1 %% noise, want %v or more", name, v, want)
		}
		if v := solved(set, func(string) string { return "" }); v != 0 {
			t.Errorf("%s: %v without a transcript, want 0", name, v)
		}
	}
}

func TestGeneratedTextsHaveTheLengthAskedFor(t *testing.T) {
	for _, name := range append(rulerNames(t), "mrcr/2", "mrcr/8") {
		for _, length := range []int{4096, 32768, 131072} {
			p := generate(t, name, Options{Probes: 1, Lengths: []int{length}}).Probes[0]
			total := count(p.Text) + count(p.Question) + answerReserve
			if total > length || total < length*95/100 {
				t.Errorf("%s: %d tokens for %d", name, total, length)
			}
		}
	}
}

func TestGoldsStandWhereDepthsSay(t *testing.T) {
	for _, name := range rulerNames(t) {
		for _, p := range generate(t, name, Options{Probes: 3}).Probes {
			for i, depth := range p.Depths {
				if strings.HasPrefix(name, "ruler/qa") {
					continue // of documents, not of golds
				}
				at := float64(strings.Index(p.Text, p.Gold[i])) / float64(len(p.Text))
				if at < depth-0.06 || at > depth+0.06 {
					t.Errorf("%s: gold %q at %.2f, depth says %.2f", p.ID, p.Gold[i], at, depth)
				}
			}
		}
	}
}

// Nothing of the question, no example and no gold list is drawn.
func TestOnlyTheHaystackIsDrawn(t *testing.T) {
	for _, name := range rulerNames(t) {
		for _, p := range generate(t, name, Options{Probes: 2}).Probes {
			if strings.Contains(p.Text, p.Question) || strings.Contains(p.Text, "Answer with") {
				t.Errorf("%s: the question is drawn", p.ID)
			}
			for _, gold := range p.Gold {
				if strings.HasPrefix(name, "ruler/niah") && strings.Count(p.Text, gold) != 1 {
					t.Errorf("%s: %q stands %d times in the text", p.ID, gold, strings.Count(p.Text, gold))
				}
			}
		}
	}
}

func TestProbesDependOnNameAndSeedAlone(t *testing.T) {
	o := Options{Seed: 3, Probes: 2, Count: count, Documents: []Document{document(t, corpus.Licence, 20_000)}}
	names := append(rulerNames(t), "acuity", "exact", "ocr", "mrcr/4")
	for _, name := range names {
		first, again := generate(t, name, o), generate(t, name, o)
		if !reflect.DeepEqual(first.Probes, again.Probes) {
			t.Errorf("%s: two calls differ", name)
		}
		ids := map[string]bool{}
		for _, p := range first.Probes {
			if ids[p.ID] || p.Task != name || p.Cluster == "" || p.Document == "" || p.Stratum == "" {
				t.Errorf("%s: probe %+v", name, *p)
			}
			ids[p.ID] = true
			b, err := json.Marshal(p)
			var back Probe
			if err != nil || json.Unmarshal(b, &back) != nil || !reflect.DeepEqual(*p, back) {
				t.Errorf("%s: changed by JSON", p.ID)
			}
		}
		if name == "ocr" {
			continue
		}
		other := o
		other.Seed = 4
		if reflect.DeepEqual(first.Probes, generate(t, name, other).Probes) {
			t.Errorf("%s: seeds 3 and 4 give the same", name)
		}
		more := o
		more.Probes = 3
		if name != "exact" && name != "acuity" && !strings.HasPrefix(name, "ruler/qa") {
			if p := generate(t, name, more).Probes; !reflect.DeepEqual(p[:2], first.Probes) {
				t.Errorf("%s: the first probes change with their number", name)
			}
		}
	}
}

func TestKeyWordsAreFarApart(t *testing.T) {
	for _, list := range [][]string{adjectives, nouns} {
		for i, a := range list {
			for _, b := range list[:i] {
				if d := distance(a, b); d < 3 {
					t.Errorf("%s and %s are %d apart", a, b, d)
				}
			}
		}
	}
	if n := len(adjectives) * len(nouns); n < 9000 {
		t.Errorf("%d keys, want 9000 for 128k tokens of them", n)
	}
}

func TestMRCRGeneratorIsSolved(t *testing.T) {
	for _, name := range []string{"mrcr/2", "mrcr/4", "mrcr/8"} {
		set := generate(t, name, Options{Probes: 5, Lengths: []int{8192}})
		if v := solved(set, asIs); v != 1 {
			t.Errorf("%s: %v, want 1", name, v)
		}
		for _, p := range set.Probes {
			if got := set.Score(p, strings.TrimPrefix(p.Gold[0], p.Prefix)).Value; got != 0 {
				t.Errorf("%s: %v without the prefix, want 0", p.ID, got)
			}
		}
	}
}

func TestOCRAndAcuity(t *testing.T) {
	o := Options{Probes: 3, Documents: []Document{document(t, corpus.Licence, 30_000), document(t, corpus.Log, 5000)}}
	for _, name := range []string{"ocr", "acuity"} {
		set := generate(t, name, o)
		if v := solved(set, asIs); v != 1 {
			t.Errorf("%s: %v, want 1", name, v)
		}
		p := set.Probes[0]
		if s := set.Score(p, "[illegible]"); !s.Abstained || s.Value > 0.05 {
			t.Errorf("%s: abstention scores %+v", name, s)
		}
	}
	o.Probes = 0
	var all strings.Builder
	set := generate(t, "ocr", o)
	for _, p := range set.Probes {
		all.WriteString(p.Text)
		if len(p.Text) > passageBytes {
			t.Errorf("%s has %d bytes", p.ID, len(p.Text))
		}
	}
	if want := o.Documents[0].Text + o.Documents[1].Text; all.String() != want {
		t.Error("passages do not join to the documents")
	}
	if o.Probes = 1; len(generate(t, "ocr", o).Notes) == 0 {
		t.Error("left-out passages are not noted")
	}
}

func TestExactRecallTellsWrongFromAbstained(t *testing.T) {
	const gold = "The id is 4f9a2c1e-77aa-4b1c-9d2e-0123456789ab here. Connect to 10.20.30.40 now. Use version v2.31.7 then."
	var found []exact.String
	for _, s := range []string{"4f9a2c1e-77aa-4b1c-9d2e-0123456789ab", "10.20.30.40", "v2.31.7"} {
		at := int64(strings.Index(gold, s))
		found = append(found, exact.String{Start: at, End: at + int64(len(s)), Text: s})
	}
	for _, c := range []struct {
		name, transcript string
		want             Exact
	}{
		{"perfect", gold, Exact{Total: 3, Right: 3}},
		{"broken over lines", strings.ReplaceAll(gold, "77aa-", "77aa-\n"), Exact{Total: 3, Right: 3}},
		{"one digit wrong", strings.ReplaceAll(gold, "10.20.30.40", "10.20.80.40"), Exact{Total: 3, Right: 2, Wrong: 1}},
		{"marked", strings.ReplaceAll(gold, "10.20.30.40", "[illegible]"), Exact{Total: 3, Right: 2, Abstained: 1}},
		{"left out", strings.ReplaceAll(gold, "10.20.30.40 ", ""), Exact{Total: 3, Right: 2, Missing: 1}},
		{"nothing", "", Exact{Total: 3, Missing: 3}},
	} {
		if got := exactRecall(gold, found, c.transcript); got != c.want {
			t.Errorf("%s: %+v, want %+v", c.name, got, c.want)
		}
	}
}

func TestExact(t *testing.T) {
	set := generate(t, "exact", Options{Seed: 5, Probes: 3, Documents: []Document{document(t, corpus.Log, 9000), document(t, corpus.Licence, 60_000)}})
	if v := solved(set, asIs); v < 0.95 {
		for _, p := range set.Probes {
			if got := set.Solve(p, p.Text); set.Score(p, got).Value < 1 {
				t.Logf("%s: %q, want %q", p.Question, got, p.Gold)
			}
		}
		t.Errorf("%v of exact strings solved, want 0.95", v)
	}
	natural := 0
	for _, p := range set.Probes {
		if !strings.Contains(p.Text, p.Gold[0]) {
			t.Errorf("%s: %q is not in the text", p.ID, p.Gold[0])
		}
		if strings.HasPrefix(p.Stratum, "natural/") {
			natural++
		} else if v := set.Score(p, set.Solve(p, wrapped(p.Text))).Value; v != 1 {
			t.Errorf("%s: not found over broken lines", p.ID)
		}
	}
	if natural < 20 {
		t.Errorf("%d natural strings, want 20", natural)
	}
	p := &Probe{Gold: []string{"v2.31.7"}}
	for answer, want := range map[string]Exact{
		"v2.31.7":                  {Total: 1, Right: 1},
		"It is `v2.31.7`.":         {Total: 1, Right: 1},
		"<think>v1</think>v2.31.7": {Total: 1, Right: 1},
		"v2.31.78":                 {Total: 1, Wrong: 1},
		"v2.31.7.1":                {Total: 1, Wrong: 1},
		"v2.81.7":                  {Total: 1, Wrong: 1},
		"[illegible]":              {Total: 1, Abstained: 1},
		"":                         {Total: 1, Abstained: 1},
		"I cannot read it.":        {Total: 1, Abstained: 1},
		"??":                       {Total: 1, Abstained: 1},
	} {
		if s := set.Score(p, answer); s.Exact != want || s.Value != float64(want.Right) {
			t.Errorf("%q: %+v, want %+v", answer, s, want)
		}
	}
}

func TestResolve(t *testing.T) {
	for name, want := range map[string]int{"ruler": 13, "longbench": 21, "mrcr": 3, "ocr": 1, "ruler/vt": 1} {
		if got, err := Resolve(name); err != nil || len(got) != want {
			t.Errorf("%s: %d tasks, %v; want %d", name, len(got), err, want)
		}
	}
	for name, near := range map[string]string{"rulr": `"ruler"`, "ruler/niah_single_4": `"ruler/niah_single_1"`, "OCR": `"ocr"`} {
		if _, err := Resolve(name); err == nil || !strings.Contains(err.Error(), near) {
			t.Errorf("%s: %v, want %s named", name, err, near)
		}
	}
	if _, err := New("ruler", Options{}); err == nil || !strings.Contains(err.Error(), "group of 13") {
		t.Errorf("a group is no task: %v", err)
	}
	if len(Names()) != 41 || slices.Contains(Names(), "") {
		t.Errorf("%d names", len(Names()))
	}
}

func TestBadOptions(t *testing.T) {
	for _, c := range []struct {
		name, task string
		o          Options
		want       string
	}{
		{"no count", "ruler/vt", Options{}, "Options.Count"},
		{"short", "ruler/vt", Options{Lengths: []int{100}, Count: count}, "256"},
		{"long", "ruler/vt", Options{Lengths: []int{1 << 30}, Count: count}, "are accepted"},
		{"negative", "acuity", Options{Probes: -1}, "are accepted"},
		{"too many keys", "ruler/niah_multikey_2", Options{Lengths: []int{1 << 20}, Probes: 1, Count: count}, "shorter lengths"},
		{"too small", "ruler/cwe", Options{Lengths: []int{512}, Probes: 1, Count: func(s string) int { return len(s) }}, "nothing fits"},
		{"no documents", "ocr", Options{}, "Options.Documents"},
		{"empty documents", "ocr", Options{Documents: []Document{{"a", " \n"}}}, "no text"},
		{"no data", "longbench/lcc", Options{}, "Options.Data"},
	} {
		if _, err := New(c.task, c.o); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v, want %q in it", c.name, err, c.want)
		}
	}
}

func TestProbesThatLackFieldsAreUnscored(t *testing.T) {
	o := Options{Probes: 1, Lengths: []int{2048}, Documents: []Document{{"a", "b"}}}
	for _, name := range Names() {
		if strings.HasPrefix(name, "longbench/") {
			continue
		}
		o := o
		if name == Questions {
			o.Data = strings.NewReader(validLine)
		}
		set := generate(t, name, o)
		if s := set.Score(&Probe{}, set.Solve(&Probe{}, "Some text.")); s.Unscored == "" || s.SilentlyWrong() {
			t.Errorf("%s scores %+v without a gold answer", name, s)
		}
	}
	lcc := longBench{"longbench/lcc", "lcc"}
	if s := lcc.Score(&Probe{}, lcc.Solve(&Probe{}, "")); s.Unscored == "" {
		t.Errorf("longbench scores %+v without a gold answer", s)
	}
}

func TestSilentlyWrong(t *testing.T) {
	set := generate(t, "ruler/niah_single_1", Options{Probes: 1})
	p := set.Probes[0]
	for answer, want := range map[string]bool{p.Gold[0]: false, "1": true, "I do not know.": false, "": false} {
		if got := set.Score(p, answer).SilentlyWrong(); got != want {
			t.Errorf("%q: silently wrong is %v", answer, got)
		}
	}
}

func TestClean(t *testing.T) {
	for in, want := range map[string]string{
		"42<|user|>": "42", "<think>\nhm 41\n</think>\n\n42": "42", "  42\n": "  42\n", "f <| x |> g": "f <| x |> g",
	} {
		if got := clean(in); got != want {
			t.Errorf("%q: %q, want %q", in, got, want)
		}
	}
}
