//go:build ignore

// Command confusables_gen writes confusables.txt: letters of other scripts that
// look like one of ASCII, from the table of Unicode Technical Standard #39 in the
// form that the PyPI package confusable_homoglyphs has it (confusables.json, its
// argument). Letters that compatibility normalization makes ASCII are left out.
package main

import (
	"encoding/json"
	"fmt"
	"log"
	"os"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

func main() {
	b, err := os.ReadFile(os.Args[1])
	if err != nil {
		log.Fatal(err)
	}
	var table map[string][]struct {
		C string `json:"c"`
	}
	if err := json.Unmarshal(b, &table); err != nil {
		log.Fatal(err)
	}
	var lines []string
	for from, alike := range table {
		r, n := utf8.DecodeRuneInString(from)
		if n != len(from) || r < utf8.RuneSelf || !unicode.IsLetter(r) || unicode.Is(unicode.Latin, r) || norm.NFKC.String(from)[0] < utf8.RuneSelf {
			continue
		}
		for _, a := range alike {
			if len(a.C) == 1 && (unicode.IsLetter(rune(a.C[0])) || unicode.IsDigit(rune(a.C[0]))) {
				lines = append(lines, fmt.Sprintf("%s%s", from, a.C))
				break
			}
		}
	}
	slices.Sort(lines)
	head := "# Letters that look like one of ASCII: Unicode UTS #39, confusables.txt (Unicode License V3). Written by confusables_gen.go.\n"
	if err := os.WriteFile("confusables.txt", []byte(head+strings.Join(lines, "\n")+"\n"), 0o644); err != nil {
		log.Fatal(err)
	}
}
