package exact

import (
	"strings"
	"unicode/utf8"
)

// bodies are the words that numbers of standards, laws and papers stand behind.
var bodies = setOf(`ISO IEC ISO/IEC IEEE RFC BCP STD DIN EN ANSI NIST FIPS ITU ECMA ASTM ETSI JIS GOST ГОСТ PEP XEP CWE BSI VDE MIL
NF UNI UNE NEN PN SP GB GB/T`)

// numerals introduce the number of an article, a paragraph or a gazette.
var numerals = setOf("Art Artikel Article Artículo Articolo Artigo Artykuł Abs Absatz Satz Nr No Nº N° n° № Rn Rdnr Rz S Seite Bd Band art poz ust st ст")

// matchCitation reads RFC 9636 §3.2, ISO/IEC 27001:2022, Art. 5 Abs. 2, BGBl. I
// S. 1756, Regulation (EU) 2016/679.
func matchCitation(s string, i int) int {
	if end := matchNumberSign(s, i); end > i {
		return end
	}
	e := wordEnd(s, i)
	if e-i > 12 || e-i < 2 {
		return i
	}
	w := s[i:e]
	for range 2 { // ISO/IEC, DIN EN ISO
		if !bodies[s[i:e]] {
			break
		}
		n := e
		if at(s, e) == '/' {
			n = wordEnd(s, e+1)
		} else if g := gap(s, e); g > e {
			n = wordEnd(s, g)
		}
		if n > e && bodies[s[max(i, strings.LastIndexAny(s[:n], " /\n")+1):n]] {
			e = n
		}
	}
	switch {
	case bodies[w]:
		return standardEnd(s, i, e)
	case len(w) > 3 && bodies[strings.TrimRight(w, "0123456789")] && isDigit(w[len(w)-1]):
		return sectionsEnd(s, e) // RFC1191
	case w == "BGBl" || w == "GVBl" || w == "RGBl" || w == "Dz" || w == "ABl" || w == "JO":
		return gazetteEnd(s, i, e)
	case w == "Art" || w == "Artikel" || w == "Article" || w == "Artículo" || w == "Articolo" || w == "Artigo":
		k := e
		if at(s, k) == '.' {
			k++
		}
		k = gap(s, k)
		if !isDigit(at(s, k)) {
			return i
		}
		return numeralsEnd(s, citedNumber(s, k))
	case w == "Regulation" || w == "Directive" || w == "Verordnung" || w == "Richtlinie" || w == "Règlement" || w == "Directiva" || w == "Decision":
		k := gap(s, e)
		if at(s, k) == '(' {
			if c := strings.IndexByte(s[k:min(len(s), k+8)], ')'); c > 0 {
				k = gap(s, k+c+1)
			}
		}
		for _, no := range []string{"No ", "Nr. ", "n° ", "n.º "} {
			if strings.HasPrefix(s[k:], no) {
				k += len(no)
			}
		}
		end := citedNumber(s, k)
		if !strings.Contains(s[k:end], "/") {
			return i
		}
		return end
	}
	return i
}

// numberSigns stand before the number of a law, a letter or an invoice.
var numberSigns = []string{"n°", "N°", "nº", "Nº", "n.º", "№", "No.", "No", "Nr.", "Nr", "nr.", "nr"}

// matchNumberSign reads n° 2016-1691, No 1901/2006 and Nr. 2024/0815. The number
// has three digits or more.
func matchNumberSign(s string, i int) int {
	for _, sign := range numberSigns {
		if !strings.HasPrefix(s[i:], sign) {
			continue
		}
		k := i + len(sign)
		if g := gap(s, k); g-k <= 1 {
			k = g
		} else {
			continue
		}
		end := citedNumber(s, k)
		if digits := end - k; end == k || digits < 3 || wordLen(s, end) > 0 || at(s, end) == ',' && isDigit(at(s, end+1)) {
			continue
		}
		return end
	}
	return i
}

