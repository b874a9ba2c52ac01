//go:build ignore

// Command words_gen derives words.bin: what English words look like, from the
// doc comments of the Go standard library (BSD licence) and the generated
// prose, licences and Markdown of internal/corpus. The table is statistics, no
// text. Run it with go generate.
package main

import (
	"bufio"
	"io"
	"io/fs"
	"log"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"strings"

	"github.com/glyphkit/glyph/internal/corpus"
)

const (
	letters   = 27 // a to z, and the edge of a word
	bloomBits = 18
)

func main() {
	counts := map[string]int{}
	add := func(line string) {
		for _, f := range strings.Fields(line) {
			w := strings.Trim(f, ".,;:!?()\"'")
			ok := len(w) >= 2
			for _, c := range []byte(w) {
				ok = ok && 'a' <= c && c <= 'z'
			}
			if ok {
				counts[w]++
			}
		}
	}
	out, err := exec.Command("go", "env", "GOROOT").Output()
	if err != nil {
		log.Fatal(err)
	}
	err = filepath.WalkDir(filepath.Join(strings.TrimSpace(string(out)), "src"), func(p string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(p, ".go") {
			return err
		}
		b, err := os.ReadFile(p)
		for _, line := range strings.Split(string(b), "\n") {
			if c, ok := strings.CutPrefix(strings.TrimSpace(line), "// "); ok {
				add(c)
			}
		}
		return err
	})
	if err != nil {
		log.Fatal(err)
	}
	for _, k := range []corpus.Kind{corpus.Prose, corpus.Licence, corpus.Markdown} {
		r := bufio.NewScanner(io.LimitReader(corpus.New(k, 1, 4<<20), 4<<20))
		r.Buffer(nil, 1<<20)
		for r.Scan() {
			add(r.Text())
		}
	}

	var tri [letters * letters * letters]float64
	var bi [letters * letters]float64
	bloom := make([]byte, 1<<bloomBits/8)
	known := 0
	for w, n := range counts {
		if n < 4 {
			continue
		}
		known++
		for k := range uint32(4) {
			h := hash(w, k) & (1<<bloomBits - 1)
			bloom[h/8] |= 1 << (h % 8)
		}
		weight := 1 + math.Log(float64(n))
		a, b := 0, 0
		for i := range len(w) + 1 {
			c := 0
			if i < len(w) {
				c = int(w[i]-'a') + 1
			}
			tri[(a*letters+b)*letters+c] += weight
			bi[a*letters+b] += weight
			a, b = b, c
		}
	}
	table := make([]byte, len(tri))
	for i, n := range tri {
		// Additive smoothing: a trigram nobody has seen costs about 10 bits.
		bits := -math.Log2((n + 0.05) / (bi[i/letters] + 0.05*letters))
		table[i] = byte(min(255, math.Round(bits*16)))
	}
	if err := os.WriteFile("words.bin", append(table, bloom...), 0o644); err != nil {
		log.Fatal(err)
	}
	log.Printf("%d words", known)
}

// hash is FNV-1a with a seed, as in rare.go.
func hash(w string, seed uint32) uint32 {
	h := 2166136261 ^ seed*0x9E3779B9
	for _, c := range []byte(w) {
		h = (h ^ uint32(c)) * 16777619
	}
	return h ^ h>>15
}
