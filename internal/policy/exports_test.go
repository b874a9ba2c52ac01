package policy

import (
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// maxExported is the most exported top-level names that all public packages
// have together. A change may lower it.
const maxExported = 350

// unshown are public packages that have no runnable example yet. Each goes from
// the list with its example.
var unshown = []string{}

// public says whether programs that import the module can import a package.
func public(p pkg) bool {
	return !regexp.MustCompile(`(^|/)(internal|cmd)(/|$)`).MatchString(p.ImportPath)
}

// exported lists the exported top-level names of a file.
func exported(f *ast.File) (names []string) {
	add := func(id *ast.Ident) {
		if id.IsExported() {
			names = append(names, id.Name)
		}
	}
	for _, d := range f.Decls {
		switch d := d.(type) {
		case *ast.FuncDecl:
			if d.Recv == nil {
				add(d.Name)
			}
		case *ast.GenDecl:
			for _, s := range d.Specs {
				switch s := s.(type) {
				case *ast.TypeSpec:
					add(s.Name)
				case *ast.ValueSpec:
					for _, id := range s.Names {
						add(id)
					}
				}
			}
		}
	}
	return names
}

// A name that is exported is a promise. There are few.
func TestFewNamesAreExported(t *testing.T) {
	total, tally := 0, map[string]int{}
	for _, p := range packages(t) {
		if !public(p) {
			continue
		}
		for _, name := range p.GoFiles {
			f, err := parser.ParseFile(token.NewFileSet(), filepath.Join(p.Dir, name), nil, parser.SkipObjectResolution)
			if err != nil {
				t.Fatal(err)
			}
			n := len(exported(f))
			total += n
			tally[p.ImportPath] += n
		}
	}
	t.Logf("%d exported names", total)
	if total > maxExported {
		t.Errorf("%d exported names; accepted: %d; by package: %v", total, maxExported, tally)
	}
	if total < maxExported-20 {
		t.Errorf("%d exported names: lower maxExported from %d", total, maxExported)
	}
	f, err := parser.ParseFile(token.NewFileSet(), "a.go", "package a\n\ntype (\n\tA int\n\tb int\n)\n\nconst C, d = 1, 2\n\nvar E int\n\nfunc F() {}\nfunc (A) G() {}\n", 0)
	if err != nil {
		t.Fatal(err)
	}
	if got := exported(f); !slices.Equal(got, []string{"A", "C", "E", "F"}) {
		t.Errorf("exported names %q", got)
	}
}

// runs says whether a test file has an example whose output is compared.
func runs(t *testing.T, name string, src any) bool {
	t.Helper()
	f, err := parser.ParseFile(token.NewFileSet(), name, src, parser.ParseComments|parser.SkipObjectResolution)
	if err != nil {
		t.Fatal(err)
	}
	for _, d := range f.Decls {
		example, ok := d.(*ast.FuncDecl)
		if !ok || example.Recv != nil || !strings.HasPrefix(example.Name.Name, "Example") {
			continue
		}
		for _, c := range f.Comments {
			if c.Pos() > example.Body.Lbrace && c.End() < example.Body.Rbrace && regexp.MustCompile(`(?m)^(Unordered output|Output):`).MatchString(c.Text()) {
				return true
			}
		}
	}
	return false
}

func TestEveryPublicPackageHasAnExample(t *testing.T) {
	for _, p := range packages(t) {
		if !public(p) {
			continue
		}
		files, err := filepath.Glob(filepath.Join(p.Dir, "*_test.go"))
		if err != nil {
			t.Fatal(err)
		}
		has := slices.ContainsFunc(files, func(name string) bool {
			src, err := os.ReadFile(name)
			if err != nil {
				t.Fatal(err)
			}
			return runs(t, name, src)
		})
		if listed := slices.Contains(unshown, p.ImportPath); has == listed {
			t.Errorf("%s: has a runnable example: %v; listed as one without: %v", p.ImportPath, has, listed)
		}
	}
	for src, want := range map[string]bool{
		"func ExampleA() {\n\t// Output: 1\n}": true,
		"func ExampleA() {}":                   false,
		"// Output: 1\nfunc ExampleA() {}":     false,
		"func TestA() {\n\t// Output: 1\n}":    false,
	} {
		if runs(t, "a_test.go", "package a\n\n"+src+"\n") != want {
			t.Errorf("%q: taken for what it is not", src)
		}
	}
}