// matchNumberOfYear reads the 39/2015 and 8.666/93 of laws.
func matchNumberOfYear(s string, i int) int {
	k := digitsEnd(s, i)
	grouped := false
	if at(s, k) == '.' && digitsEnd(s, k+1) == k+4 {
		k, grouped = k+4, true
	}
	if at(s, k) != '/' || at(s, i-1) == '/' || k-i > 7 {
		return i
	}
	end := digitsEnd(s, k+1)
	if wordLen(s, end) > 0 && s[end] < 0x80 || at(s, end) == '/' || at(s, end) == '.' && isDigit(at(s, end+1)) {
		return i
	}
	if isYear(s[k+1:end]) && !isYear(s[i:k]) || grouped && end-k == 3 {
		return end
	}
	return i
}

// actEnd reads the name of an act with its year: Time Act, 2026. The word that
// it may begin with ends at end.
func actEnd(s string, i, end int) int {
	const mostWords = 7
	e := end
	for range mostWords {
		g := gap(s, e)
		if g == e {
			return i
		}
		w := wordEnd(s, g)
		if w == g || !isUpper(s[g]) && s[g:w] != "of" && s[g:w] != "and" && s[g:w] != "the" {
			return i
		}
		e = w
		if word := s[g:w]; word == "Act" || word == "Ordinance" || word == "Regulations" {
			break
		}
	}
	k := e
	if at(s, k) == ',' {
		k++
	}
	k = gap(s, k)
	if strings.HasPrefix(s[k:], "of ") {
		k += len("of ")
	}
	if y, ye := wholeNumber(s, k, 4, 4); k > e && y >= 1000 && y < 3000 && wordLen(s, ye) == 0 {
		return ye
	}
	return i
}

// citedNumber is the end of digits with single points, slashes, colons, hyphens
// and letters between them, k if it begins with no digit.
func citedNumber(s string, k int) int {
	if !isDigit(at(s, k)) {
		return k
	}
	for {
		k = asciiWordEnd(s, k)
		if c := at(s, k); c == 0 || strings.IndexByte("./:-", c) < 0 || !isDigit(at(s, k+1)) && !(c == '/' && isUpper(at(s, k+1)) || c == '-' && isUpper(at(s, k+1))) {
			break
		}
		k++
	}
	if at(s, k) == '(' { // Article 5(1)
		if e := digitsEnd(s, k+1); e > k+1 && at(s, e) == ')' {
			k = e + 1
		}
	}
	return k
}

// standardEnd reads the number behind a body that ends at e.
func standardEnd(s string, i, e int) int {
	k := gap(s, e)
	if k == e && (at(s, e) == '-' || at(s, e) == ':') {
		k++
	}
	for _, word := range []string{"Std ", "std ", "Std. ", "R "} {
		if strings.HasPrefix(s[k:], word) {
			k += len(word)
		}
	}
	end := citedNumber(s, k)
	if end == k || k == e {
		return i
	}
	if w := s[i:e]; len(w) == 2 && (end-k < 3 || at(s, end) == '%' || at(s, end) == ',' && isDigit(at(s, end+1))) {
		return i // EN 5, SP 2
	}
	return sectionsEnd(s, end)
}

// sectionsEnd adds §3.2, ", section 3.5" and "(STD 58)" behind a number that
// ends at k.
func sectionsEnd(s string, k int) int {
	for range 3 {
		e := k
		if at(s, e) == ',' {
			e++
		}
		e = gap(s, e)
		if e == k && at(s, k) != ' ' {
			return k
		}
		if at(s, e) == '(' {
			word := wordEnd(s, e+1)
			if c := strings.IndexByte(s[e:min(len(s), e+12)], ')'); c > 0 && bodies[s[e+1:word]] {
				k = e + c + 1
				continue
			}
			return k
		}
		for _, word := range []string{"§", "section ", "Section ", "sec. ", "§ ", "Abschnitt ", "clause "} {
			if strings.HasPrefix(s[e:], word) && isDigit(at(s, e+len(word))) {
				e += len(word)
				break
			}
		}
		end := citedNumber(s, e)
		if end == e || isDigit(s[gap(s, k)]) {
			return k
		}
		k = end
	}
	return k
}

