package verify

import (
	"fmt"
	"io"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/glyphkit/glyph/exact"
	"github.com/glyphkit/glyph/internal/corpus"
	"github.com/glyphkit/glyph/internal/value"
)

const (
	decimalDigits = "0123456789"
	hexDigits     = "0123456789abcdef"
	base64Digits  = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
)

func pick(r *rand.Rand, alphabet string, n int) string {
	b := make([]byte, n)
	for i := range b {
		b[i] = alphabet[r.IntN(len(alphabet))]
	}
	return string(b)
}

func oneOf(r *rand.Rand, s ...string) string { return s[r.IntN(len(s))] }

var words = strings.Fields(`account archive balance bridge client cluster corner
	daily delivery engine export filter garden harbor index invoice journal kernel
	ledger market member modern network office order packet parser portal queue
	record region report river sample schema server signal station stream summary
	table target terminal transfer update user vendor window worker`)

func pickWord(r *rand.Rand) string { return words[r.IntN(len(words))] }

func title(s string) string { return strings.ToUpper(s[:1]) + s[1:] }

// planted makes strings of the kinds that people must not lose.
var planted = []struct {
	name string
	make func(*rand.Rand) string
}{
	{"uuid", func(r *rand.Rand) string {
		return pick(r, hexDigits, 8) + "-" + pick(r, hexDigits, 4) + "-4" + pick(r, hexDigits, 3) + "-a" + pick(r, hexDigits, 3) + "-" + pick(r, hexDigits, 12)
	}},
	{"hash", func(r *rand.Rand) string { return pick(r, hexDigits, []int{32, 40, 64}[r.IntN(3)]) }},
	{"hex", func(r *rand.Rand) string { return "0x" + pick(r, hexDigits, 8) }},
	{"base64", func(r *rand.Rand) string { return pick(r, base64Digits, 27) + "=" }},
	{"path", func(r *rand.Rand) string {
		return "/" + pickWord(r) + "/" + pickWord(r) + "/" + pickWord(r) + "_" + pickWord(r) + "." + oneOf(r, "go", "log", "json", "yaml")
	}},
	{"id", func(r *rand.Rand) string { return strings.ToUpper(pickWord(r)[:3]) + "-" + pick(r, decimalDigits, 6) }},
	{"amount", func(r *rand.Rand) string {
		return oneOf(r, "$", "€", "£") + fmt.Sprintf("%d,%03d.%02d", 1+r.IntN(999), r.IntN(1000), r.IntN(100))
	}},
	{"date", func(r *rand.Rand) string {
		return fmt.Sprintf("%d-%02d-%02d", 1950+r.IntN(100), 1+r.IntN(12), 1+r.IntN(28))
	}},
	{"timestamp", func(r *rand.Rand) string {
		return fmt.Sprintf("%d-%02d-%02dT%02d:%02d:%02dZ", 2000+r.IntN(30), 1+r.IntN(12), 1+r.IntN(28), r.IntN(24), r.IntN(60), r.IntN(60))
	}},
	{"email", func(r *rand.Rand) string {
		return pickWord(r) + "." + pickWord(r) + "@" + pickWord(r) + "." + oneOf(r, "com", "org", "net")
	}},
	{"url", func(r *rand.Rand) string {
		return "https://" + pickWord(r) + ".example.com/" + pickWord(r) + "/" + pickWord(r) + "?id=" + pick(r, hexDigits, 8)
	}},
	{"version", func(r *rand.Rand) string {
		return fmt.Sprintf("v%d.%d.%d%s", r.IntN(30), r.IntN(40), r.IntN(40), oneOf(r, "", "-beta", "-rc1"))
	}},
	{"ip", func(r *rand.Rand) string {
		return fmt.Sprintf("%d.%d.%d.%d", 10+r.IntN(200), r.IntN(256), r.IntN(256), 1+r.IntN(254))
	}},
	{"phone", func(r *rand.Rand) string {
		return fmt.Sprintf("+%d %d %s", 30+r.IntN(60), 100+r.IntN(900), pick(r, decimalDigits, 7))
	}},
	{"snake", func(r *rand.Rand) string { return pickWord(r) + "_" + pickWord(r) + "_" + pickWord(r) }},
	{"camel", func(r *rand.Rand) string { return pickWord(r) + title(pickWord(r)) + title(pickWord(r)) }},
}

// A sourceString is a string that stands once in its source.
type sourceString struct {
	text, group string
	isolated    bool // no other exact string of the source is its twin
	quoted      bool
}

// A population is the strings of a source.
type population struct {
	index   *Index
	known   map[string]bool
	strings []sourceString
}

// newPopulation takes the exact strings of a text, or of these only the
// planted ones where there are some.
func newPopulation(text, name string, planted map[string]string) population {
	p := population{index: testIndex(text), known: map[string]bool{}}
	count, twins := map[string]int{}, map[string]int{}
	all := exact.Find(text)
	for _, s := range all {
		if count[s.Text]++; count[s.Text] == 1 {
			twins[twinKey(s.Text)]++
		}
		p.known[s.Text] = true
	}
	for _, s := range all {
		group := name + " " + string(s.Kind)
		if planted != nil {
			group = name + " " + planted[s.Text]
		}
		if count[s.Text] == 1 && (planted == nil || planted[s.Text] != "") {
			p.strings = append(p.strings, sourceString{
				text: s.Text, group: group, isolated: twins[twinKey(s.Text)] == 1, quoted: s.Kind == value.Quotation,
			})
		}
	}
	return p
}

// newPlanted plants strings of every kind, 40 of each, one a line.
func newPlanted(t testing.TB, r *rand.Rand) population {
	var doc strings.Builder
	names := map[string]string{}
	for range 40 {
		for _, p := range planted {
			s := p.make(r)
			names[s] = p.name
			fmt.Fprintf(&doc, "The %s of the %s is %s today.\n", pickWord(r), pickWord(r), s)
		}
	}
	p := newPopulation(doc.String(), "planted", names)
	if len(p.strings) < len(names)*9/10 {
		t.Fatalf("%d of %d planted strings are found as exact ones", len(p.strings), len(names))
	}
	return p
}

func readCorpus(t testing.TB, kind corpus.Kind, seed uint64, size int64) string {
	t.Helper()
	b, err := io.ReadAll(corpus.New(kind, seed, size))
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func testIndex(text string) *Index { return New([]Source{{Name: "doc", Text: text}}) }
