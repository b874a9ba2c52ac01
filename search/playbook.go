package search

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"os"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/glyphkit/glyph/internal/search/clip"
)

// PlaybookFile is a Playbook that is kept as text, for people to read and for
// the next search to begin with:
//
//	## density
//	[den-00012] helpful=3 harmful=1 :: Set lines solid before making type smaller.
//
// It changes by deltas only. New insights are added at the end of their
// section; one that says nearly what a line says already is merged with it, and
// one that was retired does not come back. Counters move by measurements. Lines
// that were measured to harm move to the section "retired". Nothing else is
// rewritten. It is not safe for concurrent use.
type PlaybookFile struct {
	lines []playbookLine
	start []playbookLine // as it was parsed
}

type playbookLine struct {
	section          string
	retired          bool
	id               string
	helpful, harmful int
	text             string
}

func (l playbookLine) String() string {
	return fmt.Sprintf("[%s] helpful=%d harmful=%d :: %s", l.id, l.helpful, l.harmful, l.text)
}

const retiredSection = "retired"

// Sections of new insights. A playbook may have others.
var playbookSections = []string{"density", "legibility", "geometry", "newlines", "exact", "general"}

// Limits of a playbook: a prompt has it whole.
const (
	maxPlaybookBytes = 1 << 20
	maxPlaybookLines = 300 // that are not retired
	maxInsightLength = 300 // characters
	maxCounter       = 1_000_000
)

var (
	playbookLineForm = regexp.MustCompile(`^\[([a-z]{3})-([0-9]{5})\] helpful=([0-9]{1,7}) harmful=([0-9]{1,7}) :: (.+)$`)
	sectionForm      = regexp.MustCompile(`^[a-z][a-z0-9-]{2,31}$`)
)

// LoadPlaybook reads a playbook from a file, as ParsePlaybook does.
func LoadPlaybook(path string) (*PlaybookFile, error) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, fmt.Errorf("reading playbook: %w", err)
	}
	if info.Size() > maxPlaybookBytes {
		return nil, fmt.Errorf("reading playbook %q: %d bytes: want at most %d", path, info.Size(), maxPlaybookBytes)
	}
	data, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("reading playbook: %w", err)
	}
	p, err := ParsePlaybook(data)
	if err != nil {
		return nil, fmt.Errorf("reading playbook %q: %w", path, err)
	}
	return p, nil
}

// ParsePlaybook reads the text of a playbook; none at all is an empty one.
// Near-duplicates are merged: the older ID stays, the counters are summed.
// Empty lines and lines that begin with one # are skipped.
func ParsePlaybook(data []byte) (*PlaybookFile, error) {
	if len(data) > maxPlaybookBytes {
		return nil, fmt.Errorf("%d bytes: want at most %d", len(data), maxPlaybookBytes)
	}
	p := &PlaybookFile{}
	seen := map[string]int{}
	section := ""
	for n, raw := range bytes.Split(data, []byte("\n")) {
		line := strings.TrimSpace(string(raw))
		refuse := func(format string, args ...any) error {
			return fmt.Errorf("line %d, %q: %s", n+1, clip.Text(line), fmt.Sprintf(format, args...))
		}
		name, heading := strings.CutPrefix(line, "## ")
		switch {
		case heading && !sectionForm.MatchString(name):
			return nil, refuse("want a section of 3 to 32 small letters, digits and hyphens")
		case heading:
			section = name
			continue
		case line == "" || strings.HasPrefix(line, "#"):
			continue
		case section == "":
			return nil, refuse("want a section, such as \"## density\", before the first line")
		}
		m := playbookLineForm.FindStringSubmatch(line)
		if m == nil {
			return nil, refuse("want such as \"[den-00012] helpful=3 harmful=1 :: text\"")
		}
		l := playbookLine{section: section, retired: section == retiredSection, id: m[1] + "-" + m[2], text: strings.TrimSpace(m[5])}
		l.helpful, _ = strconv.Atoi(m[3]) // at most seven digits
		l.harmful, _ = strconv.Atoi(m[4])
		if first, twice := seen[l.id]; twice {
			return nil, refuse("line %d has the same ID", first)
		}
		if !validInsight(l.text) || max(l.helpful, l.harmful) > maxCounter {
			return nil, refuse("want 1 to %d printable characters and counters up to %d", maxInsightLength, maxCounter)
		}
		seen[l.id] = n + 1
		if old := p.similar(l.text); old != nil && old.retired == l.retired {
			older := min(idNumber(old.id), idNumber(l.id))
			if idNumber(l.id) == older && idNumber(old.id) != older {
				old.id, old.text = l.id, l.text
			}
			old.helpful = min(old.helpful+l.helpful, maxCounter)
			old.harmful = min(old.harmful+l.harmful, maxCounter)
			continue
		}
		p.lines = append(p.lines, l)
	}
	if n := p.active(); n > maxPlaybookLines {
		return nil, fmt.Errorf("%d lines: want at most %d that are not retired", n, maxPlaybookLines)
	}
	p.start = slices.Clone(p.lines)
	return p, nil
}

