package judge

import (
	"bufio"
	"bytes"
	"fmt"
	"math"
	"os"
	"strconv"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// forms reads a file of quoted answers and what each is read as.
func forms(t *testing.T, file string, read func(string) string) {
	t.Helper()
	f, err := os.Open(file)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	n := 0
	for s := bufio.NewScanner(f); s.Scan(); {
		line := s.Text()
		if line == "" || line[0] == '#' {
			continue
		}
		quoted, err := strconv.QuotedPrefix(line)
		if err != nil {
			t.Fatalf("%s: %v", line, err)
		}
		answer, _ := strconv.Unquote(quoted)
		want := strings.TrimSpace(line[len(quoted):])
		if got := read(answer); got != want {
			t.Errorf("%q is read as %s, want %s", answer, got, want)
		}
		n++
	}
	if n == 0 {
		t.Errorf("%s is empty", file)
	}
}

func TestScoreForms(t *testing.T) {
	forms(t, "testdata/scores.txt", func(answer string) string {
		score, v := parseScore(answer)
		if v.Unscored != "" {
			return string(v.Unscored)
		}
		return strconv.Itoa(score)
	})
}

func TestWinnerForms(t *testing.T) {
	forms(t, "testdata/winners.txt", func(answer string) string {
		v := parseWinner(answer)
		return string(v.Winner) + string(v.Unscored)
	})
}

// tableKappa is quadratic-weighted κ from its definition: a table of counts and
// one of what chance gives.
func tableKappa(items []rated) float64 {
	var table [MaxScore + 1][MaxScore + 1]float64
	var rows, columns [MaxScore + 1]float64
	for _, r := range items {
		table[int(r.label)][int(r.category)]++
		rows[int(r.label)]++
		columns[int(r.category)]++
	}
	n := float64(len(items))
	observed, expected := 0.0, 0.0
	for i := range table {
		for j := range table {
			w := float64((i - j) * (i - j))
			observed += w * table[i][j] / n
			expected += w * rows[i] * columns[j] / (n * n)
		}
	}
	return 1 - observed/expected
}

func TestQuadraticKappaIsThatOfTheTable(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		score := rapid.IntRange(MinScore, MaxScore)
		var items []rated
		for range rapid.IntRange(1, 40).Draw(t, "n") {
			items = append(items, rated{label: float64(score.Draw(t, "label")), category: float64(score.Draw(t, "judge"))})
		}
		got, want := quadraticKappa(items), tableKappa(items)
		if math.IsNaN(got) != math.IsNaN(want) || math.Abs(got-want) > 1e-9 {
			t.Fatalf("%v, by table %v", got, want)
		}
	})
}

// Worked by hand: labels 1 2 3 4 5, judge 1 2 3 5 4. Squares apart: 2; chance:
// both have mean 3 and variance 2, so 5·(2+2) = 20; κ = 1 - 2/20.
func TestAgreementOfAWorkedExample(t *testing.T) {
	var labels []Label
	var verdicts []Verdict
	for i, score := range []float64{1.2, 1.8, 3, 5, 4.4} {
		labels = append(labels, Label{Score: i + 1})
		verdicts = append(verdicts, Verdict{Score: score})
	}
	labels = append(labels, Label{Score: 1})
	verdicts = append(verdicts, Verdict{Unscored: Refused})
	a := agree(Scores, labels, verdicts)
	if math.Abs(a.Kappa.Estimate.Value-0.9) > 1e-12 || a.Kappa.Name != "quadratic-weighted kappa" {
		t.Errorf("kappa %v", a.Kappa)
	}
	if math.Abs(a.Spearman.Estimate.Value-0.9) > 1e-12 { // 1 - 6·2/(5·24)
		t.Errorf("Spearman %v", a.Spearman)
	}
	if a.Labels != 6 || a.Scored != 5 || a.Unscored[Refused] != 1 || a.Same != 3 || a.Tied != 0 {
		t.Errorf("%+v", a)
	}
	if e := a.Kappa.Estimate; e.N != 5 || e.Low > e.Value || e.High < e.Value || e.Unit != "label" {
		t.Errorf("interval %+v", e)
	}
}

func TestLabelsOfADocumentAreOneCluster(t *testing.T) {
	var labels []Label
	var verdicts []Verdict
	for i := range 20 {
		labels = append(labels, Label{Case: Case{Document: fmt.Sprint("d", i/5)}, Score: i%5 + 1})
		verdicts = append(verdicts, Verdict{Score: float64(i%5 + 1)})
	}
	if e := agree(Scores, labels, verdicts).Kappa.Estimate; e.Clusters != 4 || e.Unit != "document" {
		t.Errorf("%+v", e)
	}
}

