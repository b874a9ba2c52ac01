package benchmark

import (
	"bytes"
	"compress/gzip"
	_ "embed"
	"fmt"
	"io"
	"iter"
	"math"
	"sort"
	"strconv"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"
)

// data/README.md says where the two come from.
var (
	//go:embed data/words.gz
	compressedWords []byte
	//go:embed data/emissions.gz
	compressedEmissions []byte
)

// segment splits text into words as jieba.cut of jieba 0.42.1 does by default:
// of all ways to put a run together from the dictionary's words the most
// probable, and in runs of single characters the words that a hidden Markov
// model of characters finds. Nothing is dropped: the words joined are the text,
// white space too. The first call reads the dictionary, about 0.06 s and 7 MB.
func segment(text string) []string {
	s := segmenter()
	var words []string
	for run, inside := range runs(text, isDictionaryRune) {
		if inside {
			words = s.cut(words, []rune(run))
			continue
		}
		for run != "" {
			size := 2
			if !strings.HasPrefix(run, "\r\n") {
				_, size = utf8.DecodeRuneInString(run)
			}
			words = append(words, run[:size])
			run = run[size:]
		}
	}
	return words
}

// runs splits s into the longest runs inside and outside of a set.
func runs(s string, in func(rune) bool) iter.Seq2[string, bool] {
	return func(yield func(string, bool) bool) {
		for s != "" {
			first, _ := utf8.DecodeRuneInString(s)
			inside := in(first)
			end := strings.IndexFunc(s, func(r rune) bool { return in(r) != inside })
			if end < 0 {
				end = len(s)
			}
			if !yield(s[:end], inside) {
				return
			}
			s = s[end:]
		}
	}
}

func isHan(r rune) bool { return r >= 0x4E00 && r <= 0x9FD5 }

func isASCIIAlnum(r rune) bool {
	return r < 0x80 && (unicode.IsLetter(r) || unicode.IsDigit(r))
}

// isDictionaryRune reports whether r can stand in a word of the dictionary.
func isDictionaryRune(r rune) bool {
	return isHan(r) || isASCIIAlnum(r) || r < 0x80 && strings.ContainsRune("+#&._%-", r)
}

type dictionary struct {
	lines     string   // "word frequency\n", sorted by word
	starts    []uint32 // of lines
	logTotal  float64  // logarithm of the sum of all frequencies
	emissions map[rune][hmmStates]float64
}

var segmenter = sync.OnceValue(func() *dictionary {
	d := &dictionary{lines: unzip(compressedWords), emissions: parseEmissions(unzip(compressedEmissions))}
	total := 0
	for start := 0; start < len(d.lines); {
		d.starts = append(d.starts, uint32(start))
		end := start + strings.IndexByte(d.lines[start:], '\n')
		_, frequency, _ := strings.Cut(d.lines[start:end], " ")
		total += mustParse(strconv.Atoi(frequency))
		start = end + 1
	}
	d.logTotal = math.Log(float64(total))
	return d
})

// unzip panics on broken data: it is part of the program.
func unzip(b []byte) string {
	r := mustParse(gzip.NewReader(bytes.NewReader(b)))
	return string(mustParse(io.ReadAll(r)))
}

func mustParse[T any](v T, err error) T {
	if err != nil {
		panic(fmt.Sprintf("embedded dictionary: %v", err))
	}
	return v
}

// line is the dictionary's line i without its end.
func (d *dictionary) line(i int) string {
	end := len(d.lines)
	if i+1 < len(d.starts) {
		end = int(d.starts[i+1])
	}
	return d.lines[d.starts[i] : end-1]
}

// frequency of a word, 0 if it is not in the dictionary.
func (d *dictionary) frequency(word string) int {
	low, high := d.narrow(0, len(d.starts), word)
	if low == high {
		return 0
	}
	found, frequency, _ := strings.Cut(d.line(low), " ")
	if found != word {
		return 0
	}
	return mustParse(strconv.Atoi(frequency))
}

// narrow is the part of lines low to high that begins with prefix.
func (d *dictionary) narrow(low, high int, prefix string) (int, int) {
	first := low + sort.Search(high-low, func(i int) bool { return d.line(low+i) >= prefix })
	n := sort.Search(high-first, func(i int) bool { return !strings.HasPrefix(d.line(first+i), prefix) })
	return first, first + n
}

// cut appends the words of a run of dictionary characters.
func (d *dictionary) cut(words []string, run []rune) []string {
	ends := d.bestRoute(run)
	var singles []rune
	flush := func() {
		switch {
		case len(singles) > 1 && d.frequency(string(singles)) == 0:
			words = d.cutUnknown(words, string(singles))
		default:
			for _, r := range singles {
				words = append(words, string(r))
			}
		}
		singles = singles[:0]
	}
	for from := 0; from < len(run); from = ends[from] {
		if ends[from]-from == 1 {
			singles = append(singles, run[from])
			continue
		}
		flush()
		words = append(words, string(run[from:ends[from]]))
	}
	flush()
	return words
}

// bestRoute is where the word that starts at each position ends, on the most
// probable way from there to the end. On a tie the longer word wins.
func (d *dictionary) bestRoute(run []rune) []int {
	ends := make([]int, len(run))
	best := make([]float64, len(run)+1)
	var prefix []byte
	for from := len(run) - 1; from >= 0; from-- {
		// What is in no dictionary counts as seen once.
		ends[from], best[from] = from+1, -d.logTotal+best[from+1]
		known := false
		low, high := 0, len(d.starts)
		prefix = prefix[:0]
		for to := from; to < len(run); to++ {
			prefix = utf8.AppendRune(prefix, run[to])
			low, high = d.narrow(low, high, string(prefix))
			if low == high {
				break
			}
			// The word itself sorts before its extensions, except those that
			// go on with a character below the space, which no word has.
			word, frequency, _ := strings.Cut(d.line(low), " ")
			if word != string(prefix) {
				continue
			}
			p := math.Log(float64(mustParse(strconv.Atoi(frequency)))) - d.logTotal + best[to+1]
			if !known || p >= best[from] {
				known = true
				ends[from], best[from] = to+1, p
			}
		}
	}
	return ends
}
