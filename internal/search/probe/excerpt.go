package probe

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"math/rand"
	"strings"
	"unicode"
	"unicode/utf8"
)

// The strata of probes.
const (
	StratumProse = "prose"
	StratumCode  = "code"
	StratumTable = "table"
	StratumCJK   = "cjk"
	StratumExact = "exact" // planted strings that no language model can guess
)

// Strata returns all strata, in the order in which they are listed.
func Strata() []string {
	return []string{StratumProse, StratumCode, StratumTable, StratumCJK, StratumExact}
}

// excerpts calls yield with each stretch of src of about chars characters, cut
// at line ends, or at spaces where lines are longer. The end of src, if it is
// shorter than half of chars, is left out, and so is what holds a character
// that pages show as something else.
func excerpts(src io.Reader, chars int, yield func(string)) (left int, err error) {
	in := bufio.NewReaderSize(src, 64<<10)
	var b strings.Builder
	runes := 0
	flush := func() {
		text := strings.Trim(b.String(), "\n")
		b.Reset()
		switch {
		case 2*runes < chars:
		case strings.ContainsFunc(text, neverShown):
			left++
		default:
			yield(text)
		}
		runes = 0
	}
	for {
		r, _, err := in.ReadRune()
		if err != nil {
			flush()
			if errors.Is(err, io.EOF) {
				err = nil
			}
			return left, err
		}
		if runes == 0 && r == '\n' {
			continue
		}
		b.WriteRune(r)
		runes++
		switch {
		case r == '\n' && runes >= chars*3/4, // a line longer than the rest of the excerpt would make it too long
			unicode.IsSpace(r) && runes >= chars, runes >= 2*chars:
			flush()
		}
	}
}

// neverShown reports characters that are dropped or replaced on pages, so that
// a reader could not be right about them.
func neverShown(r rune) bool {
	return r == utf8.RuneError || unicode.IsControl(r) && r != '\n' && r != '\t' || unicode.In(r, unicode.Cf, unicode.Co, unicode.Cs)
}

// stratumOf tells the kind of a text by its characters and lines. It knows four
// kinds only, so that a log counts as code and a list as prose.
func stratumOf(text string) string {
	var letters, han, signs, all int
	for _, r := range text {
		switch {
		case unicode.IsSpace(r):
			continue
		case unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Hangul):
			han++
			letters++
		case unicode.IsLetter(r):
			letters++
		case strings.ContainsRune("{}()[]<>=;_/\\|&*#$%@+^~`:", r):
			signs++
		}
		all++
	}
	switch {
	case 10*han > 3*all:
		return StratumCJK
	case tabular(strings.Split(text, "\n")):
		return StratumTable
	case 20*signs > all:
		return StratumCode
	}
	return StratumProse
}

// tabular reports whether most lines have as many cells as each other.
func tabular(lines []string) bool {
	for _, d := range []struct {
		separator string
		least     int // in a line: prose has commas, too
		lines     int
	}{{"\t", 2, 3}, {"|", 2, 3}, {"  ", 2, 3}, {",", 3, 4}, {";", 3, 4}} {
		counts := map[int]int{}
		for _, line := range lines {
			n := 0
			for i, part := range strings.Split(strings.Trim(line, " \t"), `"`) {
				if i%2 == 0 { // outside quotation marks
					n += strings.Count(part, d.separator)
				}
			}
			counts[n]++
			if n >= d.least && counts[n] >= d.lines && 5*counts[n] > 3*len(lines) {
				return true
			}
		}
	}
	return false
}

// reservoir keeps a sample of fixed size of what is put into it, each item as
// likely as any other (Vitter, 1985, algorithm R).
type reservoir struct {
	size  int
	seen  int
	items []excerpt
}

// excerpt is a part of a document.
type excerpt struct{ text, document string }

func (v *reservoir) put(item excerpt, rng *rand.Rand) {
	v.seen++
	if len(v.items) < v.size {
		v.items = append(v.items, item)
	} else if i := rng.Intn(v.seen); i < v.size {
		v.items[i] = item
	}
}

// plantedStrings is how many exact strings a probe of that stratum holds.
const plantedStrings = 8

// plant puts exact strings between the words of a text.
func plant(text string, rng *rand.Rand) (planted string, exact []string) {
	words := strings.SplitAfter(text, " ")
	for i := range plantedStrings {
		s := exactString(i, rng)
		exact = append(exact, s)
		at := len(words) * (2*i + 1) / (2 * plantedStrings)
		words[min(at, len(words)-1)] += s + " "
	}
	return strings.Join(words, ""), exact
}

// exactString draws a string of the i-th of some forms.
func exactString(i int, rng *rand.Rand) string {
	const (
		hex    = "0123456789abcdef"
		upper  = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
		base64 = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
	)
	draw := func(alphabet string, n int) string {
		b := make([]byte, n)
		for i := range b {
			b[i] = alphabet[rng.Intn(len(alphabet))]
		}
		return string(b)
	}
	switch i % 8 {
	case 0:
		return draw(hex, 12)
	case 1:
		return fmt.Sprintf("%d.%02d", rng.Intn(90_000)+10_000, rng.Intn(100))
	case 2:
		return draw(upper, 3) + "-" + draw(upper, 6)
	case 3:
		return fmt.Sprintf("%04d-%02d-%02dT%02d:%02d", 1950+rng.Intn(100), 1+rng.Intn(12), 1+rng.Intn(28), rng.Intn(24), rng.Intn(60))
	case 4:
		return draw(base64, 14)
	case 5:
		return fmt.Sprintf("%d.%d.%d.%d", 1+rng.Intn(254), rng.Intn(256), rng.Intn(256), 1+rng.Intn(254))
	case 6:
		return "/" + draw(base64, 4) + "/" + draw(base64, 6) + ".go:" + fmt.Sprint(1+rng.Intn(2000))
	default:
		return draw(base64[26:52], 5) + "_" + draw(base64[26:52], 4) + draw(hex, 2)
	}
}
