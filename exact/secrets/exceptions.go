package secrets

import (
	"bufio"
	"crypto/pbkdf2"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
)

// ExceptionsFile is the name of the file that lists fingerprints of findings
// that are allowed. It stands beside a document, or in a directory above it up to
// the root of the project, which is where .git is.
//
// Each line has a fingerprint, as errors and reports show it. What stands behind
// "#" is a remark.
const ExceptionsFile = ".glyphsecrets"

// Exceptions say which findings are allowed whatever the mode: they are
// neither refused nor masked, and they are reported as allowed. Marks on lines
// need no Exceptions: a finding is allowed if a line of it has the words
// "glyph:allow" or "gitleaks:allow", as in a comment.
//
// Exceptions are not changed once made, and safe for concurrent use. A nil
// *Exceptions allows nothing.
type Exceptions struct {
	rules  []string
	listed map[string]string // fingerprint to file
}

// NewExceptions allows all findings of the named rules, and those whose
// fingerprints are in the files named ExceptionsFile that belong to paths: of
// documents, or of directories. A path need not exist.
func NewExceptions(rules []string, paths ...string) (*Exceptions, error) {
	e := &Exceptions{rules: rules, listed: map[string]string{}}
	for _, r := range rules {
		if !slices.Contains(ruleIDs(), r) {
			return nil, fmt.Errorf("allowing the rule %q: there is none; accepted: %s", r, strings.Join(ruleIDs(), ", "))
		}
	}
	done := map[string]bool{}
	for _, path := range paths {
		abs, err := filepath.Abs(path)
		if err != nil {
			return nil, fmt.Errorf("finding %s: %w", ExceptionsFile, err)
		}
		if info, err := os.Stat(abs); err != nil || !info.IsDir() {
			abs = filepath.Dir(abs)
		}
		for _, dir := range upToRoot(abs) {
			if done[dir] {
				continue
			}
			done[dir] = true
			if err := e.read(filepath.Join(dir, ExceptionsFile)); err != nil {
				return nil, err
			}
		}
	}
	return e, nil
}

// upToRoot lists a directory and those above it up to the root of the
// project. Without a project it is the directory alone.
func upToRoot(dir string) []string {
	var dirs []string
	for d := dir; ; d = filepath.Dir(d) {
		dirs = append(dirs, d)
		if _, err := os.Stat(filepath.Join(d, ".git")); err == nil {
			return dirs
		}
		if d == filepath.Dir(d) {
			return dirs[:1]
		}
	}
}

const maxExceptions = 1 << 20 // bytes of a file

var fingerprintForm = regexp.MustCompile(`^[0-9a-f]{8}$`)

// read reads a file of fingerprints, if it is there. An error names the line
// and does not hold it.
func (e *Exceptions) read(path string) error {
	f, err := os.Open(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("reading exceptions: %w", err)
	}
	defer f.Close()
	if info, err := f.Stat(); err != nil || !info.Mode().IsRegular() || info.Size() > maxExceptions {
		return fmt.Errorf("reading exceptions %q: accepted: a file of at most %d bytes", path, maxExceptions)
	}
	lines := bufio.NewScanner(f)
	for n := 1; lines.Scan(); n++ {
		line, _, _ := strings.Cut(lines.Text(), "#")
		if line = strings.TrimSpace(line); line == "" {
			continue
		}
		if !fingerprintForm.MatchString(line) {
			return fmt.Errorf("reading exceptions %q line %d: accepted: a fingerprint of 8 hexadecimal digits, and a remark behind #", path, n)
		}
		if e.listed[line] == "" {
			e.listed[line] = path
		}
	}
	if err := lines.Err(); err != nil {
		return fmt.Errorf("reading exceptions %q: %w", path, err)
	}
	return nil
}

// ruleIDs lists the identifiers of all rules, sorted.
func ruleIDs() []string {
	ids := []string{commandRule[0], listedRule[0], wrappedRule[0]}
	for _, r := range rules().rules {
		ids = append(ids, r.ID)
	}
	for _, n := range ruleNames {
		if n[0] != "" {
			ids = append(ids, n[0])
		}
	}
	slices.Sort(ids)
	return slices.Compact(ids)
}

// rounds make a guess at a weak password from its fingerprint cost 256 hashes.
const rounds = 256

// fingerprint tells findings apart without telling the secret: 32 bits of a
// salted hash of the rule and of the secret. One place or another, the same
// secret has the same fingerprint.
func fingerprint(rule, secret string) string {
	sum, err := pbkdf2.Key(sha256.New, secret, []byte("glyph secrets 1\x00"+rule), rounds, 4)
	if err != nil {
		panic("secrets: " + err.Error()) // only for parameters that are none
	}
	return hex.EncodeToString(sum)
}

var mark = regexp.MustCompile(`\b(?:glyph|gitleaks):allow\b`)

// decide fills in the fingerprints of the findings in a text, and what allows
// them.
func (e *Exceptions) decide(text string, found []Finding) {
	known := map[[2]string]string{}
	for i := range found {
		f := &found[i]
		key := [2]string{f.Rule, text[f.Start:f.End]}
		if known[key] == "" {
			known[key] = fingerprint(f.Rule, key[1])
		}
		f.Fingerprint = known[key]
		switch lines := text[lineStart(text, f.Start):lineEnd(text, f.End)]; {
		case mark.MatchString(lines):
			f.Allowed = "a mark on its line"
		case e == nil:
		case slices.Contains(e.rules, f.Rule):
			f.Allowed = "its rule"
		default:
			f.Allowed = e.listed[f.Fingerprint]
		}
	}
}

// unallowed are the findings that nothing allows.
func unallowed(found []Finding) []Finding {
	return slices.DeleteFunc(slices.Clone(found), func(f Finding) bool { return f.Allowed != "" })
}
