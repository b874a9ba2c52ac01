package eval

import (
	"context"
	"strings"

	"github.com/glyphkit/glyph/ask/pack"
	"github.com/glyphkit/glyph/eval/read"
	"github.com/glyphkit/glyph/eval/task"
	"github.com/glyphkit/glyph/exact/verify"
)

// solver answers by the task's rules from the transcripts of a reader.
type solver struct {
	reader  read.Reader // that keeps what it reads; nil for a run that reads text alone
	markers markers
}

// markers are the newline markers of configs, by name.
type markers map[string]string

func markersOf(all []Config) markers {
	markers := markers{}
	for _, c := range all {
		markers[c.Name] = strings.TrimSpace(c.Config.Markup().Text)
	}
	return markers
}

// undo makes line breaks of what pages show in place of them.
func (m markers) undo(config, text string) string {
	if marker := m[config]; marker != "" {
		return strings.ReplaceAll(text, marker, "\n")
	}
	return text
}

// blind is a probe as the solver sees it.
func blind(p *task.Probe) *task.Probe {
	b := *p
	b.Text, b.Gold = "", nil
	return &b
}

func (s *solver) fromText(_ context.Context, q *question) (*answer, error) {
	return &answer{text: q.task.Solve(blind(q.probe), q.probe.Text)}, nil
}

func (s *solver) fromPages(ctx context.Context, q *question) (*answer, error) {
	a := &answer{}
	for _, part := range pageParts(q.pack) {
		text, err := s.read(ctx, a, read.Page{Page: part.Page, Shows: part.Shows()})
		if err != nil {
			return a, err
		}
		a.pieces = append(a.pieces, piece{part.Start, part.End, len(part.Page.Lines), text})
	}
	s.solve(q, a)
	return a, nil
}

func (s *solver) solve(q *question, a *answer) {
	var all strings.Builder
	for _, p := range a.pieces {
		all.WriteString(strings.TrimSuffix(p.transcript, "\n"))
		all.WriteByte('\n')
	}
	a.text = q.task.Solve(blind(q.probe), s.markers.undo(q.config, all.String()))
	if q.sheet != nil {
		a.text = fromSheet(a.text, q.sheet)
	}
}

func (s *solver) again(ctx context.Context, q *question, before *answer, views []view) (*answer, error) {
	a := &answer{pieces: append([]piece{}, before.pieces...)}
	for i := 0; i < len(views); {
		v, text := views[i], ""
		for ; i < len(views) && views[i].piece == v.piece; i++ {
			part, err := views[i].text, error(nil)
			if views[i].page != nil {
				part, err = s.read(ctx, a, read.Page{Page: views[i].page, Shows: views[i].part.Shows()})
			}
			if err != nil {
				return a, err
			}
			text += strings.TrimSuffix(part, "\n") + "\n"
		}
		p := &a.pieces[v.piece]
		if v.shown.Strip {
			text = replaceLines(p.transcript, p.lines, v.first, v.last, text)
		}
		p.transcript = text
	}
	s.solve(q, a)
	return a, nil
}

// read reads a page on the account of an answer.
func (s *solver) read(ctx context.Context, a *answer, page read.Page) (string, error) {
	r, err := s.reader.Read(ctx, page)
	a.usage, a.cost = a.usage.Plus(r.Bill.Usage), a.cost+r.Bill.Money
	a.paid = a.paid.Plus(r.Paid())
	return r.Text, err
}

// replaceLines puts text in place of the transcript's lines that are the page's
// lines first to last of n. Where the transcript has another number of lines
// they are taken in proportion.
func replaceLines(transcript string, n, first, last int, text string) string {
	lines := strings.Split(strings.TrimSuffix(transcript, "\n"), "\n")
	from, to := first*len(lines)/n, (last+1)*len(lines)/n
	out := append([]string{}, lines[:from]...)
	out = append(out, strings.TrimSuffix(text, "\n"))
	return strings.Join(append(out, lines[to:]...), "\n") + "\n"
}

// stands looks strings up in the transcripts that they were read from.
func (s *solver) stands(before *answer) []place {
	var out []place
	for _, f := range before.check.report.Findings {
		if f.Status != verify.Absent && f.Status != verify.Ambiguous && f.Status != verify.Contradicted {
			continue
		}
		for i, p := range before.pieces {
			if p.lines == 0 {
				continue
			}
			first, last, ok := linesOf(p.transcript, f.Text)
			if !ok {
				continue
			}
			// A line more on either side, where a string may go on and where
			// the proportion may be off.
			n := strings.Count(strings.TrimSuffix(p.transcript, "\n"), "\n") + 1
			out = append(out, place{i, max(first*p.lines/n-1, 0), min((last+1)*p.lines/n, p.lines-1)})
		}
	}
	return out
}

// linesOf finds a string in a transcript, white space and line breaks aside.
func linesOf(transcript, s string) (first, last int, ok bool) {
	s = strings.Join(strings.Fields(s), "")
	var text strings.Builder
	var lineAt []int // of each byte of text
	for n, line := range strings.Split(transcript, "\n") {
		for _, field := range strings.Fields(line) {
			text.WriteString(field)
			for range len(field) {
				lineAt = append(lineAt, n)
			}
		}
	}
	at := strings.Index(text.String(), s)
	if at < 0 || s == "" {
		return 0, 0, false
	}
	return lineAt[at], lineAt[at+len(s)-1], true
}

// pageParts are the pages of a pack in the order of the text.
func pageParts(k *pack.Question) []*pack.Part {
	var parts []*pack.Part
	for _, r := range k.Requests {
		for _, p := range r.Parts {
			if p.Page != nil {
				parts = append(parts, p)
			}
		}
	}
	return parts
}
