package task

import (
	"bytes"
	_ "embed"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"

	"github.com/glyphkit/glyph/internal/benchmark"
)

// questionAnswering is RULER's qa_1 and qa_2: questions of SQuAD and HotpotQA
// about documents among others of the same file.
type questionAnswering struct{ name string }

func (t questionAnswering) Name() string   { return t.name }
func (t questionAnswering) Metric() string { return "string_match_part" }

func (t questionAnswering) Score(p *Probe, answer string) Score {
	if len(p.Gold) == 0 {
		return noGold
	}
	answer = clean(answer)
	return scored(benchmark.StringMatchPart(answer, p.Gold), answer)
}

func (t questionAnswering) Solve(p *Probe, transcript string) string {
	return answerFrom(transcript, p.asked())
}

// The built-in files are small and of our own making: for trying out, not for
// results.
var (
	//go:embed data/squad.json
	builtInSQuAD []byte
	//go:embed data/hotpot.json
	builtInHotpot []byte
)

const documentsQuestion = "Answer the question from the documents, in a few words and without explanation.\n\nQuestion: {}"

// qaFile is the questions of a file and its documents.
type qaFile struct {
	documents []string
	questions []qaQuestion
}

type qaQuestion struct {
	id, text string
	answers  []string
	sources  []int // documents that the answer is in
	near     []int // distractors that come with the question
}

func newQA(name string, o *Options) (*Set, error) {
	load, builtIn := loadSQuAD, builtInSQuAD
	if name == "ruler/qa_2" {
		load, builtIn = loadHotpot, builtInHotpot
	}
	source := *o
	if o.Data == nil {
		source.Data, source.DataName = bytes.NewReader(builtIn), "built-in file"
	}
	file, err := load(&source)
	if err != nil {
		return nil, err
	}
	if len(file.questions) == 0 {
		return nil, fmt.Errorf("%s has no question with an answer", source.dataName())
	}
	// Questions in an order of their own, the same at all lengths.
	order := o.rng(name + "/order").Perm(len(file.questions))
	t := questionAnswering{name}
	asked, filled := 0, 0
	set, err := o.generate(t, func(o *Options, rng *rand.Rand, length int) (*Probe, error) {
		q := file.questions[order[asked%o.probes()%len(order)]]
		asked++
		p, fill, err := file.probe(o, rng, length, q)
		if fill > 0 {
			filled++
		}
		return p, err
	})
	if err != nil {
		return nil, err
	}
	if o.Data == nil {
		set.Notes = append(set.Notes, fmt.Sprintf("built-in file of %d questions: for trying out, not for results", len(file.questions)))
	}
	if o.probes() > len(file.questions) {
		set.Notes = append(set.Notes, fmt.Sprintf("%d questions for %d probes a length: some are asked again, among other documents", len(file.questions), o.probes()))
	}
	if filled > 0 {
		set.Notes = append(set.Notes, fmt.Sprintf("%d probes have filler besides all documents of the file", filled))
	}
	return set, nil
}

// probe hides a question's documents among the file's others and, where these
// do not suffice, documents of filler, of which it says the number.
func (f *qaFile) probe(o *Options, rng *rand.Rand, length int, q qaQuestion) (*Probe, int, error) {
	p := &Probe{Gold: q.answers, Asked: []string{q.text}, Cluster: "question " + q.id}
	p.Question = ask(documentsQuestion, q.text)
	others := slices.Clone(q.near)
	taken := map[int]bool{}
	for _, i := range slices.Concat(q.sources, q.near) {
		taken[i] = true
	}
	for _, i := range rng.Perm(len(f.documents)) {
		if !taken[i] {
			others = append(others, i)
		}
	}
	var filler []string
	next := essay(rng)
	shuffle := rng.Uint64()
	fill := 0
	var err error
	p.Text, err = o.fit(length, len(others)+1<<17, p.Question, func(units int) string {
		var documents []string
		for _, i := range q.sources {
			documents = append(documents, f.documents[i])
		}
		for _, i := range others[:min(units, len(others))] {
			documents = append(documents, f.documents[i])
		}
		fill = max(0, units-len(others))
		for len(filler) < fill {
			var s []string
			for range paragraphLength / 2 {
				s = append(s, next())
			}
			filler = append(filler, strings.Join(s, " "))
		}
		documents = append(documents, filler[:fill]...)
		r := rand.New(rand.NewPCG(shuffle, 0))
		r.Shuffle(len(documents), func(i, j int) { documents[i], documents[j] = documents[j], documents[i] })
		var b strings.Builder
		for i, d := range documents {
			fmt.Fprintf(&b, "Document %d:\n%s\n\n", i+1, d)
		}
		return strings.TrimSuffix(b.String(), "\n\n")
	})
	for _, i := range q.sources {
		if at := strings.Index(p.Text, f.documents[i]); at >= 0 {
			p.Depths = append(p.Depths, float64(at)/float64(len(p.Text)))
		}
	}
	return p, fill, err
}