func validInsight(text string) bool {
	return text != "" && utf8.ValidString(text) && utf8.RuneCountInString(text) <= maxInsightLength &&
		!strings.ContainsFunc(text, func(r rune) bool { return !unicode.IsPrint(r) })
}

func idNumber(id string) int {
	n, _ := strconv.Atoi(id[len(id)-5:]) // the form was checked
	return n
}

func (p *PlaybookFile) active() (n int) {
	for _, l := range p.lines {
		if !l.retired {
			n++
		}
	}
	return n
}

// Text returns the playbook as ParsePlaybook reads it, sections in the order
// in which they were first used and the retired lines last.
func (p *PlaybookFile) Text() []byte {
	var b bytes.Buffer
	b.WriteString("# glyph playbook\n")
	var sections []string
	for _, l := range p.lines {
		if !l.retired && !slices.Contains(sections, l.section) {
			sections = append(sections, l.section)
		}
	}
	for _, section := range append(sections, retiredSection) {
		headed := false
		for _, l := range p.lines {
			if l.retired != (section == retiredSection) || !l.retired && l.section != section {
				continue
			}
			if !headed {
				fmt.Fprintf(&b, "\n## %s\n", section)
				headed = true
			}
			fmt.Fprintln(&b, l)
		}
	}
	return b.Bytes()
}

// Lines returns the lines that are not retired, with their sections.
func (p *PlaybookFile) Lines() []string {
	out := []string{} // not nil, which is no playbook
	for _, l := range p.lines {
		if !l.retired {
			out = append(out, l.section+": "+l.String())
		}
	}
	return out
}

// Changes returns what differs from the playbook as it was parsed, in the form
// of a diff: lines that begin with "+", "-" or "~" for a counter that moved.
func (p *PlaybookFile) Changes() []string {
	was := map[string]playbookLine{}
	for _, l := range p.start {
		was[l.id] = l
	}
	var out []string
	for _, l := range p.lines {
		old, known := was[l.id]
		switch {
		case !known && l.retired:
			out = append(out, "+- "+l.String())
		case !known:
			out = append(out, "+ "+l.String())
		case l.retired && !old.retired:
			out = append(out, "- "+l.String())
		case l != old:
			out = append(out, fmt.Sprintf("~ %s (was helpful=%d harmful=%d)", l, old.helpful, old.harmful))
		}
	}
	return out
}

// What a measurement must show before it moves a counter.
const (
	minCreditProbes = 8    // scored for both configs
	creditRatio     = 1.01 // of compression
	creditMargin    = 0.01 // of accuracy that a gain in compression may not have cost, for sure
)

