package verify

import (
	"math/rand/v2"
	"strings"
)

// confusable is what the readers of the tests take for what. It was written
// without a look at confusion.txt, and has no weights: what is listed twice is
// read so twice as often.
var confusable = func() map[string][]string {
	m := map[string][]string{}
	for _, pair := range strings.Fields(`
		0>O O>0 o>0 0>o 1>l l>1 l>I I>l I>1 1>I 8>B B>8 5>S S>5 2>Z Z>2 6>G G>6 9>g g>9
		rn>m m>rn cl>d d>cl vv>w w>vv ,>. .>, ->_ _>- e>c c>e a>o o>a u>v v>u h>b b>h 3>8 7>1`) {
		truth, read, _ := strings.Cut(pair, ">")
		m[truth] = append(m[truth], read)
	}
	return m
}()

// A noisyReader misreads characters as those that look like them.
type noisyReader struct {
	*rand.Rand
	rate   float64 // errors a character that looks like another
	unlike float64 // errors a character that nothing explains: another, none, or one more
}

func (r noisyReader) read(truth string) string {
	const any = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.,:;-_/@#$%+=()"
	var b strings.Builder
	for i := 0; i < len(truth); {
		n := 1
		if i+1 < len(truth) && confusable[truth[i:i+2]] != nil {
			n = 2
		}
		read := truth[i : i+n]
		if to := confusable[read]; len(to) > 0 && r.Float64() < r.rate {
			b.WriteString(to[r.IntN(len(to))])
			i += n
			continue
		}
		if r.Float64() < r.unlike {
			if way := r.IntN(3); way > 0 {
				b.WriteByte(any[r.IntN(len(any))])
				if way == 2 {
					b.WriteByte(truth[i])
				}
			}
		} else {
			b.WriteByte(truth[i])
		}
		i++
	}
	return b.String()
}

// misread reads until something is misread.
func (r noisyReader) misread(truth string) string {
	for range 1000 {
		if read := r.read(truth); read != truth {
			return read
		}
	}
	return truth
}

// twinKey is equal for strings that confusable characters may tell apart.
func twinKey(s string) string {
	return strings.NewReplacer("rn", "m", "cl", "d", "vv", "w",
		"O", "0", "o", "0", "a", "0", "l", "1", "I", "1", "7", "1", "B", "8", "3", "8", "S", "5", "Z", "2",
		"G", "6", "g", "9", ",", ".", "_", "-", "c", "e", "v", "u", "h", "b").Replace(s)
}