// loadSQuAD reads the JSON of SQuAD 1.1 or 2.0. Impossible questions are left
// out, as RULER does.
func loadSQuAD(o *Options) (*qaFile, error) {
	var squad struct {
		Data []struct {
			Paragraphs []struct {
				Context string
				QAs     []struct {
					ID         string
					Question   string
					Answers    []struct{ Text string }
					Impossible bool `json:"is_impossible"`
				}
			}
		}
	}
	if err := readFile(o, &squad); err != nil {
		return nil, err
	}
	file := &qaFile{}
	for _, article := range squad.Data {
		for _, paragraph := range article.Paragraphs {
			if strings.TrimSpace(paragraph.Context) == "" {
				continue
			}
			at := file.document(paragraph.Context)
			for _, qa := range paragraph.QAs {
				var answers []string
				for _, a := range qa.Answers {
					if strings.TrimSpace(a.Text) != "" && !slices.Contains(answers, a.Text) {
						answers = append(answers, a.Text)
					}
				}
				if !qa.Impossible && len(answers) > 0 {
					file.questions = append(file.questions, qaQuestion{id: qa.ID, text: qa.Question, answers: answers, sources: []int{at}})
				}
			}
		}
	}
	if len(file.documents) == 0 {
		return nil, fmt.Errorf(`%s has no paragraphs: the shape of SQuAD is accepted, {"data": [{"paragraphs": [{"context": …, "qas": […]}]}]}`, o.dataName())
	}
	return file, nil
}

func (f *qaFile) document(text string) int {
	f.documents = append(f.documents, text)
	return len(f.documents) - 1
}

// loadHotpot reads the JSON of HotpotQA.
func loadHotpot(o *Options) (*qaFile, error) {
	var hotpot []struct {
		ID       string `json:"_id"`
		Question string
		Answer   string
		Context  []hotpotDocument
		Facts    []hotpotFact `json:"supporting_facts"`
	}
	if err := readFile(o, &hotpot); err != nil {
		return nil, err
	}
	file := &qaFile{}
	known := map[string]int{}
	for i, q := range hotpot {
		if strings.TrimSpace(q.Answer) == "" || len(q.Context) == 0 {
			return nil, fmt.Errorf("%s, question %d: it needs an answer and a context", o.dataName(), i+1)
		}
		question := qaQuestion{id: q.ID, text: q.Question, answers: []string{q.Answer}}
		for _, d := range q.Context {
			text := d.Title + "\n" + strings.Join(d.Sentences, "")
			at, ok := known[text]
			if !ok {
				at = file.document(text)
				known[text] = at
			}
			if slices.ContainsFunc(q.Facts, func(f hotpotFact) bool { return f.Title == d.Title }) {
				question.sources = append(question.sources, at)
			} else {
				question.near = append(question.near, at)
			}
		}
		if len(question.sources) == 0 { // no facts are marked: all of the context may be needed
			question.sources, question.near = question.near, nil
		}
		file.questions = append(file.questions, question)
	}
	return file, nil
}

// hotpotDocument is [title, [sentence, …]].
type hotpotDocument struct {
	Title     string
	Sentences []string
}

func (d *hotpotDocument) UnmarshalJSON(b []byte) error {
	return unmarshalPair(b, &d.Title, &d.Sentences)
}

// hotpotFact is [title, number of a sentence].
type hotpotFact struct {
	Title    string
	Sentence int
}

func (f *hotpotFact) UnmarshalJSON(b []byte) error {
	return unmarshalPair(b, &f.Title, &f.Sentence)
}

func unmarshalPair(b []byte, first, second any) error {
	var pair []json.RawMessage
	if err := json.Unmarshal(b, &pair); err != nil {
		return err
	}
	if len(pair) != 2 {
		return errors.New("a pair is accepted, as in HotpotQA's [title, …]")
	}
	return errors.Join(json.Unmarshal(pair[0], first), json.Unmarshal(pair[1], second))
}
