package png

import (
	"math/rand/v2"
	"slices"
	"testing"
)

// bestCost returns the bits that an optimal code of at most limit bits takes,
// by package-merge (Larmore and Hirschberg 1990): n-1 times two coins of the
// value 2^-limit, each a symbol at some depth or two coins of half the value.
func bestCost(freq []uint32, limit int) int {
	var symbols []int
	for _, f := range freq {
		if f > 0 {
			symbols = append(symbols, int(f))
		}
	}
	slices.Sort(symbols)
	coins := symbols
	for range limit - 1 {
		packages := slices.Clone(symbols)
		for i := 0; i+1 < len(coins); i += 2 {
			packages = append(packages, coins[i]+coins[i+1])
		}
		slices.Sort(packages)
		coins = packages
	}
	cost := 0
	for _, c := range coins[:2*len(symbols)-2] {
		cost += c
	}
	return cost
}

func TestCodeSizes(t *testing.T) {
	rnd := rand.New(rand.NewPCG(1, 2))
	for range 3000 {
		limit := maxCodeBits
		n := 2 + rnd.IntN(literalSymbols-1)
		if rnd.IntN(3) == 0 {
			limit, n = maxHeaderBits, 2+rnd.IntN(headerSymbols-1)
		}
		freq := make([]uint32, n)
		skew := rnd.IntN(18)
		occurring := 0
		for s := range freq {
			if rnd.IntN(3) > 0 {
				freq[s] = uint32(1 + rnd.IntN(1+1<<rnd.IntN(skew+1)))
				occurring++
			}
		}
		sizes := make([]uint8, n)
		codeSizes(sizes, freq, limit)

		room, cost, longest := 1<<limit, 0, 0
		for s, size := range sizes {
			if int(size) > limit || freq[s] > 0 && size == 0 || freq[s] == 0 && size > 0 && occurring >= 2 {
				t.Fatalf("symbol that occurs %d times has %d bits", freq[s], size)
			}
			if size > 0 {
				room -= 1 << (limit - int(size))
			}
			cost += int(freq[s]) * int(size)
			longest = max(longest, int(size))
		}
		if room != 0 {
			t.Fatalf("code of %d symbols is not complete: %d of %d bit strings left", n, room, 1<<limit)
		}
		if occurring < 2 {
			continue
		}
		if best := bestCost(freq, limit); cost < best || longest < limit && cost != best || cost > best+best/20 {
			t.Fatalf("code of %d symbols in %d bits costs %d bits, the optimum is %d", n, limit, cost, best)
		}
	}
}

// The frequencies that give the deepest tree are Fibonacci numbers.
func TestCodeSizesDeep(t *testing.T) {
	freq := []uint32{1, 1}
	for len(freq) < 28 {
		freq = append(freq, freq[len(freq)-1]+freq[len(freq)-2])
	}
	sizes := make([]uint8, len(freq))
	for limit := 5; limit <= maxCodeBits; limit++ {
		codeSizes(sizes, freq, limit)
		cost, room := 0, 1<<limit
		for s, size := range sizes {
			if size == 0 || int(size) > limit {
				t.Fatalf("limit %d: %d bits", limit, size)
			}
			room -= 1 << (limit - int(size))
			cost += int(size) * int(freq[s])
		}
		if room != 0 {
			t.Errorf("limit %d: %d bit strings left", limit, room)
		}
		if best := bestCost(freq, limit); limit == maxCodeBits && cost > best+best/200 {
			t.Errorf("limit %d: %d bits, the optimum is %d", limit, cost, best)
		}
	}
}

// The symbols as RFC 1951 lists them: first value and extra bits.
func TestSymbols(t *testing.T) {
	least, extra := 3, 0
	for s := range 29 {
		if s >= 8 && s < 28 {
			extra = s/4 - 1
		}
		if s == 28 {
			least, extra = 258, 0
		}
		for l := least; l < least+1<<extra && l < 258 || l == 258 && s == 28; l++ {
			if got := int(lengthSymbol[l-3]); got != s || int(lengthBase[s])+3 != least || int(lengthExtra[s]) != extra {
				t.Fatalf("length %d: symbol %d from %d with %d extra bits, want %d from %d with %d",
					l, got, lengthBase[s]+3, lengthExtra[s], s, least, extra)
			}
		}
		least += 1 << extra
	}

	least = 1
	for s := range uint(30) {
		extra := max(int(s)/2-1, 0)
		for d := least; d < least+1<<extra; d++ {
			symbol, bits := distanceSymbol(uint16(d))
			if symbol != s || int(bits) != extra || (d-1)&(1<<extra-1) != d-least {
				t.Fatalf("distance %d: symbol %d with %d extra bits, want %d with %d", d, symbol, bits, s, extra)
			}
		}
		least += 1 << extra
	}
	if least != 32769 {
		t.Fatalf("%d distances checked, want 32768", least-1)
	}
}
