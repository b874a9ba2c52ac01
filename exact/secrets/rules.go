package secrets

import (
	_ "embed"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
	"sync"

	"github.com/BurntSushi/toml"
)

// Version names the rule set: that of gitleaks, its release, and the revision
// of the rules that stand beside it in this package.
const Version = "gitleaks v8.30.1 + glyph 3"

// rulesSHA256 is the hash of that release's rules, config/gitleaks.toml, in
// hexadecimal.
const rulesSHA256 = "e163e53b9e7e8a8511e77271e2b323ed057759542a6d988258afe3a1fa329caf"

// gitleaks is config/gitleaks.toml of the release that Version names,
// unchanged. Its licence is rules/LICENSE.
//
//go:embed rules/gitleaks.toml
var gitleaks string

// own is what gitleaks has no rule for.
//
//go:embed rules/glyph.toml
var own string

// leftOut are rules that need the name of a file, which a text does not have.
var leftOut = []string{
	"pkcs12-file",           // nothing but the name
	"hashicorp-tf-password", // password = "…" is in every tutorial
}

// rule is a [[rules]] table. Paths are left aside.
type rule struct {
	ID          string
	Description string
	Regex       string
	SecretGroup int
	Entropy     float64 // bits a character; a secret has more
	Keywords    []string
	Allowlists  []*allowlist
	Judge       string // of our rules: what kind of secret a match has to be, as in judged

	anchor   anchor
	anchored bool
	regex    func() *regexp.Regexp
	judge    func(value string) bool
	tails    sync.Pool // of *dfa for the anchor's tail
}

// allowlist says what is no secret although a rule matches.
type allowlist struct {
	Condition   string // "AND", or "" for any
	RegexTarget string // "match", "line" or "" for the secret
	Regexes     []string
	Stopwords   []string
	Paths       []string
	TargetRules []string // of a file's own lists: the rules it is for

	regexes   func() []*regexp.Regexp
	stopwords func() *matcher
}

type ruleFile struct {
	Allowlist  *allowlist   // for every rule
	Allowlists []*allowlist // with TargetRules
	Rules      []*rule
}

// ruleSet is what Scan works with. Each word of the matcher is a keyword or
// an anchor of some rules.
type ruleSet struct {
	rules    []*rule
	allow    []*allowlist // for every rule
	words    *matcher
	keywords [][]int // rules that a word is a keyword of
	anchors  [][]int // rules that a word is an anchor of
	keyWord  []bool  // a word may be part of a key, for pairs
	tool     []bool  // a word is the name of a command, for pairs
	wrapped  int     // the word that begins a wrapped key, for pairs
}

var rules = sync.OnceValue(func() *ruleSet {
	s, err := loadRules(gitleaks, own)
	if err != nil {
		panic("secrets: " + err.Error()) // embedded; a test loads them
	}
	return s
})

func loadRules(files ...string) (*ruleSet, error) {
	s := &ruleSet{}
	var targeted []*allowlist
	for _, text := range files {
		var f ruleFile
		if err := toml.Unmarshal([]byte(text), &f); err != nil {
			return nil, fmt.Errorf("reading rules: %w", err)
		}
		if f.Allowlist != nil {
			s.allow = append(s.allow, f.Allowlist)
		}
		targeted = append(targeted, f.Allowlists...)
		for _, r := range f.Rules {
			if !slices.Contains(leftOut, r.ID) {
				s.rules = append(s.rules, r)
			}
		}
	}
	for _, a := range s.allow {
		a.prepare()
	}
	for _, a := range targeted {
		for _, id := range a.TargetRules {
			i := slices.IndexFunc(s.rules, func(r *rule) bool { return r.ID == id })
			if i < 0 {
				return nil, fmt.Errorf("an allowlist for rule %q; accepted: rules of these files", id)
			}
			s.rules[i].Allowlists = append(s.rules[i].Allowlists, a)
		}
	}
	index := map[string]int{}
	var words []string
	word := func(w string) int {
		i, ok := index[w]
		if !ok {
			i = len(words)
			index[w] = i
			words = append(words, w)
			s.keywords, s.anchors, s.keyWord, s.tool = append(s.keywords, nil), append(s.anchors, nil), append(s.keyWord, false), append(s.tool, false)
		}
		return i
	}
	for i, r := range s.rules {
		if r.judge = judged[r.Judge]; r.judge == nil {
			return nil, fmt.Errorf("rule %q has the judge %q; accepted: %q", r.ID, r.Judge, slices.Sorted(maps.Keys(judged)))
		}
		if r.Regex == "" || len(r.Keywords) == 0 {
			return nil, fmt.Errorf("rule %q has no regex or no keywords; accepted: both", r.ID)
		}
		for _, a := range r.Allowlists {
			a.prepare()
		}
		r.anchor, r.anchored = findAnchor(r.Regex)
		r.regex = lazy(r.Regex)
		r.tails.New = func() any { return newDFA(r.anchor.tail) }
		for _, k := range r.Keywords {
			w := word(strings.ToLower(k))
			s.keywords[w] = append(s.keywords[w], i)
		}
		for _, a := range r.anchor.words {
			w := word(a)
			s.anchors[w] = append(s.anchors[w], i)
		}
	}
	for _, k := range keyWords {
		s.keyWord[word(k)] = true
	}
	s.wrapped = word(strings.ToLower(wrappedStart))
	for name := range tools {
		s.tool[word(name)] = true
	}
	s.words = newMatcher(words)
	return s, nil
}

func lazy(expr string) func() *regexp.Regexp {
	return sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(expr) })
}

func (a *allowlist) prepare() {
	a.regexes = sync.OnceValue(func() []*regexp.Regexp {
		var list []*regexp.Regexp
		for _, expr := range a.Regexes {
			list = append(list, regexp.MustCompile(expr))
		}
		return list
	})
	a.stopwords = sync.OnceValue(func() *matcher {
		var words []string
		for _, w := range a.Stopwords {
			words = append(words, strings.ToLower(w))
		}
		return newMatcher(words)
	})
}

// allows reports whether the secret, found in match on line, is none.
func (a *allowlist) allows(secret, match, line string) bool {
	target := secret
	switch a.RegexTarget {
	case "match":
		target = match
	case "line":
		target = line
	}
	byWord := len(a.Stopwords) > 0 && a.stopwords().any(secret)
	if a.Condition == "AND" {
		return len(a.Paths) == 0 && (len(a.Stopwords) == 0 || byWord) && (len(a.Regexes) == 0 || a.matches(target))
	}
	return byWord || a.matches(target)
}

func (a *allowlist) matches(target string) bool {
	return slices.ContainsFunc(a.regexes(), func(re *regexp.Regexp) bool { return re.MatchString(target) })
}