func TestLoadErrorsNameTheLine(t *testing.T) {
	const ok = `{"question":"q","answer":"a","score":3}` + "\n"
	for _, c := range []struct{ name, data, want string }{
		{"broken", ok + "{", "labels, line 2: the JSON ends too early"},
		{"number", "\n\n7", "line 3"},
		{"two on a line", `{"question":"q","answer":"a","score":3} {}`, "something follows"},
		{"unknown key", `{"question":"q","answer":"a","score":3,"mark":1}`, `"mark"`},
		{"no question", `{"answer":"a","score":3}`, `no "question"`},
		{"no answer", `{"question":"q","score":3}`, `either "answer"`},
		{"both kinds", `{"question":"q","answer":"a","a":"b","b":"c","score":3}`, `either "answer"`},
		{"half a pair", `{"question":"q","a":"b","winner":"a"}`, `both "a" and "b"`},
		{"score 0", `{"question":"q","answer":"a"}`, `"score" 0`},
		{"score 6", `{"question":"q","answer":"a","score":6}`, `"score" 6`},
		{"half a score", `{"question":"q","answer":"a","score":3.5}`, "score"},
		{"winner", `{"question":"q","a":"a","b":"b","winner":"c"}`, `"winner" "c"`},
		{"score of a pair", `{"question":"q","a":"a","b":"b","winner":"a","score":1}`, `no "score"`},
		{"mixed", ok + `{"question":"q","a":"a","b":"b","winner":"a"}`, "line 2: it is of kind"},
		{"not UTF-8", "{\"question\":\"\xff\"}", "not UTF-8"},
		{"long", `{"question":"` + strings.Repeat("q", maxLine) + `"}`, "line 1: longer than 1 MiB"},
		{"empty", "\n \n", "no records"},
	} {
		if _, err := ReadLabels(strings.NewReader(c.data), "labels"); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v, want %q in it", c.name, err, c.want)
		}
	}
	if labels, err := ReadLabels(strings.NewReader(ok+"\n"+ok), "labels"); err != nil || len(labels) != 2 {
		t.Errorf("%d labels, %v", len(labels), err)
	}
	if _, err := ReadCases(strings.NewReader(ok), "cases"); err == nil || !strings.Contains(err.Error(), `"score"`) {
		t.Errorf("a case with a score: %v", err)
	}
}

func TestCalibrationFilesThatAreNone(t *testing.T) {
	for data, want := range map[string]string{
		"": "ends too early", "[]": "reading calibration f", `{"format":"x"}`: "format", `{"passed":1}`: "passed", "{} {}": "something follows",
		`{"format":"glyph judge calibration 1","kind":"x"}`:                               "kind",
		`{"format":"glyph judge calibration 1","kind":"pairs","criteria":"c","bar":0}`:    "bar 0",
		`{"format":"glyph judge calibration 1","kind":"pairs","criteria":"c","odd":true}`: "odd",
		strings.Repeat(" ", maxCalibration+1):                                             "longer than 1 MiB",
	} {
		if _, err := ReadCalibration(strings.NewReader(data), "f"); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%.40q: %v, want %q in it", data, err, want)
		}
	}
}

func FuzzReadLabels(f *testing.F) {
	f.Add([]byte(`{"question":"q","answer":"a","score":3}` + "\n" + `{"question":"q","reference":"r","answer":"b","score":1,"document":"d"}`))
	f.Add([]byte(`{"question":"q","a":"x","b":"y","winner":"tie"}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		labels, err := ReadLabels(bytes.NewReader(data), "labels")
		if err != nil {
			return
		}
		kind, _ := labels[0].kind()
		for _, l := range labels {
			if err := l.check(kind); err != nil || kind == Scores && (l.Score < MinScore || l.Score > MaxScore) {
				t.Fatalf("%+v: %v", l, err)
			}
		}
	})
}

func FuzzReadCalibration(f *testing.F) {
	var b bytes.Buffer
	c := Calibration{Format: recordFormat, Kind: Pairs, Criteria: "c", Bar: 0.6}
	if err := c.Write(&b); err != nil {
		f.Fatal(err)
	}
	f.Add(b.Bytes())
	f.Fuzz(func(t *testing.T, data []byte) {
		c, err := ReadCalibration(bytes.NewReader(data), "record")
		if err != nil {
			return
		}
		c.failing()
		if err := c.Write(&bytes.Buffer{}); err != nil {
			t.Fatal(err)
		}
	})
}

func FuzzParse(f *testing.F) {
	f.Add("Score: 4/5")
	f.Add("**B**")
	f.Fuzz(func(t *testing.T, answer string) {
		score, v := parseScore(answer)
		if v.Unscored == "" && (score < MinScore || score > MaxScore) || v.Unscored != "" && score != 0 {
			t.Fatalf("%q: %d, %+v", answer, score, v)
		}
		if w := parseWinner(answer); (w.Winner == "") == (w.Unscored == "") {
			t.Fatalf("%q: %+v", answer, w)
		}
	})
}
