package cli

import (
	"github.com/spf13/cobra"

	"github.com/glyphkit/glyph/internal/cli/verb"
	"github.com/glyphkit/glyph/internal/examiner"
)

func newExamine(a *verb.App) *cobra.Command {
	e := &examineFlags{app: a, calls: verb.Calls{App: a}, model: verb.Model{App: a}}
	f := verb.NewFlags()
	f.List(&e.models, "model", nil, "it writes questions; several are separated by commas and write in turn; a name that only the endpoint knows has no list price")
	f.Text(&e.checker, "checker", "", "have model `NAME` answer in the checks")
	f.Count(&e.n, "n", 20, "each is a question that was kept")
	f.Seed(&e.seed)
	f.Count(&e.passage, "passage", examiner.DefaultPassage, "show passages of at most `N` bytes")
	f.Text(&e.output, "output", "-", "a file of probes; - is standard output")
	f.On(&e.force, "force", "")
	e.secrets.Add(f)
	e.calls.Add(f)
	f.Text(&e.model.Profiles, "profiles", "", "")
	e.Documents.Add(f)
	f.On(&e.json, "json", "the probes as a list; otherwise a line for each")
	return verb.Finish(&cobra.Command{
		Use:   "examine FILE|DIR|PATTERN|-... --model NAME --base-url URL -o PROBES.jsonl",
		Short: "Have models write questions about your documents",
		Long: `examine has a model write questions about passages of your own documents, for which measurements are
then taken. A question is kept only if its evidence stands in the passage verbatim, the answer
follows from the evidence alone, a reader without the text does not know it, and a reader with the
passage as text does. What is not kept is counted by reason.

With several models they write in turn, and the next one answers in the checks; --checker names one
for all checks. With a single model, the same model also answers in the checks.

PROBES.jsonl has a line of JSON for each question: text, question, gold answer, and the bytes of the
document that are passage and evidence. The same seed draws the same passages.

Fewer questions than wanted, because the budget or the passages are used up, is exit code 3.`,
		Example: `  glyph examine report.txt -m gpt-5.5 --base-url https://api.openai.com/v1 --n 20 -o probes.jsonl
  glyph examine docs --model qwen3,glm --checker gpt-oss --n 100 -o probes.jsonl --cache cache`,
		Args: verb.Needs("FILE..."),
		RunE: e.run,
	}, f, "model base-url checker n output secrets budget cache json", "3")
}
