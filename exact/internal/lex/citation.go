package lex

import (
	"strings"
	"unicode/utf8"
)

// bodies are the words that numbers of standards, laws and papers stand behind.
var bodies = SetOf(`ISO IEC ISO/IEC IEEE RFC BCP STD DIN EN ANSI NIST FIPS ITU ECMA ASTM ETSI JIS GOST ГОСТ PEP XEP CWE BSI VDE MIL
NF UNI UNE NEN PN SP GB/T`)

// citationWords are the words that matchCitation begins at.
var citationWords = func() map[string]bool {
	set := SetOf(`BGBl GVBl RGBl Dz ABl JO Art Artikel Article Artículo Articolo Artigo Regulation Directive Verordnung Richtlinie Règlement
Directiva Decision VO RL`)
	for w := range bodies {
		set[w] = true
	}
	return set
}()

// gluedBodies are written without a blank as well: RFC1191.
var gluedBodies = SetOf("RFC PEP BCP STD ISO XEP")

// numerals introduce the number of an article, a paragraph or a gazette.
var numerals = SetOf("Art Artikel Article Artículo Articolo Artigo Artykuł Abs Absatz Satz Nr No Nº N° n° № Rn Rdnr Rz S Seite Bd Band art poz ust st ст")

// MatchCitation reads RFC 9636 §3.2, ISO/IEC 27001:2022, Art. 5 Abs. 2, BGBl. I
// S. 1756, Regulation (EU) 2016/679.
func MatchCitation(s string, i int) int {
	if s[i]|0x20 == 'n' {
		if end := MatchNumberSign(s, i); end > i {
			return end
		}
	}
	e := WordEnd(s, i)
	if e-i > 12 || e-i < 2 || IsLower(s[i]) {
		return i
	}
	w := s[i:e]
	if !citationWords[w] && !IsDigit(s[e-1]) {
		return i
	}
	const maxBodies = 4
	for n, last := 1, w; bodies[last] && n < maxBodies; n++ { // ISO/IEC, DIN EN ISO
		next := Gap(s, e)
		if At(s, e) == '/' {
			next = e + 1
		}
		if next == e {
			break
		}
		if last = s[next:WordEnd(s, next)]; bodies[last] {
			e = next + len(last)
		}
	}
	switch {
	case bodies[w]:
		return standardEnd(s, i, e)
	case len(w) > 3 && gluedBodies[strings.TrimRight(w, "0123456789")] && IsDigit(w[len(w)-1]):
		return sectionsEnd(s, e) // RFC1191
	case w == "BGBl" || w == "GVBl" || w == "RGBl" || w == "Dz" || w == "ABl" || w == "JO":
		return gazetteEnd(s, i, e)
	case w == "Art" || w == "Artikel" || w == "Article" || w == "Artículo" || w == "Articolo" || w == "Artigo":
		k := e
		if At(s, k) == '.' {
			k++
		}
		k = Gap(s, k)
		if !IsDigit(At(s, k)) {
			return i
		}
		return numeralsEnd(s, citedNumber(s, k))
	case w == "Regulation" || w == "Directive" || w == "Verordnung" || w == "Richtlinie" || w == "Règlement" || w == "Directiva" || w == "Decision" || w == "VO" || w == "RL":
		k := Gap(s, e)
		if At(s, k) == '(' {
			if c := strings.IndexByte(s[k:min(len(s), k+8)], ')'); c > 0 {
				k = Gap(s, k+c+1)
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

// ActEnd reads the name of an act with its year: Time Act, 2026. The word that
// it may begin with ends at end.
func ActEnd(s string, i, end int) int {
	const mostWords = 7
	e := end
	for range mostWords {
		g := Gap(s, e)
		if g == e {
			return i
		}
		w := WordEnd(s, g)
		if w == g || !IsUpper(s[g]) && s[g:w] != "of" && s[g:w] != "and" && s[g:w] != "the" {
			return i
		}
		e = w
		if word := s[g:w]; word == "Act" || word == "Ordinance" || word == "Regulations" {
			break
		}
	}
	k := e
	if At(s, k) == ',' {
		k++
	}
	k = Gap(s, k)
	if strings.HasPrefix(s[k:], "of ") {
		k += len("of ")
	}
	if y, ye := wholeNumber(s, k, 4, 4); k > e && y >= 1000 && y < 3000 && WordLen(s, ye) == 0 {
		return ye
	}
	return i
}

// citedNumber is the end of digits with single points, slashes, colons, hyphens
// and letters between them, k if it begins with no digit.
func citedNumber(s string, k int) int {
	if !IsDigit(At(s, k)) {
		return k
	}
	for {
		k = asciiWordEnd(s, k)
		if c := At(s, k); c == 0 || strings.IndexByte("./:-", c) < 0 || !IsDigit(At(s, k+1)) && !(c == '/' && IsUpper(At(s, k+1)) || c == '-' && IsUpper(At(s, k+1))) {
			break
		}
		k++
	}
	for At(s, k) == '(' { // Article 5(1)(a)
		e := asciiWordEnd(s, k+1)
		if e == k+1 || e > k+4 || At(s, e) != ')' {
			break
		}
		k = e + 1
	}
	return k
}

// standardEnd reads the number behind a body that ends at e.
func standardEnd(s string, i, e int) int {
	k := Gap(s, e)
	if k == e && (At(s, e) == '-' || At(s, e) == ':') {
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
	if w := s[i:e]; len(w) == 2 && (end-k < 3 || At(s, end) == '%' || At(s, end) == ',' && IsDigit(At(s, end+1))) {
		return i // EN 5, SP 2
	}
	return sectionsEnd(s, end)
}

// sectionsEnd adds §3.2, ", section 3.5" and "(STD 58)" behind a number that
// ends at k.
func sectionsEnd(s string, k int) int {
	for range 3 {
		e := k
		if At(s, e) == ',' {
			e++
		}
		e = Gap(s, e)
		if e == k && At(s, k) != ' ' {
			return k
		}
		if At(s, e) == '(' {
			word := WordEnd(s, e+1)
			if c := strings.IndexByte(s[e:min(len(s), e+12)], ')'); c > 0 && bodies[s[e+1:word]] {
				k = e + c + 1
				continue
			}
			return k
		}
		from := e
		for _, word := range []string{"§", "section ", "Section ", "sec. ", "§ ", "Abschnitt ", "clause "} {
			if strings.HasPrefix(s[e:], word) && IsDigit(At(s, e+len(word))) {
				e += len(word)
				break
			}
		}
		end := citedNumber(s, e)
		if e == from || end == e {
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
		if At(s, e) == '.' {
			e++
		}
		k := Gap(s, e)
		if k == e {
			break
		}
		w := WordEnd(s, k)
		if IsDigit(At(s, k)) {
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
		e := Gap(s, k)
		w := WordEnd(s, e)
		if strings.HasPrefix(s[e:], "§") {
			w = e + len("§")
		} else if e == k || w == e || !numerals[s[e:w]] {
			break
		} else if At(s, w) == '.' {
			w++
		}
		n := Gap(s, w)
		end := citedNumber(s, n)
		if n == w || end == n {
			break
		}
		k = end
	}
	// The law: § 15 Abs. 2 BGB.
	if e := Gap(s, k); e > k {
		w := WordEnd(s, e)
		uppers := 0
		for _, c := range []byte(s[e:w]) {
			if IsUpper(c) {
				uppers++
			}
		}
		if uppers >= 2 && w-e <= 8 {
			return w
		}
	}
	return k
}

// MatchSection reads § 15 Abs. 2 and §§ 1-3.
func MatchSection(s string, i int) int {
	k := i
	for strings.HasPrefix(s[k:], "§") {
		k += len("§")
	}
	k = Gap(s, k)
	end := citedNumber(s, k)
	if end == k {
		return i
	}
	if _, n := utf8.DecodeRuneInString(s[end:]); strings.HasPrefix(s[end:], "–") && IsDigit(At(s, end+n)) {
		end = citedNumber(s, end+n)
	}
	return numeralsEnd(s, end)
}

// MatchNumberedCitation reads 48 C.F.R. 2.101 and 42 U.S.C. § 1983, with the
// end of a range.
func MatchNumberedCitation(s string, i int) int {
	k := DigitsEnd(s, i)
	if k-i > 3 {
		return i
	}
	e := Gap(s, k)
	from, dots := e, 0
	for IsUpper(At(s, e)) && At(s, e+1) == '.' {
		e += 2
		dots++
	}
	if w := WordEnd(s, from); s[from:w] == "CFR" || s[from:w] == "USC" || s[from:w] == "Stat" {
		e, dots = w, 2
	}
	if dots < 2 || e == from {
		return i
	}
	e = Gap(s, e)
	for strings.HasPrefix(s[e:], "§") {
		e = Gap(s, e+len("§"))
	}
	end := citedNumber(s, e)
	if end == e {
		return i
	}
	if g := Gap(s, end); strings.HasPrefix(s[g:], "through ") {
		if to := citedNumber(s, g+len("through ")); to > g+len("through ") {
			return to
		}
	}
	return end
}