// gazetteEnd reads BGBl. I S. 1756 and Dz. U. z 2023 r. poz. 1756.
func gazetteEnd(s string, i, e int) int {
	end := i
	for range 8 {
		if at(s, e) == '.' {
			e++
		}
		k := gap(s, e)
		if k == e {
			break
		}
		w := wordEnd(s, k)
		if isDigit(at(s, k)) {
			w = citedNumber(s, k)
			end = w
		} else if n := w - k; n == 0 || n > 3 {
			break
		}
		e = w
	}
	return end
}

// numeralsEnd adds "Abs. 2 Satz 1" behind a number that ends at k.
func numeralsEnd(s string, k int) int {
	for {
		e := gap(s, k)
		w := wordEnd(s, e)
		if strings.HasPrefix(s[e:], "§") {
			w = e + len("§")
		} else if e == k || w == e || !numerals[s[e:w]] {
			break
		} else if at(s, w) == '.' {
			w++
		}
		n := gap(s, w)
		end := citedNumber(s, n)
		if n == w || end == n {
			break
		}
		k = end
	}
	// The law: § 15 Abs. 2 BGB.
	if e := gap(s, k); e > k {
		w := wordEnd(s, e)
		uppers := 0
		for _, c := range []byte(s[e:w]) {
			if isUpper(c) {
				uppers++
			}
		}
		if uppers >= 2 && w-e <= 8 {
			return w
		}
	}
	return k
}

// matchSection reads § 15 Abs. 2 and §§ 1-3.
func matchSection(s string, i int) int {
	k := i
	for strings.HasPrefix(s[k:], "§") {
		k += len("§")
	}
	k = gap(s, k)
	end := citedNumber(s, k)
	if end == k {
		return i
	}
	if _, n := utf8.DecodeRuneInString(s[end:]); strings.HasPrefix(s[end:], "–") && isDigit(at(s, end+n)) {
		end = citedNumber(s, end+n)
	}
	return numeralsEnd(s, end)
}

// matchNumberedCitation reads 48 C.F.R. 2.101 and 42 U.S.C. § 1983, with the
// end of a range.
func matchNumberedCitation(s string, i int) int {
	k := digitsEnd(s, i)
	if k-i > 3 {
		return i
	}
	e := gap(s, k)
	from, dots := e, 0
	for isUpper(at(s, e)) && at(s, e+1) == '.' {
		e += 2
		dots++
	}
	if dots < 2 || e == from {
		return i
	}
	e = gap(s, e)
	for strings.HasPrefix(s[e:], "§") {
		e = gap(s, e+len("§"))
	}
	end := citedNumber(s, e)
	if end == e {
		return i
	}
	if g := gap(s, end); strings.HasPrefix(s[g:], "through ") {
		if to := citedNumber(s, g+len("through ")); to > g+len("through ") {
			return to
		}
	}
	return end
}

// matchPrefixedHash reads a digest behind the name of its algorithm: sha256:…,
// h1:….
func matchPrefixedHash(s string, i int) int {
	e := wordEnd(s, i)
	const longest = 10
	if e-i > longest || at(s, e) != ':' && at(s, e) != '-' || !strings.ContainsAny(s[i:e], "0123456789") || isDigit(s[i]) {
		return i
	}
	if end := matchHash(s, min(e+1, len(s)-1)); end > e+1 {
		return end
	}
	if end := matchBase64(s, min(e+1, len(s)-1)); end > e+1 {
		return end
	}
	return i
}

// matchCellRange reads B1:B5 and $A$1:$C$9 of spreadsheets.
func matchCellRange(s string, i int) int {
	cell := func(k int) int {
		e := k
		for isUpper(at(s, e)) && e < k+3 {
			e++
		}
		end := digitsEnd(s, min(e, len(s)))
		if e == k || end == e || end-e > 7 {
			return k
		}
		return end
	}
	k := cell(i)
	if k == i || at(s, k) != ':' {
		return i
	}
	end := cell(k + 1)
	if end == k+1 || wordLen(s, end) > 0 {
		return i
	}
	return end
}
