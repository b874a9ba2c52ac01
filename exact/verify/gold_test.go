package verify

import (
	"bufio"
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// goldDir is where TestGold finds its lists: go test ./exact/verify -run TestGold -args -gold DIR.
// -misses prints the lines that fail.
var (
	goldDir = flag.String("gold", filepath.Join("testdata", "gold", "dev"), "directory with lists of judged answers in JSON lines")
	misses  = flag.Int("misses", 0, "failing lines to print of every kind")
)

// A judged answer is a line of a list: what somebody who had not seen package
// verify says that the verdict on a value must be.
type judged struct {
	ID, Language, Source, Answer, Value, Expect, Truth, Kind, Never string
	Accept                                                          []string
	Values                                                          []struct{ Value, Expect, Truth string }
}

// verdictOf is the worst status of what the report says about a value of an
// answer, "" if it says nothing. The replacement is of a repaired one.
func verdictOf(r *Report, answer, text string) (status Status, replacement string) {
	start := strings.Index(answer, text)
	if start < 0 {
		return "", ""
	}
	rank := len(worst)
	for _, f := range r.Findings {
		if f.Start >= start+len(text) || f.End <= start {
			continue
		}
		if k := slices.Index(worst, f.Status); k < rank {
			rank, status, replacement = k, f.Status, f.Replacement
		}
	}
	return status, replacement
}

var worst = []Status{Contradicted, Absent, Ambiguous, Repaired, InQuestion, Derived, Found}

// Shares are in per cent of a list. The bars are the goal; reached is what the
// committed sample and the half that it is from give at most, asserted so that
// it does not get worse.
var goldBars = map[string]struct{ bar, reached float64 }{
	"right flagged":              {3, 1.7},
	"right unnoticed":            {3, 2},
	"right altered":              {0, 0},
	"verbatim flagged":           {3, 1},
	"verbatim altered":           {0, 0},
	"wrong found":                {0, 0},
	"wrong derived":              {0, 0},
	"wrong unnoticed":            {0, 0},
	"wrong repaired elsewhere":   {0, 0},
	"misread derived":            {0.5, 0},
	"misread found":              {0, 0},
	"misread unnoticed":          {0, 0},
	"misread repaired elsewhere": {0, 0},
	"derived not derived":        {5, 4},
	"spoof found":                {0, 0},
	"spoof unnoticed":            {0, 0.7},
	"natural right flagged":      {3, 13},
	"natural wrong not flagged":  {0, 2},
}

func readJudged(t *testing.T, name string) []judged {
	f, err := os.Open(filepath.Join(*goldDir, name+".jsonl"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	var out []judged
	s := bufio.NewScanner(f)
	s.Buffer(nil, 4<<20)
	for s.Scan() {
		var j judged
		if err := json.Unmarshal(s.Bytes(), &j); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		out = append(out, j)
	}
	if s.Err() != nil || len(out) == 0 {
		t.Fatalf("%s: %d lines, %v", name, len(out), s.Err())
	}
	return out
}

// faults are what is wrong with the verdict on a line of a list, by name of the
// measure; every line counts in the measure's total.
func faults(list string, j judged) (measures []string, failed map[string]bool, said string) {
	r := verified(testIndex(j.Source), j.Answer, "")
	failed = map[string]bool{}
	altered := r.Plain != j.Answer
	if list == "natural" {
		measures = []string{"natural right flagged", "natural wrong not flagged"}
		for _, v := range j.Values {
			status, _ := verdictOf(r, j.Answer, v.Value)
			flagged := isFlagged(status)
			switch {
			case v.Expect == "found" && (flagged || status == Repaired):
				failed[measures[0]] = true
				said += v.Value + " " + string(status) + "; "
			case v.Expect != "found" && v.Expect != "derived" && !flagged && status != Repaired:
				failed[measures[1]] = true
				said += v.Value + " " + string(status) + "; "
			}
		}
		return measures, failed, said
	}
	status, replacement := verdictOf(r, j.Answer, j.Value)
	said = string(status) + " " + replacement
	mark := func(measure string, is bool) {
		measures = append(measures, measure)
		if is {
			failed[measure] = true
		}
	}
	truth := strings.Join(strings.Fields(j.Truth), " ")
	elsewhere := status == Repaired && strings.Join(strings.Fields(replacement), " ") != truth && !strings.Contains(replacement, truth) && !strings.Contains(truth, replacement)
	switch list {
	case "right", "verbatim":
		mark(list+" flagged", isFlagged(status))
		mark(list+" not found", status != Found && status != "")
		mark(list+" unnoticed", status == "")
		mark(list+" altered", altered)
	case "wrong":
		mark("wrong found", status == Found)
		mark("wrong derived", status == Derived)
		mark("wrong unnoticed", status == "")
		mark("wrong not contradicted", status != Contradicted)
		mark("wrong repaired elsewhere", elsewhere)
	case "misread":
		mark("misread derived", status == Derived)
		mark("misread found", status == Found)
		mark("misread unnoticed", status == "")
		mark("misread repaired elsewhere", elsewhere)
		mark("misread not repaired", status != Repaired)
	case "derived":
		mark("derived not derived", status != Derived && !slices.Contains(j.Accept, string(status)))
	case "spoof":
		mark("spoof found", status == Found || status == Derived || status == Repaired)
		mark("spoof unnoticed", status == "")
	}
	return measures, failed, said
}

func isFlagged(s Status) bool { return s == Contradicted || s == Absent || s == Ambiguous }

// TestGold scores the verdicts on lists that another hand made from real
// documents (testdata/gold/README.md).
func TestGold(t *testing.T) {
	for _, list := range []string{"right", "wrong", "derived", "misread", "spoof", "verbatim", "natural"} {
		t.Run(list, func(t *testing.T) {
			t.Parallel()
			type count struct{ failed, n int }
			totals, kinds := map[string]*count{}, map[[2]string]*count{}
			for _, j := range readJudged(t, list) {
				measures, failed, said := faults(list, j)
				for _, m := range measures {
					if totals[m] == nil {
						totals[m] = &count{}
					}
					if kinds[[2]string{m, j.Kind}] == nil {
						kinds[[2]string{m, j.Kind}] = &count{}
					}
					c := kinds[[2]string{m, j.Kind}]
					totals[m].n++
					c.n++
					if failed[m] {
						totals[m].failed++
						if c.failed++; c.failed <= *misses {
							t.Logf("%s: %s %s [%s] %q, truth %q: %s", m, j.ID, j.Kind, j.Language, j.Value, j.Truth, said)
						}
					}
				}
			}
			names := []string{}
			for m := range totals {
				names = append(names, m)
			}
			slices.Sort(names)
			for _, m := range names {
				c := totals[m]
				share := 100 * float64(c.failed) / float64(c.n)
				b, ok := goldBars[m]
				t.Logf("%-28s %4d of %4d = %5.2f %% (bar %v)", m, c.failed, c.n, share, b.bar)
				if ok && share > b.reached {
					t.Errorf("%s: %.2f %%, want at most %.2f", m, share, b.reached)
				}
				if testing.Verbose() {
					var parts []string
					for k, c := range kinds {
						if k[0] == m && c.failed > 0 {
							parts = append(parts, k[1]+" "+strconv.Itoa(c.failed)+"/"+strconv.Itoa(c.n))
						}
					}
					slices.Sort(parts)
					t.Logf("    %s", strings.Join(parts, ", "))
				}
			}
		})
	}
}
