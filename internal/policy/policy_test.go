// Package policy holds the rules of ARCHITECTURE.md that a test can check.
package policy

import (
	"encoding/json"
	"errors"
	"go/ast"
	"go/parser"
	"go/token"
	"io"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

const module = "github.com/glyphkit/glyph"

type pkg struct {
	ImportPath string
	Dir        string
	GoFiles    []string
	Imports    []string
	Deps       []string
}

func packages(t *testing.T) []pkg {
	t.Helper()
	cmd := exec.Command("go", "list", "-json=ImportPath,Dir,GoFiles,Imports,Deps", module+"/...")
	out, err := cmd.Output()
	if err != nil {
		t.Fatal(err)
	}
	var pkgs []pkg
	for d := json.NewDecoder(strings.NewReader(string(out))); ; {
		var p pkg
		if err := d.Decode(&p); errors.Is(err, io.EOF) {
			return pkgs
		} else if err != nil {
			t.Fatal(err)
		}
		p.ImportPath = short(p.ImportPath)
		pkgs = append(pkgs, p)
	}
}

// short is the path of a package within the module, "." for its root. Other
// packages keep their path.
func short(path string) string {
	if path == module {
		return "."
	}
	return strings.TrimPrefix(path, module+"/")
}

func own(path string) bool { return path == module || strings.HasPrefix(path, module+"/") }

// mayImport says which packages of the module a package may import, and why no
// others. A package that is not listed may import nothing of the module.
var mayImport = []struct {
	pkg, allowed, why string
}{
	{"configs", `internal/edit`, "a config is only data"},
	{"fonts", `internal/edit`, "faces know no pages"},
	{"document", `internal/(input|scratch)`, "documents know no pages"},
	{"internal/value", ``, "a value is a string and what it means"},
	{"exact/internal/lex", `internal/value`, "a matcher knows one place of a text"},
	{"exact", `internal/value|exact/internal/lex`, "exact strings are strings"},
	{"exact/verify", `exact|internal/value`, "verifying knows texts, not models"},
	{"exact/secrets", `document`, "a secret stands in a text, whatever becomes of the text"},
	{"render/internal/text", ``, "text knows no faces or widths"},
	{"render/internal/shape", `fonts|render/internal/tables`, "words know no lines"},
	{"render/internal/layout", `configs|fonts|render/internal/text|render/internal/shape`, "lines know no pixels"},
	{"render/internal/raster", `fonts|render/internal/tables`, "masks know no text"},
	{"render/internal/tables", ``, "a guard around the code of others"},
	{"render/internal/png", ``, "the encoder knows pixels only"},
	{"render", `configs|fonts|document|exact|internal/(scratch|version)|render/internal/.*`, "rendering knows no prices, readers or scores"},
	{"internal/version", ``, "a version knows nothing of what it is the version of"},
	{"model/vision", `internal/edit`, "a price is data and a rule"},
	{"model/tokens", `internal/edit`, "counting knows no pages"},
	{"model/plan", `configs|document|render|model/(vision|tokens)`, "planning knows no readers or scores"},
	{"ask/wire", `exact/secrets`, "what goes over the wire was checked, and by whom it is sent is another matter"},
	{"ask/wire/openai", `ask/wire`, "one client's types for the same messages"},
	{"ask/pack", `internal/(value|version)|configs|document|render|model/(vision|tokens|plan)|exact|exact/(verify|secrets)|ask/wire`, "a pack is what goes to a model, it does not go there itself"},
	{"ask/llm", `internal/store|ask/wire|ask/wire/openai`, "a conversation knows no pages"},
	{"internal/llmtest", ``, "a server for tests"},
	{"ask", `configs|document|render|model/[a-z]+|exact|exact/[a-z]+|ask/(pack|llm|wire)`, "an answer is verified, not scored"},
	{"eval/metric|internal/(benchmark|stats)", ``, "numbers know no readers"},
	{"eval/task", `internal/(benchmark|stats)|eval/metric|exact`, "a task knows no pages and no readers"},
	{"eval/read", `internal/(store|stats)|configs|fonts|render|exact/secrets|ask/(llm|wire)|eval/metric`, "reading knows no tasks"},
	{"internal/ppocr", `configs|render|eval/read`, "a reader knows no tasks"},
	{"internal/judge", `internal/(runs|stats)|exact/secrets|ask/(llm|wire)`, "a judge knows no pages"},
	{"internal/examiner", `internal/(benchmark|runs|value)|exact/secrets|ask/(llm|wire)|eval/(task|metric)|exact`, "an examiner makes questions, others answer them"},
	{"eval/calibrate", `internal/(plot|runs|version|stats)|configs|fonts|document|render|model/[a-z]+|exact/secrets|ask/llm|eval/(read|metric|task)`, "calibrating is one task, not a run"},
	{"eval", `internal/(plot|runs|version|store|stats)|configs|fonts|document|render|model/[a-z]+|exact|exact/[a-z]+|ask|ask/(pack|llm)|eval/(read|metric|task)`, "measuring knows no search"},
	{"internal/report", `internal/(plot|runs|stats)|render|eval|eval/(metric|task)`, "a report is made of a run that is over"},
	{"search", `internal/(runs|stats)|configs|document|eval/read|model/vision|exact/secrets|ask/(llm|wire)|internal/search/genome|internal/search/probe|internal/search/clip`, "search knows no commands"},
	{"internal/search/genome", `configs|internal/search/clip`, "genes know no pages and no readers"},
	{"internal/search/probe", `configs|fonts|document|exact/secrets|render|model/[a-z]+|ask/llm|eval/(read|metric)|internal/search/clip`, "a probe knows nothing of the search that asks it"},
	{"internal/search/report", `internal/(plot|runs|stats)|configs|render|model/[a-z]+|ask/llm|search|internal/search/genome|internal/search/probe`, "a report is made of a search that is over"},
	{"internal/search/clip", ``, "a text is shortened"},
	{"internal/search/known", `internal/corpus|configs|document|render|model/vision|eval/read|internal/search/probe`, "readers for tests only"},
	{"serve/reader", `render|ask/(pack|llm)|eval/(read|task)`, "a server of readers"},
	{"\\.", `configs|document|exact|exact/[a-z]+|render|model/[a-z]+|ask|ask/[a-z]+`, "the front door opens no lab: it measures and searches nothing"},
	{"internal/cli", `\.|internal/(edit|fault|input|limit|fence|scratch|settings|term|runs|version|show|judge|examiner|ppocr|report|stats)|configs|fonts|document|render|model/[a-z]+|exact|exact/[a-z]+|ask|ask/(pack|llm)|eval|eval/[a-z]+|search|serve/reader|internal/cli/verb|internal/search/genome|internal/search/probe|internal/search/report`, "the command uses what any program can"},
	{"internal/cli/verb", `\.|internal/(edit|input|limit|fence|scratch|settings|term|runs|version|judge|examiner|ppocr)|configs|fonts|document|render|model/[a-z]+|exact|exact/[a-z]+|ask|ask/(pack|llm)|eval|eval/[a-z]+`, "flags know no verb"},
	{"internal/show", `document|\.|internal/(term|judge|examiner)|configs|fonts|render|model/[a-z]+|exact/(verify|secrets)|ask|ask/(llm|pack)|search|internal/search/genome|internal/search/probe|internal/search/report`, "printing calls nothing"},
	{"internal/term", ``, "what people read, whatever it says"},
	{"internal/settings", `internal/edit`, "settings know no flags"},
	{"cmd/glyph", `internal/cli`, "the command is a package like any other"},
	{"internal/edit", ``, "distances of names"},
	{leaves, ``, "a leaf is imported by all"},
	{"internal/input", ``, "files that may never be read"},
	{"internal/scratch", ``, "paths to delete"},
	{"internal/runs", `internal/version`, "files of runs, whatever they say"},
	{"internal/store", ``, "results, whatever they say"},
	{"internal/plot", ``, "pictures of numbers"},
	{"internal/corpus", ``, "texts for tests only"},
	{"internal/testkit", `configs|exact|render`, "reads pages in tests only"},
	{"internal/corpus/cmd/corpus", `internal/corpus`, "prints those texts"},
}

// leaves are packages of small functions. They import nothing of
// the module, and every package may import them.
const leaves = `internal/(bundles|fault|fence|flock|limit)`

func TestImportsGoOneWay(t *testing.T) {
	for _, p := range packages(t) {
		allowed, why := `^$`, "it is not listed in mayImport"
		for _, r := range mayImport {
			if regexp.MustCompile("^" + r.pkg + "$").MatchString(p.ImportPath) {
				allowed, why = "^("+leaves+"|"+r.allowed+")$", r.why
			}
		}
		for _, imp := range p.Imports {
			if own(imp) && !regexp.MustCompile(allowed).MatchString(short(imp)) {
				t.Errorf("%s imports %s: %s", p.ImportPath, short(imp), why)
			}
		}
	}
}

// Every package says what it is, every exported name of a public one has a
// comment.
func TestEverythingIsDocumented(t *testing.T) {
	for _, p := range packages(t) {
		hasDoc := false
		for _, name := range p.GoFiles {
			f, err := parser.ParseFile(token.NewFileSet(), filepath.Join(p.Dir, name), nil, parser.ParseComments)
			if err != nil {
				t.Fatal(err)
			}
			hasDoc = hasDoc || f.Doc != nil
			for _, d := range f.Decls {
				f, ok := d.(*ast.FuncDecl)
				if ok && f.Name.IsExported() && f.Doc == nil && (f.Recv == nil || exportedReceiver(f)) && !isStdMethod(f.Name.Name) {
					t.Errorf("%s: %s has no comment", filepath.Join(p.ImportPath, name), f.Name.Name)
				}
			}
		}
		if !hasDoc && len(p.GoFiles) > 0 {
			t.Errorf("package %s has no comment", p.ImportPath)
		}
	}
}

func exportedReceiver(f *ast.FuncDecl) bool {
	t := f.Recv.List[0].Type
	if s, ok := t.(*ast.StarExpr); ok {
		t = s.X
	}
	id, ok := t.(*ast.Ident)
	return ok && id.IsExported()
}

func isStdMethod(name string) bool {
	switch name {
	case "Error", "String", "Unwrap", "Is", "Read", "Write", "Close", "MarshalJSON", "UnmarshalJSON", "Len", "Less", "Swap":
		return true
	}
	return false
}
