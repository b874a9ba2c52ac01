package corpus

// lexicon is one vocabulary: the same small grammar speaks prose and legalese.
type lexicon struct {
	det, pron, obj, prep, conj, adv zipf
	modal, adj                      zipf
	noun, nouns                     zipf // singular, plural
	verb, verbs, pasts, gerunds     zipf // base, -s, -ed, -ing
	name                            zipf
}

var (
	prose = newLexicon(nounList, verbList, adjectiveList, adverbList)
	terms = newLexicon(termNounList, termVerbList, termAdjectiveList, termAdverbList)
)

func newLexicon(nouns, verbs, adjectives, adverbs string) *lexicon {
	n, v, a := fields(nouns), fields(verbs), fields(adjectives)
	rare := cross(fields(compoundHeadList), fields(compoundTailList), "")
	// The other vocabulary is this one's second thousand words.
	n2, v2, a2 := fields(nounList), fields(verbList), fields(adjectiveList)
	derived := append(mapWords(a2, nessOf), rare[:800]...)
	return &lexicon{
		det:     newZipf(3, fields(determinerList)),
		pron:    newZipf(3, fields(pronounList)),
		obj:     newZipf(3, fields(objectList)),
		prep:    newZipf(2, fields(prepositionList)),
		conj:    newZipf(2, fields(conjunctionList)),
		modal:   newZipf(4, fields(modalList)),
		adv:     newZipf(4, fields(adverbs), mapWords(a2, adverbOf)),
		adj:     newZipf(5, a, a2, mapWords(v2, func(w string) string { w, _ = split2(w); return gerund(w) })),
		noun:    newZipf(5, n, n2, derived),
		nouns:   newZipf(5, mapWords(n, plural), mapWords(n2, plural), mapWords(rare[800:1200], plural)),
		verb:    newZipf(5, v, v2),
		verbs:   newZipf(5, mapWords(v, plural), mapWords(v2, plural)),
		pasts:   newZipf(5, mapWords(v, past), mapWords(v2, past)),
		gerunds: newZipf(5, mapWords(v, gerund), mapWords(v2, gerund)),
		name: newZipf(6, fields(firstNameList),
			cross(fields(nameHeadList), fields(nameTailList), "")[:500]),
	}
}

// subject and object append a noun phrase or a pronoun in its case.
func (g *generator) subject(l *lexicon) { g.nounPhrase(l, &l.pron, 1) }
func (g *generator) object(l *lexicon)  { g.nounPhrase(l, &l.obj, 1) }

// nounPhrase appends a pronoun, a name, or nouns; depth bounds the nesting.
func (g *generator) nounPhrase(l *lexicon, pronouns *zipf, depth int) {
	switch k := g.n(20); {
	case k < 4:
		g.word(pronouns)
		return
	case k < 6:
		g.word(&l.name)
		return
	case k == 6:
		g.number(2+g.n(998), 0)
		g.put(" ")
		g.word(&l.nouns)
	case k < 11:
		if g.one(3) {
			g.word(&l.adj)
		}
		g.word(&l.nouns)
	default:
		det := l.det.draw(g.pcg.Uint64())
		g.put(det)
		g.put(" ")
		at := len(g.buf)
		if g.one(3) {
			g.word(&l.adj)
		}
		g.word(&l.noun)
		if det == "a" && isVowel(g.buf[at]) {
			g.buf = append(g.buf, 0)
			copy(g.buf[at:], g.buf[at-1:])
			g.buf[at-1] = 'n'
		}
	}
	if depth > 0 && g.one(4) {
		g.word(&l.prep)
		g.nounPhrase(l, &l.obj, depth-1)
	}
}

// clause appends subject, verb and what follows, with a trailing space.
func (g *generator) clause(l *lexicon) {
	g.subject(l)
	switch g.n(6) {
	case 0, 1:
		g.word(&l.modal)
		g.word(&l.verb)
	case 2:
		g.word(&l.adv)
		g.word(&l.pasts)
	case 3:
		g.put("had been ")
		g.word(&l.gerunds)
	default:
		g.word(&l.pasts)
	}
	if !g.one(4) {
		g.object(l)
	}
	if g.one(2) {
		g.word(&l.prep)
		g.nounPhrase(l, &l.obj, 0)
	}
}

// sentence appends one to three clauses with a capital and an end mark, and a
// trailing space.
func (g *generator) sentence(l *lexicon) {
	start := len(g.buf)
	if g.one(6) {
		g.word(&l.adv)
		g.mark(", ")
	}
	g.clause(l)
	for more := g.n(4); more > 1; more-- {
		switch g.n(8) {
		case 0:
			g.mark("; ")
		case 1:
			g.mark(", which ")
			g.word(&l.pasts)
			g.object(l)
			continue
		case 2:
			g.mark(", ")
			g.word(&l.gerunds)
			g.object(l)
			continue
		default:
			g.mark(", ")
			g.word(&l.conj)
		}
		g.clause(l)
	}
	g.capitalise(start)
	g.mark(". ")
}

func (g *generator) capitalise(at int) {
	if c := g.buf[at]; c >= 'a' && c <= 'z' {
		g.buf[at] = c - 'a' + 'A'
	}
}

// title appends two to five words, each with a capital, without an end mark.
func (g *generator) title(l *lexicon) {
	start := len(g.buf)
	if g.one(3) {
		g.word(&l.adj)
	}
	g.word(&l.noun)
	switch g.n(3) {
	case 0:
		g.put("and ")
		g.word(&l.nouns)
	case 1:
		g.put("of the ")
		g.word(&l.noun)
	}
	g.mark("")
	for i := start; i < len(g.buf); i++ {
		if i == start || g.buf[i-1] == ' ' {
			g.capitalise(i)
		}
	}
}

// proseBlock appends a paragraph on one line, now and then a chapter heading,
// and a blank line.
func (g *generator) proseBlock() {
	if g.step%40 == 0 {
		g.put("CHAPTER ")
		g.number(g.step/40+1, 0)
		g.put("\n\n")
		g.title(prose)
		g.put("\n\n")
	}
	if g.one(3) {
		g.speech()
	} else {
		for range 2 + g.n(7) {
			g.sentence(prose)
			if g.one(25) {
				g.aside()
			}
		}
	}
	g.mark("\n\n")
}

// speech appends one to three turns in curly quotes.
func (g *generator) speech() {
	for range 1 + g.n(3) {
		g.put("“")
		at := len(g.buf)
		g.clause(prose)
		g.capitalise(at)
		g.mark([]string{",” ", "?” ", "!” ", "—” "}[g.n(4)])
		g.pick([]string{"said ", "asked ", "cried ", "answered ", "replied ", "murmured "})
		g.word(&prose.name)
		if g.one(2) {
			g.word(&prose.adv)
		}
		g.mark(". ")
	}
}

// aside appends the marks that plain sentences lack.
func (g *generator) aside() {
	switch g.n(3) {
	case 0:
		g.mark("—")
		g.clause(prose)
		g.mark("— ")
	case 1:
		g.put("(")
		g.clause(prose)
		g.mark(") ")
	case 2:
		g.put("It was ")
		g.word(&prose.name)
		g.mark("’s ")
		g.word(&prose.noun)
		g.mark("… ")
	}
}
