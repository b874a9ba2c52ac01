package report

import (
	"bytes"
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"image"
	"image/png"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/glyphkit/glyph/ask/llm"
	"github.com/glyphkit/glyph/configs"
	"github.com/glyphkit/glyph/eval"
	"github.com/glyphkit/glyph/eval/metric"
	"github.com/glyphkit/glyph/eval/read"
	"github.com/glyphkit/glyph/eval/task"
	"github.com/glyphkit/glyph/internal/llmtest"
	"github.com/glyphkit/glyph/internal/runs"
	"github.com/glyphkit/glyph/model/vision"
	"github.com/glyphkit/glyph/render"
)

// hostile is a document that must not become markup.
var hostile = task.Document{
	Name: `<script>alert("name")</script>.txt`,
	Text: "<script>alert(1)</script> & \"quotes\" </pre>\n" + strings.Repeat("A plain line with invoice INV-20418-KQ7Z in it.\n", 12),
}

// writtenReport measures a spec with a reader and returns the report's bytes.
func writtenReport(t *testing.T, dir string, spec eval.Spec, o eval.Options) string {
	t.Helper()
	run(t, dir, spec, o)
	return reportOf(t, dir)
}

func run(t *testing.T, dir string, spec eval.Spec, o eval.Options) {
	t.Helper()
	if _, err := eval.Run(t.Context(), dir, spec, o); err != nil {
		t.Fatal(err)
	}
}

// small is a spec of a second.
func small(t *testing.T) eval.Spec {
	t.Helper()
	cfg, err := configs.Preset("glyph-en")
	if err != nil {
		t.Fatal(err)
	}
	cfg.PageSize = configs.Size{Width: 595, Height: 120} // low pages are read quickly
	model, err := vision.Lookup("qwen3-vl")
	if err != nil {
		t.Fatal(err)
	}
	return eval.Spec{
		Tasks: []string{"exact", "ruler/niah_single_1"}, Configs: []eval.Config{{Name: "strips", Config: cfg}}, Model: model,
		Arms: []eval.Arm{eval.Image, eval.Hybrid, eval.Text}, Seed: 7, Probes: 2, Lengths: []int{600}, ExactBudget: "2000",
	}
}

// oracle is a reader that knows the pages of a spec. What it misreads depends
// on the page alone.
type oracle struct {
	texts map[string]string // by the SHA-256 of the page
	noise int               // one digit in so many is misread, 0 for none
	fail  error
}

func newOracle(t *testing.T, spec eval.Spec, noise int) *oracle {
	t.Helper()
	o := &oracle{texts: map[string]string{}, noise: noise}
	dir := t.TempDir()
	asked := spec
	asked.Arms, asked.Zoom = []eval.Arm{eval.Text}, false
	run(t, dir, asked, eval.Options{})
	d, err := eval.Open(dir, render.Options{})
	if err != nil {
		t.Fatal(err)
	}
	dpis := spec.DPIs
	if len(dpis) == 0 {
		dpis = []float64{spec.Configs[0].Config.DPI}
	}
	for _, outcome := range d.Result.Outcomes {
		p, err := d.Probe(outcome)
		if err != nil {
			t.Fatal(err)
		}
		for _, dpi := range dpis {
			o.know(t, spec.Configs[0].Config, dpi, p.Text)
		}
	}
	return o
}

func (o *oracle) know(t *testing.T, cfg configs.Config, dpi float64, text string) {
	t.Helper()
	cfg.DPI, cfg.Legend = dpi, configs.LegendNone
	r, err := render.New(cfg, render.Options{})
	if err != nil {
		t.Fatal(err)
	}
	for page, err := range r.Pages(t.Context(), "document", strings.NewReader(text)) {
		if err != nil {
			t.Fatal(err)
		}
		var b strings.Builder
		for _, l := range page.Lines {
			b.WriteString(strings.TrimRight(text[l.Start:l.End], "\n") + "\n")
		}
		o.texts[fmt.Sprintf("%x", sha256.Sum256(page.PNG))] = b.String()
	}
}

