package policy

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"regexp"
	"slices"
	"testing"
)

// forbidden are packages of others that packages of this module may not link,
// however far away the import is.
var forbidden = []struct {
	dep     string
	except  string // packages of the module that may, as an expression
	why     string
	example string // a package that may not
}{
	{"net/http", `ask/llm|internal/llmtest|ask/wire/openai|ask|eval|eval/(calibrate|read)|internal/(examiner|judge|ppocr|report)|search|internal/search/(probe|report|known)|serve/.*|internal/cli(/verb)?|internal/show|cmd/glyph|\.`,
		"only package ask/llm sends: what draws, packs and checks cannot", "ask/pack"},
	{"github.com/sashabaranov/go-openai", `ask/llm|ask/wire/openai|ask|eval|eval/(calibrate|read)|internal/(examiner|judge|ppocr|report)|search|internal/search/(probe|report|known)|serve/.*|internal/cli(/verb)?|internal/show|cmd/glyph|\.`,
		"it links an HTTP client", "ask/wire"},
	{"github.com/ebitengine/purego", `internal/ppocr|internal/cli(/verb)?|cmd/glyph`, "it makes every program that imports the module link libc", "."},
	{"github.com/MaxHalford/eaopt", `search|internal/search/report|internal/cli|internal/show|cmd/glyph`, "the front door opens no lab", "."},
}

// broken lists what breaks the rules of forbidden.
func broken(pkgs []pkg) (list []string) {
	for _, rule := range forbidden {
		except := regexp.MustCompile("^(" + rule.except + ")$")
		for _, p := range pkgs {
			if slices.Contains(p.Deps, rule.dep) && !except.MatchString(p.ImportPath) {
				list = append(list, fmt.Sprintf("%s depends on %s: %s", p.ImportPath, rule.dep, rule.why))
			}
		}
	}
	return list
}

func TestForbiddenDependencies(t *testing.T) {
	pkgs := packages(t)
	for _, violation := range broken(pkgs) {
		t.Error(violation)
	}
	for _, rule := range forbidden {
		if !slices.ContainsFunc(pkgs, func(p pkg) bool { return slices.Contains(p.Deps, rule.dep) }) {
			t.Errorf("nothing depends on %s: the rule forbids a name that is gone", rule.dep)
		}
		// The rule fails for a package that breaks it.
		i := slices.IndexFunc(pkgs, func(p pkg) bool { return p.ImportPath == rule.example })
		if i < 0 {
			t.Errorf("no package %s, which the rule on %s has as example", rule.example, rule.dep)
			continue
		}
		bad := pkgs[i]
		bad.Deps = append(slices.Clone(bad.Deps), rule.dep)
		if len(broken([]pkg{bad})) == 0 {
			t.Errorf("the rule on %s takes %s, which breaks it", rule.dep, rule.example)
		}
	}
}

// direct are packages of others that few of this module import for themselves.
var direct = []struct{ imp, may string }{
	{"net/http", `ask/llm|internal/llmtest|serve/.*|internal/cli`}, // servers listen
	{"github.com/sashabaranov/go-openai", `ask/llm|ask/wire/openai`},
}

func TestOneSender(t *testing.T) {
	for _, rule := range direct {
		may := regexp.MustCompile("^(" + rule.may + ")$")
		importers := 0
		for _, p := range packages(t) {
			if slices.Contains(p.Imports, rule.imp) {
				importers++
				if !may.MatchString(p.ImportPath) {
					t.Errorf("%s imports %s; accepted: %s", p.ImportPath, rule.imp, rule.may)
				}
			}
		}
		if importers < 2 || may.MatchString("ask/pack") {
			t.Errorf("%d packages import %s: the rule forbids a name that is gone, or nothing", importers, rule.imp)
		}
	}
}

// usesCgo says whether a file imports "C".
func usesCgo(t *testing.T, name string, src any) bool {
	t.Helper()
	f, err := parser.ParseFile(token.NewFileSet(), name, src, parser.ImportsOnly)
	if err != nil {
		t.Fatal(err)
	}
	return slices.ContainsFunc(f.Imports, func(s *ast.ImportSpec) bool { return s.Path.Value == `"C"` })
}

// The module has no cgo, on any system and whether or not cgo is enabled here.
func TestNoCgo(t *testing.T) {
	for _, p := range packages(t) {
		files, err := filepath.Glob(filepath.Join(p.Dir, "*.go"))
		if err != nil {
			t.Fatal(err)
		}
		for _, name := range files {
			if usesCgo(t, name, nil) {
				t.Errorf("%s imports C", name)
			}
		}
	}
	if !usesCgo(t, "bad.go", "package bad\n\nimport \"C\"\n") {
		t.Error("a file that imports C is taken")
	}
}
