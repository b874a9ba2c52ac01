package cli

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/spf13/cobra"

	"github.com/glyphkit/glyph/ask/llm"
	"github.com/glyphkit/glyph/eval/examiner"
	"github.com/glyphkit/glyph/eval/task"
	"github.com/glyphkit/glyph/internal/limit"
)

// examining holds the flags of the verb examine.
type examining struct {
	modelCalls
	*source
	models      []string
	readerModel string
	questions   int
	passage     int
	seed        uint64
	output      string
	secrets     secretsFlags
	force       bool
}

// maxExamined bounds what examine holds in memory.
const maxExamined = 256 << 20

func newExamine() *cobra.Command {
	e := &examining{source: newSource()}
	cmd := &cobra.Command{
		Use:   "examine FILE|DIR|PATTERN|-... --model NAME --base-url URL -o PROBES.jsonl",
		Short: "Have models write questions about your documents",
		Long: `examine has a model write questions about passages of your own documents, for which
measurements are then taken. A question is kept only if its evidence stands in the
passage verbatim, the answer follows from the evidence alone, a reader without the
text does not know it, and a reader with the passage as text does. What is not kept
is counted by reason.

With several models they write in turn, and the next one answers in the checks;
--reader-model names one for all checks. Of one model alone, it checks itself.

PROBES.jsonl has a line of JSON for each question: text, question, gold answer, and
the bytes of the document that are passage and evidence. The same seed draws the same
passages.

Fewer questions than wanted, because the budget or the passages are used up, is exit
code 3.`,
		Example: `  glyph examine report.txt --model gpt-5.5 --base-url https://api.openai.com/v1 -n 20 -o probes.jsonl
  glyph examine docs --model qwen3 --model glm --reader-model gpt-oss -n 100 --seed 7 -o probes.jsonl --cache cache`,
		Args: cobra.MinimumNArgs(1),
		RunE: e.run,
	}
	f := cmd.Flags()
	f.SortFlags = false
	f.StringArrayVarP(&e.models, "model", "m", nil, "have model `NAME` write questions, as the endpoint calls it; can be given several times")
	f.StringVar(&e.readerModel, "reader-model", "", "have model `NAME` answer in the checks")
	f.IntVarP(&e.questions, "questions", "n", 20, "keep `N` questions")
	f.Uint64Var(&e.seed, "seed", 1, "draw passages by `SEED`")
	f.IntVar(&e.passage, "passage", examiner.DefaultPassage, "show passages of at most `N` bytes")
	f.StringVarP(&e.output, "output", "o", "-", "write to `FILE`; - is standard output")
	f.BoolVar(&e.force, "force", false, "replace a file that is already there")
	f.StringVar(&e.encoding, "encoding", "", "read all input as `CHARSET`, such as windows-1251, where a guess is wrong")
	e.secrets.add(f)
	e.add(f)
	e.secrets.complete(cmd)
	return cmd
}

func (e *examining) run(cmd *cobra.Command, args []string) error {
	if err := e.secrets.check(); err != nil {
		return err
	}
	if len(e.models) == 0 {
		return errors.New("have which model write questions? accepted: --model NAME")
	}
	if e.questions < 1 {
		return fmt.Errorf("--questions %d; accepted: 1 or more", e.questions)
	}
	if e.output != "-" {
		if err := mayWrite(e.output, e.force); err != nil {
			return err
		}
	}
	o := examiner.Options{Secrets: e.secrets.policy(), Questions: e.questions, Seed: e.seed, Passage: e.passage}
	clients := map[string]*llm.Client{}
	var all []*llm.Client
	client := func(model string) (*llm.Client, error) {
		if clients[model] == nil {
			c, err := e.client(model)
			if err != nil {
				return nil, err
			}
			clients[model] = c
			all = append(all, c)
		}
		return clients[model], nil
	}
	for _, model := range e.models {
		c, err := client(model)
		if err != nil {
			return err
		}
		o.Examiners = append(o.Examiners, c)
	}
	if e.readerModel != "" {
		var err error
		if o.Reader, err = client(e.readerModel); err != nil {
			return err
		}
	}
	documents, err := e.readAll(cmd, args)
	if err != nil {
		return err
	}
	show, end := e.counter(cmd, all)
	if show != nil {
		o.Progress = func(kept, tried int) {
			show(fmt.Sprintf("%s of %s, %s tried", thousands(kept), plural(e.questions, "question", "questions"), plural(tried, "passage", "passages")))
		}
	}
	exam, err := examiner.Examine(cmd.Context(), documents, o)
	end()
	if err != nil {
		return e.secrets.explain(err)
	}
	if !e.quiet {
		e.secrets.tell(cmd.ErrOrStderr(), exam.Secrets.Count)
		printExam(cmd.ErrOrStderr(), exam)
		e.printSpent(cmd, all)
	}
	if len(exam.Questions) == 0 {
		return failed(fmt.Errorf("no question was kept: %s", exam.Stopped))
	}
	if err := e.write(cmd, exam); err != nil {
		return failed(err)
	}
	if exam.Stopped != "" {
		return &codedError{exitPartial, fmt.Errorf("%s instead of %s: %s", plural(len(exam.Questions), "question", "questions"), thousands(e.questions), exam.Stopped)}
	}
	return nil
}

func (e *examining) write(cmd *cobra.Command, exam *examiner.Exam) error {
	if e.output == "-" {
		return exam.Write(cmd.OutOrStdout())
	}
	var b bytes.Buffer
	if err := exam.Write(&b); err != nil {
		return err
	}
	return os.WriteFile(e.output, b.Bytes(), 0o666)
}

// readAll reads the documents, without those that were only found and hold no
// text.
func (e *examining) readAll(cmd *cobra.Command, args []string) ([]task.Document, error) {
	found, hidden, err := e.documents(cmd, args)
	if err != nil {
		return nil, err
	}
	messages := cmd.ErrOrStderr()
	if e.quiet {
		messages = io.Discard
	}
	if hidden > 0 {
		fmt.Fprintf(messages, "left out: %s\n", plural(hidden, "hidden file or directory", "hidden files and directories"))
	}
	var documents []task.Document
	left := int64(maxExamined)
	for _, d := range found {
		t, err := d.Text()
		var text []byte
		if err == nil {
			text, err = limit.ReadAll(t, left, "the text")
			_ = t.Close() // what was read is complete
		}
		if errors.Is(err, limit.ErrTooLong) {
			return nil, failed(fmt.Errorf("reading %q: more than %d MiB in all", d.Name, maxExamined>>20))
		}
		if err != nil && d.Found {
			fmt.Fprintf(messages, "left out: %s: %s\n", clean(d.Name), clean(err.Error()))
			continue
		}
		if err != nil {
			return nil, failed(fmt.Errorf("reading %q: %w", d.Name, err))
		}
		left -= int64(len(text))
		documents = append(documents, task.Document{Name: d.Name, Text: string(text)})
	}
	return documents, nil
}

// printExam tells what became of the passages, with the first example of each
// reason.
func printExam(out io.Writer, exam *examiner.Exam) {
	fmt.Fprintf(out, "kept: %s of %s tried\n", plural(len(exam.Questions), "question", "questions"), plural(exam.Tried, "passage", "passages"))
	counts := exam.Counts()
	for _, why := range examiner.Reasons() {
		if counts[why] == 0 {
			continue
		}
		example := ""
		for _, r := range exam.Rejected {
			if r.Reason == why && r.Detail != "" {
				example = ", such as " + r.Detail
				break
			}
		}
		fmt.Fprintf(out, "rejected: %s: %s%s\n", thousands(counts[why]), why, clean(example))
	}
}
