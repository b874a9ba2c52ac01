package corpus

import "unicode/utf8"

// licenceBlock appends one element of a licence or README. Paragraphs are
// hard-wrapped; the mix gives a mean line of about 51 characters with short
// and blank lines, and about 0.2 % characters outside ASCII.
func (g *generator) licenceBlock() {
	switch k := g.n(32); {
	case k < 2:
		g.heading()
	case k < 4:
		g.copyright()
	case k < 7:
		g.clauseList()
	case k < 10:
		g.bulletList()
	case k == 10:
		g.shell()
	case k == 11:
		g.linkList()
	default:
		g.paragraph(2+g.n(6), []int{0, 0, 0, 2, 3, 4}[g.n(6)])
	}
	g.put("\n")
}

// rareMarks are put into licence text at natural, low rates. DejaVu Sans has
// a glyph for each.
var rareMarks = []string{
	"—", "–", "“as is”", "the author’s", "§ 4", "→", "café", "naïve", "résumé", "Zürich", "São Paulo", "ASCII → Unicode",
	"™", "®", "©", "…", "•", "×", "≤ 10", "≥ 2", "± 5 %", "µs", "½", "α", "π", "✓", "Łódź", "Ångström", "Málaga",
}

// paragraph appends wrapped sentences, indented by so many spaces.
func (g *generator) paragraph(sentences, indent int) {
	from := len(g.buf)
	for range sentences {
		g.sentence(terms)
		switch g.n(60) {
		case 8, 9, 10, 11, 12, 13, 14, 15, 16, 17:
			g.pick(rareMarks)
			g.put(" ")
		case 1, 2:
			g.put("See https://")
			g.word(&terms.noun)
			g.mark(".example.org/")
			g.word(&terms.noun)
			g.mark("/")
			g.number(g.n(5000), 0)
			g.put(" ")
		case 3, 4:
			g.put("(\"")
			g.title(terms)
			g.put("\") ")
		case 5, 6:
			g.put("`--")
			g.bare(&terms.noun)
			g.put("-")
			g.bare(&terms.noun)
			g.put("` ")
		case 7:
			g.put("(see section ")
			g.number(1+g.n(17), 0)
			g.put(".")
			g.number(1+g.n(9), 0)
			g.put(") ")
		}
	}
	g.wrap(from, indent, indent, 70+g.n(9))
}

// wrap breaks the text from that offset on at spaces, greedily, so that no
// line is wider than width columns, and ends it with a line feed.
func (g *generator) wrap(from, first, hang, width int) {
	g.tmp = append(g.tmp[:0], g.buf[from:]...)
	g.buf = g.buf[:from]
	g.spaces(first)
	col := first
	for i := 0; i < len(g.tmp); {
		for i < len(g.tmp) && g.tmp[i] == ' ' {
			i++
		}
		j := i
		for j < len(g.tmp) && g.tmp[j] != ' ' {
			j++
		}
		if i == j {
			break
		}
		w := utf8.RuneCount(g.tmp[i:j])
		if col > first && col+1+w > width {
			g.put("\n")
			g.spaces(hang)
			col, first = hang, hang
		} else if col > first {
			g.put(" ")
			col++
		}
		g.buf = append(g.buf, g.tmp[i:j]...)
		col += w
		i = j
	}
	g.put("\n")
}

func (g *generator) spaces(n int) {
	for range n {
		g.buf = append(g.buf, ' ')
	}
}

func (g *generator) heading() {
	at := len(g.buf)
	switch g.n(4) {
	case 0:
		g.put("## ")
		g.title(terms)
	case 1:
		g.title(terms)
		n := len(g.buf) - at
		g.put("\n")
		for range n {
			g.put("=")
		}
	case 2:
		g.number(1+g.n(20), 0)
		g.put(". ")
		g.title(terms)
		g.put(".")
	case 3:
		g.spaces(20)
		at = len(g.buf)
		g.title(terms)
		for i := at; i < len(g.buf); i++ {
			if c := g.buf[i]; c >= 'a' && c <= 'z' {
				g.buf[i] = c - 'a' + 'A'
			}
		}
	}
	g.put("\n")
}

func (g *generator) copyright() {
	for range 1 + g.n(3) {
		g.pick([]string{"Copyright (c) ", "Copyright (C) ", "Copyright ", "Copyright © "})
		year := 1989 + g.n(28)
		g.number(year, 0)
		if g.one(2) {
			g.put("-")
			g.number(year+1+g.n(8), 0)
		}
		g.put(" ")
		g.bare(&terms.name)
		g.put(" ")
		g.bare(&terms.name)
		if g.one(2) {
			g.put(" <")
			g.bare(&terms.noun)
			g.put("@")
			g.bare(&terms.noun)
			g.put(".example>")
		}
		g.put("\n")
	}
}

func (g *generator) clauseList() {
	for i := range 2 + g.n(4) {
		from := len(g.buf)
		g.put("(")
		g.put(string(rune('a' + i)))
		g.put(") ")
		for range 1 + g.n(2) {
			g.sentence(terms)
		}
		g.wrap(from, 4, 8, 70+g.n(9))
		if g.one(2) {
			g.put("\n")
		}
	}
}

func (g *generator) bulletList() {
	sign := []string{"- ", "* ", "  - ", "+ "}[g.n(4)]
	for range 2 + g.n(6) {
		g.put(sign)
		switch g.n(4) {
		case 0:
			g.put("`")
			g.bare(&terms.noun)
			g.put("_")
			g.bare(&terms.noun)
			g.put("`: ")
			from := len(g.buf)
			g.clause(terms)
			g.capitalise(from)
			g.mark("")
		case 1:
			g.put("**")
			g.title(terms)
			g.put("** - ")
			g.clause(terms)
			g.mark(".")
		case 2:
			g.put("[")
			g.title(terms)
			g.put("](docs/")
			g.bare(&terms.noun)
			g.put(".md)")
		default:
			from := len(g.buf)
			g.clause(terms)
			g.capitalise(from)
			g.mark("")
		}
		g.put("\n")
	}
}

func (g *generator) shell() {
	g.put("```sh\n")
	for range 1 + g.n(4) {
		g.put("$ ")
		g.bare(&terms.noun)
		g.put(" ")
		g.bare(&terms.verb)
		if g.one(2) {
			g.put(" --")
			g.bare(&terms.noun)
			g.put("=")
			g.number(g.n(4096), 0)
		}
		g.put(" ./")
		g.bare(&terms.noun)
		g.put("/")
		g.bare(&terms.nouns)
		g.put("\n")
	}
	g.put("```\n")
}

func (g *generator) linkList() {
	for range 2 + g.n(4) {
		g.put("[")
		g.bare(&terms.noun)
		g.put("]: https://www.example.org/")
		g.bare(&terms.nouns)
		g.put("/")
		g.bare(&terms.noun)
		g.put("-")
		g.number(g.n(100), 0)
		g.put(".html\n")
	}
}
