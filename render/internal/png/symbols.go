package png

import "math/bits"

// lengthSymbol gives the symbol of a length less 3, less firstLength;
// lengthBase and lengthExtra give a symbol's least length less 3 and its number
// of extra bits (RFC 1951, section 3.2.5).
var lengthSymbol, lengthBase, lengthExtra = lengthTables()

func lengthTables() (symbol [256]uint8, base, extra [29]uint8) {
	length := 0
	for s := range 28 {
		if s >= 8 {
			extra[s] = uint8(s/4 - 1)
		}
		base[s] = uint8(length)
		for range 1 << extra[s] {
			symbol[length] = uint8(s)
			length++
		}
	}
	// The greatest length has a symbol to itself.
	symbol[255], base[28] = 28, 255
	return symbol, base, extra
}

// distanceSymbol returns the symbol of a distance and the number of its extra
// bits, which are the low bits of the distance less 1.
func distanceSymbol(distance uint16) (symbol, extra uint) {
	d := uint(distance) - 1
	if d < 4 {
		return d, 0
	}
	extra = uint(bits.Len(d)) - 2
	return 2*extra + d>>extra, extra
}

// frequencies counts what occurs in a block.
type frequencies struct {
	literals  [literalSymbols]uint32
	lengths   [256]uint32 // by length less 3, until they are symbols
	distances [32]uint32  // by symbol
}

// countLengths adds the lengths to the literals, as their symbols, and the end
// of the block.
func (f *frequencies) countLengths() {
	for l, n := range f.lengths {
		f.literals[firstLength+int(lengthSymbol[l])] += n
	}
	f.literals[endOfBlock] = 1
}

// A coding is a code for each of the two alphabets of a block. A code of size 0
// stands for a symbol that does not occur.
type coding struct {
	literalSizes  [literalSymbols]uint8
	distanceSizes [distanceSymbols]uint8
	literals      [literalSymbols]code
	distances     [32]code
}

// fit makes c the best coding for what is counted in f.
func (c *coding) fit(f *frequencies) {
	codeSizes(c.literalSizes[:], f.literals[:], maxCodeBits)
	codeSizes(c.distanceSizes[:], f.distances[:distanceSymbols], maxCodeBits)
	c.assign()
}

// assign sets the codes to those of the sizes.
func (c *coding) assign() {
	assign(c.literals[:], c.literalSizes[:])
	assign(c.distances[:], c.distanceSizes[:])
}

// cost returns the bits that the symbols counted in f take, with their extra
// bits.
func (c *coding) cost(f *frequencies) int {
	cost := 0
	for s, n := range f.literals {
		cost += int(n) * int(c.literalSizes[s])
	}
	for s, n := range f.literals[firstLength:][:len(lengthExtra)] {
		cost += int(n) * int(lengthExtra[s])
	}
	for s, size := range c.distanceSizes {
		cost += int(f.distances[s]) * (int(size) + max(s/2-1, 0))
	}
	return cost
}

// fixed is the coding of fixed blocks (RFC 1951, section 3.2.6).
var fixed = fixedCoding()

func fixedCoding() *coding {
	c := new(coding)
	for s := range c.literalSizes {
		switch {
		case s < 144:
			c.literalSizes[s] = 8
		case s < 256:
			c.literalSizes[s] = 9
		case s < 280:
			c.literalSizes[s] = 7
		default:
			c.literalSizes[s] = 8
		}
	}
	for s := range c.distanceSizes {
		c.distanceSizes[s] = 5
	}
	c.assign()
	return c
}
