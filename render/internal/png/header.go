package png

// headerOrder is the order in which the header of a dynamic block gives the
// code of its own symbols.
var headerOrder = [headerSymbols]uint8{16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15}

// A header gives the code sizes of a dynamic block, those of the literals and
// then those of the distances, with runs shortened (RFC 1951, section 3.2.7).
type header struct {
	literals  int // sizes given, without the zeros at the end
	distances int
	own       int // sizes given of the header's own code, in headerOrder

	symbols []headerSymbol
	sizes   [headerSymbols]uint8
	codes   [headerSymbols]code
}

// A headerSymbol is a code size, 0 to 15, or a repetition and the value of its
// extra bits.
type headerSymbol struct{ symbol, extra uint8 }

const (
	repeatLast  = 16 // 3 to 6 times
	repeatZero  = 17 // 3 to 10 times
	repeatZeros = 18 // 11 to 138 times
)

// headerExtra gives the number of extra bits of a header's symbols.
var headerExtra = [headerSymbols]uint8{repeatLast: 2, repeatZero: 3, repeatZeros: 7}

// fit makes h the header for c and returns its size in bits.
func (h *header) fit(c *coding) int {
	h.literals = trim(c.literalSizes[:], firstLength)
	h.distances = trim(c.distanceSizes[:], 1)
	var buf [literalSymbols + distanceSymbols]uint8
	sizes := append(buf[:0], c.literalSizes[:h.literals]...)
	sizes = append(sizes, c.distanceSizes[:h.distances]...)

	h.symbols = h.symbols[:0]
	var freq [headerSymbols]uint32
	for last := -1; len(sizes) > 0; {
		run := 1
		for run < len(sizes) && sizes[run] == sizes[0] {
			run++
		}
		var s headerSymbol
		switch {
		case sizes[0] == 0 && run >= 11:
			run = min(run, 138)
			s = headerSymbol{repeatZeros, uint8(run - 11)}
		case sizes[0] == 0 && run >= 3:
			s = headerSymbol{repeatZero, uint8(run - 3)}
		case int(sizes[0]) == last && run >= 3:
			run = min(run, 6)
			s = headerSymbol{repeatLast, uint8(run - 3)}
		default:
			run = 1
			s = headerSymbol{symbol: sizes[0]}
		}
		last = int(sizes[0])
		sizes = sizes[run:]
		h.symbols = append(h.symbols, s)
		freq[s.symbol]++
	}

	codeSizes(h.sizes[:], freq[:], maxHeaderBits)
	assign(h.codes[:], h.sizes[:])
	h.own = len(headerOrder)
	for h.own > 4 && h.sizes[headerOrder[h.own-1]] == 0 {
		h.own--
	}

	size := 5 + 5 + 4 + 3*h.own
	for s, n := range freq {
		size += int(n) * int(h.sizes[s]+headerExtra[s])
	}
	return size
}

// trim returns the length of sizes without the zeros at its end, at least
// least.
func trim(sizes []uint8, least int) int {
	n := len(sizes)
	for n > least && sizes[n-1] == 0 {
		n--
	}
	return n
}

// write writes the header to w.
func (h *header) write(w *bitWriter) {
	w.put(uint64(h.literals-firstLength), 5)
	w.put(uint64(h.distances-1), 5)
	w.put(uint64(h.own-4), 4)
	for _, s := range headerOrder[:h.own] {
		w.put(uint64(h.sizes[s]), 3)
	}
	for _, s := range h.symbols {
		w.put(h.codes[s.symbol].split())
		w.put(uint64(s.extra), uint(headerExtra[s.symbol]))
	}
}
