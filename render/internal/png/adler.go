package png

import "encoding/binary"

// adlerInit is the Adler-32 of no bytes.
const adlerInit = 1

// adler returns the Adler-32 checksum (RFC 1950, section 8) of the bytes whose
// checksum is sum, followed by p.
//
// It is the sum a of all bytes and the sum b of all values of a, modulo 65521.
// hash/adler32 adds byte by byte. Here bytes are added in lanes of 16 bits, four
// to a word, which takes less than half the time.
func adler(sum uint32, p []byte) uint32 {
	const (
		mod   = 65521
		chunk = 64
		round = 1 << 16 // bytes between reductions: b stays below 2^42

		low  = 0x00ff00ff00ff00ff
		ones = 0x0001000100010001
		// What a word's bytes count for in b, 8 for the first to 1 for the
		// last. A product's top lane is the sum of the lanes times these.
		evens = 0x0008<<48 | 0x0006<<32 | 0x0004<<16 | 0x0002
		odds  = 0x0007<<48 | 0x0005<<32 | 0x0003<<16 | 0x0001
	)
	a, b := uint64(sum&0xffff), uint64(sum>>16)
	for len(p) >= chunk {
		q := p[:min(len(p), round)/chunk*chunk]
		p = p[len(q):]
		for ; len(q) >= chunk; q = q[chunk:] {
			// The lanes of bytes at even and at odd places, and of both for
			// all words before, once for each word after.
			var even, odd, before uint64
			for i := 0; i < chunk; i += 8 {
				w := binary.LittleEndian.Uint64(q[i : i+8])
				before += even + odd
				even += w & low
				odd += w >> 8 & low
			}
			b += chunk*a + 8*(before*ones>>48) + even*evens>>48 + odd*odds>>48
			a += (even + odd) * ones >> 48
		}
		a %= mod
		b %= mod
	}
	for _, c := range p {
		a += uint64(c)
		b += a
	}
	return uint32(b%mod<<16 | a%mod)
}