func (o *oracle) Name() string { return fmt.Sprintf("oracle (1/%d)", o.noise) }

func (o *oracle) Read(_ context.Context, page read.Page) (read.Reading, error) {
	text, ok := o.texts[fmt.Sprintf("%x", sha256.Sum256(page.PNG))]
	if o.fail != nil || !ok {
		return read.Reading{}, cmp.Or(o.fail, errors.New("an unknown page"))
	}
	b, digits := []byte(text), 0
	for i, c := range b {
		if c >= '0' && c <= '9' && o.noise > 0 {
			if digits++; digits%o.noise == 0 {
				b[i] = '0' + (c-'0'+3)%10
			}
		}
	}
	return read.Reading{Text: string(b)}, nil
}

func reportOf(t *testing.T, dir string) string {
	t.Helper()
	if _, err := Write(t.Context(), dir, render.Options{}); err != nil {
		t.Fatal(err)
	}
	data, err := os.ReadFile(filepath.Join(dir, File))
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

func reportSpec(t *testing.T) eval.Spec {
	spec := small(t)
	spec.Tasks = []string{"ocr", "ruler/niah_single_1", "ruler/niah_multivalue"}
	spec.Documents = []task.Document{hostile}
	spec.Arms, spec.DPIs, spec.Lengths = eval.Arms(), []float64{72, 96}, []int{1024}
	return spec
}

func TestReport(t *testing.T) {
	spec := reportSpec(t)
	dir := t.TempDir()
	html := writtenReport(t, dir, spec, eval.Options{Reader: newOracle(t, spec, 3)})
	for _, want := range []string{
		"<title>Evaluation: oracle (1/3)</title>", "computed from transcripts", "<dt>Seed</dt><dd>7</dd>", "qwen3-vl, confidence", "lengths 1k tokens",
		"Config strips:", "hybrid, strips at 72 dpi less image, strips at 72 dpi", "Cost by rung", "<td>96 dpi</td>", ">text</td>", "by document",
		"ruler/niah_single_1", "Groups of tasks", "Pages with the most misread characters", "Worst probes", "silently wrong", "around the gold answer",
		"around the first misread character", "plots/compression-ruler.png", "plots/compression-ocr.png", "plots/depth-1.png", "plots/tasks-1.png",
		"&lt;script&gt;alert(1)&lt;/script&gt;",
	} {
		if !strings.Contains(html, want) {
			t.Errorf("the report does not have %q", want)
		}
	}
	text := regexp.MustCompile(`src="data:[^"]*"`).ReplaceAllString(html, "")
	for _, bad := range []string{"<script", "http://", "https://", "ZgotmplZ", "<no value>", "%!", "NaN", "src=\"plots"} {
		if strings.Contains(text, bad) {
			t.Errorf("the report has %q", bad)
		}
	}
	for _, picture := range pictures(t, html) {
		if picture.Bounds().Empty() {
			t.Error("a picture is empty")
		}
	}
	files, err := os.ReadDir(filepath.Join(dir, PlotsDir))
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range files {
		if !strings.Contains(html, "plots/"+f.Name()) {
			t.Errorf("the report does not name %s", f.Name())
		}
	}
	if again := reportOf(t, dir); again != html {
		t.Error("the second report of the directory has other bytes")
	}
}

// pictures are those of a page, decoded.
func pictures(t *testing.T, html string) (all []image.Image) {
	t.Helper()
	for _, m := range regexp.MustCompile(`src="([^"]*)"`).FindAllStringSubmatch(html, -1) {
		data, ok := strings.CutPrefix(m[1], "data:image/png;base64,")
		if !ok {
			t.Fatalf("a picture is not in the page: %.40s", m[1])
		}
		raw, err := base64.StdEncoding.DecodeString(strings.ReplaceAll(data, "&#43;", "+"))
		if err != nil {
			t.Fatal(err)
		}
		picture, err := png.Decode(bytes.NewReader(raw))
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, picture)
	}
	if len(all) == 0 {
		t.Error("the report has no picture")
	}
	return all
}