// Credit counts a line as helpful when the child is better in one objective
// and not worse in the other, and as harmful when it is the other way round.
// Better in accuracy is a paired interval above 0; not worse is one above
// -0.01. What trades one objective for the other, and what was not told apart,
// moves nothing. A line that harmed three times, and more than twice as often
// as it helped, is retired.
func (p *PlaybookFile) Credit(ids []string, d diff) {
	if d.Accuracy.N < minCreditProbes {
		return
	}
	denser, sparser := d.Compression > creditRatio, d.Compression < 1/creditRatio
	helped := d.Accuracy.Low > 0 && !sparser || denser && d.Accuracy.Low > -creditMargin
	harmed := d.Accuracy.High < 0 && !denser || sparser && d.Accuracy.High < creditMargin
	if helped == harmed {
		return
	}
	for i := range p.lines {
		l := &p.lines[i]
		if !slices.Contains(ids, l.id) {
			continue
		}
		if helped {
			l.helpful = min(l.helpful+1, maxCounter)
		} else {
			l.harmful = min(l.harmful+1, maxCounter)
		}
		l.retired = l.retired || l.harmful >= 3 && l.harmful > 2*l.helpful
	}
}

// Learn adds insights, each "section: text". What is not one is refused and
// named in the error; the others are added all the same.
func (p *PlaybookFile) Learn(insights []string) error {
	var errs []error
	for _, insight := range insights {
		section, text, ok := strings.Cut(insight, ":")
		section = strings.ToLower(strings.TrimSpace(section))
		if !ok || !slices.Contains(playbookSections, section) {
			section, text = "general", insight
		}
		text = strings.Join(strings.Fields(text), " ")
		switch {
		case !validInsight(text):
			errs = append(errs, fmt.Errorf("insight %q: want 1 to %d printable characters", clip.Text(text), maxInsightLength))
		case p.similar(text) != nil:
			// It is there already, or was and is retired.
		case p.active() >= maxPlaybookLines:
			errs = append(errs, fmt.Errorf("insight %q: the playbook is full with %d lines", clip.Text(text), maxPlaybookLines))
		default:
			if err := p.add(section, text); err != nil {
				errs = append(errs, err)
			}
		}
	}
	return errors.Join(errs...)
}

func (p *PlaybookFile) add(section, text string) error {
	next := 1
	for _, l := range p.lines {
		next = max(next, idNumber(l.id)+1)
	}
	if next > 99_999 {
		return fmt.Errorf("insight %q: no ID is left", clip.Text(text))
	}
	p.lines = append(p.lines, playbookLine{section: section, id: fmt.Sprintf("%s-%05d", section[:3], next), text: text})
	return nil
}

// minSimilarity is the part of their three-letter sequences that near-
// duplicates have in common (Jaccard).
const minSimilarity = 0.7

// similar returns the line that says nearly the same, nil if none does. Lines
// with other numbers in them never do: they are what the lines are about.
func (p *PlaybookFile) similar(text string) *playbookLine {
	grams, numbers := trigrams(text), numbersIn(text)
	best, at := 0.0, -1
	for i := range p.lines {
		if l := &p.lines[i]; slices.Equal(numbersIn(l.text), numbers) {
			if s := jaccard(grams, trigrams(l.text)); s >= minSimilarity && s > best {
				best, at = s, i
			}
		}
	}
	if at < 0 {
		return nil
	}
	return &p.lines[at]
}

func trigrams(text string) map[string]bool {
	r := []rune(" " + strings.Join(strings.FieldsFunc(strings.ToLower(text), func(r rune) bool {
		return !unicode.IsLetter(r) && !unicode.IsDigit(r)
	}), " ") + " ")
	out := map[string]bool{}
	for i := 0; i+3 <= len(r); i++ {
		out[string(r[i:i+3])] = true
	}
	return out
}

func jaccard(a, b map[string]bool) float64 {
	both := 0
	for g := range a {
		if b[g] {
			both++
		}
	}
	return float64(both) / max(float64(len(a)+len(b)-both), 1)
}

// numbersIn returns the words of a text that have a digit, or turn its sense
// round.
func numbersIn(text string) []string {
	words := strings.FieldsFunc(strings.ToLower(text), func(r rune) bool {
		return unicode.IsSpace(r) || unicode.IsPunct(r) && r != '.'
	})
	for i, w := range words {
		words[i] = strings.Trim(w, ".")
	}
	words = slices.DeleteFunc(words, func(w string) bool {
		return !strings.ContainsFunc(w, unicode.IsDigit) && !slices.Contains([]string{"not", "no", "never", "avoid", "without", "less", "more", "smaller", "larger"}, w)
	})
	slices.SortFunc(words, cmp.Compare[string])
	return words
}
