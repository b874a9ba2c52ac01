package secrets

import (
	"fmt"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// wholeText is scan without anchors, filters and windows.
func (s *ruleSet) wholeText(text string) []Finding {
	var found []Finding
	lower := strings.ToLower(text)
	for _, r := range s.rules {
		if slices.ContainsFunc(r.Keywords, func(k string) bool { return strings.Contains(lower, strings.ToLower(k)) }) {
			for _, m := range r.regex().FindAllStringSubmatchIndex(text, -1) {
				found = s.accept(found, r, text, 0, m)
			}
		}
	}
	return found
}

// FuzzScanIsWholeText shows that looking around anchors only misses nothing:
// what the expressions find in the whole text lies in something found.
func FuzzScanIsWholeText(f *testing.F) {
	for _, name := range []string{"found.txt", "innocent.txt"} {
		data, err := os.ReadFile("testdata/" + name)
		if err != nil {
			f.Fatal(err)
		}
		for line := range strings.Lines(string(data)) {
			f.Add(strings.NewReplacer("«", "", "»", "", "¦", "", `\n`, "\n", "\t", " ").Replace(line))
		}
	}
	f.Fuzz(func(t *testing.T, text string) {
		if len(text) > near { // beyond it a rule without an anchor need not look
			text = text[:near]
		}
		set := rules()
		found := set.scan(text)
		for _, w := range set.wholeText(text) {
			if !slices.ContainsFunc(found, func(f Finding) bool { return f.Rule == w.Rule && f.Start < w.End && w.Start < f.End }) {
				t.Errorf("%s %q was not found in %q", w.Rule, text[w.Start:w.End], text)
			}
		}
	})
}

// Expressions are compiled when they are first needed, which must not be in a
// user's hands.
func TestEveryExpressionCompiles(t *testing.T) {
	set := rules()
	lists := slices.Clone(set.allow)
	for _, r := range set.rules {
		if _, err := regexp.Compile(r.Regex); err != nil {
			t.Errorf("%s: %v", r.ID, err)
		}
		lists = append(lists, r.Allowlists...)
	}
	for _, a := range lists {
		for _, expr := range a.Regexes {
			if _, err := regexp.Compile(expr); err != nil {
				t.Error(err)
			}
		}
	}
}

func TestTargetRules(t *testing.T) {
	const rule = "[[rules]]\nid = %q\nregex = 'key=(\\w+)'\nkeywords = [\"key\"]\n"
	const list = "[[allowlists]]\ntargetRules = [\"one\"]\nregexes = ['^free$']\n"
	set, err := loadRules(fmt.Sprintf(rule, "one"), fmt.Sprintf(rule, "two")+list)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, f := range set.scan("key=free") {
		got = append(got, f.Rule)
	}
	if want := []string{"two"}; !slices.Equal(got, want) {
		t.Errorf("found by %q, want %q", got, want)
	}
	if _, err := loadRules(fmt.Sprintf(rule, "two") + list); err == nil || !strings.Contains(err.Error(), `rule "one"`) {
		t.Errorf("a list for a rule that is not there: %v", err)
	}
}

func TestEntropy(t *testing.T) {
	for text, want := range map[string]float64{"": 0, "aaaa": 0, "ab": 1, "abcd": 2, "aabb": 1, "0123456789abcdef": 4} {
		if got := entropy(text); got != want {
			t.Errorf("entropy(%q) = %v, want %v", text, got, want)
		}
	}
}

func TestAnchors(t *testing.T) {
	for _, c := range []struct {
		expr   string
		words  []string
		before int
		after  int
	}{
		{`ghp_[0-9a-zA-Z]{36}`, []string{"ghp_"}, 0, 40},
		{`\b(?:AKIA|ASIA)[A-Z2-7]{16}\b`, []string{"akia", "asia"}, 0, 20},
		{`(?i)[\w.-]{0,50}?(?:snyk)[=:](\d{3})`, []string{"snyk:", "snyk="}, 50, 8},
		{`-----BEGIN[ A-Z]{0,9}KEY-----[\s\S]+?KEY`, []string{"-----begin"}, 0, unbounded},
		{`[Kk]ey(?:ed)?-x`, []string{"key-x", "keyed-x"}, 0, 7},
		{`[a-f0-9]{40}`, nil, 0, 0},
	} {
		a, ok := findAnchor(c.expr)
		if ok != (c.words != nil) || !slices.Equal(a.words, c.words) || a.before != c.before || a.after != c.after {
			t.Errorf("%s: %q %d %d, want %q %d %d", c.expr, a.words, a.before, a.after, c.words, c.before, c.after)
		}
	}
}