// What a model copies has no transcripts of pages: its answer is aligned.
func TestReportOfAModel(t *testing.T) {
	spec := small(t)
	spec.Tasks, spec.Documents, spec.Arms = []string{"ocr"}, []task.Document{hostile}, []eval.Arm{eval.Image}
	s := llmtest.New(llmtest.Text(strings.Replace(hostile.Text, "plain", "plane", 3)))
	defer s.Close()
	html := writtenReport(t, t.TempDir(), spec, eval.Options{Endpoint: &llm.Options{BaseURL: s.URL(), Model: "m"}})
	for _, want := range []string{"of the model", ": 6 places misread in ", "around the first misread character"} {
		if !strings.Contains(html, want) {
			t.Errorf("the report does not have %q", want)
		}
	}
}

func TestReportWhereNothingIsWrong(t *testing.T) {
	spec := small(t)
	html := writtenReport(t, t.TempDir(), spec, eval.Options{Reader: newOracle(t, spec, 0)})
	if !strings.Contains(html, "None: every probe that has a score is right") || strings.Contains(html, "Pages with the most") {
		t.Error("a perfect reader has worst probes or pages")
	}
}

func TestReportOfUnscored(t *testing.T) {
	spec := small(t)
	reader := newOracle(t, spec, 0)
	reader.fail = errors.New("no <ink> left")
	html := writtenReport(t, t.TempDir(), spec, eval.Options{Reader: reader})
	if !strings.Contains(html, "no &lt;ink&gt; left") || !strings.Contains(html, `class="t">image, strips at 72 dpi</td><td>2</td>`) {
		t.Error("the report does not count what is unscored by its reason")
	}
}

func TestReportRefuses(t *testing.T) {
	if _, err := Write(t.Context(), t.TempDir(), render.Options{}); err == nil || !strings.Contains(err.Error(), "accepted: the directory of a run") {
		t.Errorf("error %v of an empty directory", err)
	}
	spec := small(t)
	dir := t.TempDir()
	run(t, dir, spec, eval.Options{Reader: newOracle(t, spec, 3)})
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := Write(ctx, dir, render.Options{}); err == nil {
		t.Error("no error after cancelling")
	}
}

// A page that is not what it was is named, not shown.
func TestReportOfOtherPages(t *testing.T) {
	spec := small(t)
	dir := t.TempDir()
	run(t, dir, spec, eval.Options{Reader: newOracle(t, spec, 3)})
	path := filepath.Join(dir, runs.IdentityFile)
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, bytes.ReplaceAll(data, []byte(`"font-size": 9`), []byte(`"font-size": 8.9`)), 0o600); err != nil {
		t.Fatal(err)
	}
	if html := reportOf(t, dir); !strings.Contains(html, "is not the one that was read") {
		t.Error("the report does not say that pages are others")
	}
}

// misreading replaces a string in what an oracle reads.
type misreading struct {
	*oracle
	from, to string
}

func (m misreading) Read(ctx context.Context, page read.Page) (read.Reading, error) {
	r, err := m.oracle.Read(ctx, page)
	r.Text = strings.Replace(r.Text, m.from, m.to, 1)
	return r, err
}

// What is misread is red, and nothing else.
func TestMisreadIsMarkedInPlace(t *testing.T) {
	spec := small(t)
	spec.Tasks, spec.Documents, spec.Arms = []string{"ocr"}, []task.Document{{Name: "doc", Text: "first line of all\nsecond line\nthird line of all\n"}}, []eval.Arm{eval.Image}
	dir := t.TempDir()
	run(t, dir, spec, eval.Options{Reader: misreading{newOracle(t, spec, 0), "third", "thwird"}})
	d, err := eval.Open(dir, render.Options{})
	if err != nil {
		t.Fatal(err)
	}
	r, o := newReader(d), d.Result.Outcomes[0]
	page, err := r.draw(t.Context(), o, o.Pages[0])
	if err != nil {
		t.Fatal(err)
	}
	if len(page.marks) != 1 {
		t.Fatalf("marks %v, want one", page.marks)
	}
	third, picture := page.Lines[2], page.picture
	red := image.Rectangle{}
	for y := range picture.Bounds().Dy() {
		for x := range picture.Bounds().Dx() {
			if c := picture.RGBAAt(x, y); int(c.R) > int(c.G)+40 {
				red = red.Union(image.Rect(x, y, x+1, y+1))
			}
		}
	}
	// "third line of all" has 17 characters, the third of which begins at 2/17.
	at := third.X + third.Width*2/17
	if !red.Eq(image.Rect(at, third.Y, at+2, third.Y+third.Height)) {
		t.Errorf("red is %v, want a bar at x %d of line %+v", red, at, third)
	}
}

