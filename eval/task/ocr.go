package task

import (
	"errors"
	"fmt"
	"sort"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/glyphkit/glyph/eval/metric"
	"github.com/glyphkit/glyph/exact"
	"github.com/glyphkit/glyph/internal/benchmark"
)

// ocr is reading whole documents, in passages that a reader can copy in one
// answer.
type ocr struct{ transcription }

// passageBytes is the most of a document that is one probe: about a page of
// the published config, and 3,000 tokens to write.
const passageBytes = 12_000

func newOCR(name string, o *Options) (*Set, error) {
	if len(o.Documents) == 0 {
		return nil, errors.New("no documents: Options.Documents is needed")
	}
	set := &Set{Task: ocr{transcription{name}}}
	for _, d := range o.Documents {
		for i, text := range passages(d.Text) {
			set.Probes = append(set.Probes, &Probe{
				ID: fmt.Sprintf("%s/%s/%d", name, d.Name, i), Task: name, Stratum: "passage", Document: d.Name, Cluster: d.Name,
				Text: text, Question: copyQuestion, Gold: []string{text},
			})
		}
	}
	if len(set.Probes) == 0 {
		return nil, errors.New("the documents have no text")
	}
	return set.limit(o), nil
}

// limit keeps the first o.Probes probes, if that is not 0, and notes what is
// left out.
func (s *Set) limit(o *Options) *Set {
	if n := len(s.Probes); o.Probes > 0 && n > o.Probes {
		s.Probes = s.Probes[:o.Probes]
		s.Notes = append(s.Notes, fmt.Sprintf("first %d of %d probes", o.Probes, n))
	}
	return s
}

// passages cuts text after white space, at a line's end where there is one in
// the second half. Those without a word are left out.
func passages(text string) []string {
	var out []string
	for text != "" {
		end := len(text)
		if end > passageBytes {
			end = passageBytes
			if i := strings.LastIndexByte(text[:end], '\n'); i >= end/2 {
				end = i + 1
			} else if i := strings.LastIndexByte(text[:end], ' '); i >= end/2 {
				end = i + 1
			} else {
				for end > 0 && !utf8.RuneStart(text[end]) {
					end--
				}
				if end == 0 {
					end = passageBytes // not UTF-8
				}
			}
		}
		if strings.TrimSpace(text[:end]) != "" {
			out = append(out, text[:end])
		}
		text = text[end:]
	}
	return out
}

func (t ocr) Score(p *Probe, answer string) Score {
	s := t.transcription.Score(p, answer)
	if s.Unscored != "" {
		return s
	}
	answer = clean(answer)
	// What a reader that does not stop goes on to write is no part of the
	// passage; it counts in Characters and Words.
	answer = answer[:min(len(answer), 8*passageBytes)]
	s.Exact = exactRecall(p.Gold[0], exact.Find(p.Gold[0]), answer)
	return s
}

// exactRecall looks for the exact strings of gold in a transcript. The words of
// both are aligned; an exact string is right if what stands between the
// partners of its neighbours contains it, white space aside.
func exactRecall(gold string, found []exact.String, transcript string) Exact {
	want, got := metric.Words(gold), metric.Words(transcript)
	partner := make([]int, len(want)) // index in got, or -1
	for i := range partner {
		partner[i] = -1
	}
	for _, pair := range benchmark.LCS(want, got) {
		partner[pair[0]] = pair[1]
	}
	starts := wordStarts(gold)
	var counts Exact
	for _, s := range found {
		first := sort.SearchInts(starts, int(s.Start)+1) - 1
		last := sort.SearchInts(starts, int(s.End)) - 1
		from, to := 0, len(got)
		for i := first - 1; i >= 0; i-- {
			if partner[i] >= 0 {
				from = partner[i] + 1
				break
			}
		}
		for i := last + 1; i < len(want); i++ {
			if partner[i] >= 0 {
				to = partner[i]
				break
			}
		}
		region := strings.Join(got[from:max(from, to)], " ")
		counts.Total++
		switch {
		case strings.Contains(compact(region), compact(strings.Join(metric.Words(s.Text), ""))):
			counts.Right++
		case abstention.MatchString(region):
			counts.Abstained++
		case region == "":
			counts.Missing++
		default:
			counts.Wrong++
		}
	}
	return counts
}

// wordStarts are the bytes at which the words of s begin.
func wordStarts(s string) []int {
	var starts []int
	inWord := false
	for i, r := range s {
		if space := unicode.IsSpace(r); space == inWord {
			inWord = !space
			if inWord {
				starts = append(starts, i)
			}
		}
	}
	return starts
}