func TestMisreadMarks(t *testing.T) {
	for _, test := range []struct{ text, transcript, want string }{ // want: text with [misread] and | where something is made up
		{"kitten", "kitten", "kitten"},
		{"kitten", "kitchen", "kit[t]|en"},
		{"a cat sat", "a bat sat", "a [c]at sat"},
		{"a cat sat", "a sat", "a [cat ]sat"},
		{"a cat", "", "[a cat]"},
		{"a\ncat", "a cat", "a\ncat"},
		{"a\n  cat\n", " a cat", "a\n  cat\n"},
		{"“a”—b", `"a"-b`, "“a”—b"},
		{"日本語", "日木語", "日[本]語"},
		{"one", "none", "|one"},
		{"one", "ones", "one|"},
		{"", "x", "|"},
	} {
		marks, ok := misreadMarks(test.text, 0, test.transcript, nil)
		if got := marked(test.text, marks); got != test.want || !ok {
			t.Errorf("%q read as %q: %q, want %q", test.text, test.transcript, got, test.want)
		}
	}
	for _, transcript := range []string{"a long-\nword", "a long-word"} {
		if marks, _ := misreadMarks("a long-word", 5, transcript, []int64{5, 12}); len(marks) > 0 {
			t.Errorf("a break within a word is marked in %q: %v", transcript, marks)
		}
	}
	if _, ok := misreadMarks(strings.Repeat("a", 40_000), 0, strings.Repeat("b", 40_000), nil); ok {
		t.Error("an alignment that takes too long is made")
	}
}

// marked shows marks in their text; those next to each other as one.
func marked(text string, marks []mark) string {
	var b strings.Builder
	wrong := make([]bool, len(text)+1)
	for _, m := range marks {
		for i := m.start; i < m.end; i++ {
			wrong[i] = true
		}
	}
	for i := 0; i <= len(text); i++ {
		if i > 0 && wrong[i-1] && !wrong[i] {
			b.WriteByte(']')
		}
		if slices.Contains(marks, mark{int64(i), int64(i)}) {
			b.WriteByte('|')
		}
		if wrong[i] && (i == 0 || !wrong[i-1]) {
			b.WriteByte('[')
		}
		if i < len(text) {
			b.WriteByte(text[i])
		}
	}
	return b.String()
}

func FuzzMisreadMarks(f *testing.F) {
	f.Add("kitten  sat", "sitting\nsat")
	f.Add("“a” b\xff", "\"a\" 日")
	f.Fuzz(func(t *testing.T, text, transcript string) {
		if len(text) > 300 || len(transcript) > 300 {
			return
		}
		marks, ok := misreadMarks(text, 0, transcript, nil)
		if !ok {
			t.Fatal("too long")
		}
		want := metric.CharacterErrors(text, transcript)
		if (len(marks) == 0) != (want.Distance == 0) {
			t.Errorf("%d marks where the distance is %d", len(marks), want.Distance)
		}
		wrong, end := 0, int64(0)
		for _, m := range marks {
			if m.start < end || m.end < m.start || m.end > int64(len(text)) {
				t.Errorf("mark %v of %d bytes, behind %d", m, len(text), end)
			}
			end = m.end
			if m.end > m.start {
				wrong++
			}
		}
		if wrong > want.Distance {
			t.Errorf("%d characters are marked where the distance is %d", wrong, want.Distance)
		}
	})
}
