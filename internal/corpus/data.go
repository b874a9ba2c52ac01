package corpus

// logBlock appends one line of a service log.
func (g *generator) logBlock() {
	g.clock += int64(1 + g.n(900))
	day, ms := int(g.clock/86_400_000), int(g.clock%86_400_000)
	g.number(2024+day/336%10, 4)
	g.put("-")
	g.number(1+day/28%12, 2)
	g.put("-")
	g.number(1+day%28, 2)
	g.put("T")
	g.number(ms/3_600_000, 2)
	g.put(":")
	g.number(ms/60_000%60, 2)
	g.put(":")
	g.number(ms/1000%60, 2)
	g.put(".")
	g.number(ms%1000, 3)
	g.put("Z ")
	g.pick([]string{"INFO  ", "INFO  ", "INFO  ", "INFO  ", "DEBUG ", "DEBUG ", "WARN  ", "ERROR "})
	g.put("[")
	g.bare(&terms.noun)
	g.put("-")
	g.number(g.n(16), 0)
	g.put("] ")
	switch g.n(5) {
	case 0:
		g.pick([]string{"GET", "GET", "POST", "PUT", "DELETE"})
		g.put(" /api/v")
		g.number(1+g.n(3), 0)
		g.put("/")
		g.bare(&terms.nouns)
		g.put("/")
		g.uuid()
		g.put(" ")
		g.pick([]string{"200", "200", "200", "201", "204", "304", "400", "404", "500", "503"})
		g.put(" ")
		g.number(g.n(3000), 0)
		g.put("ms from ")
		g.ip()
	case 1:
		g.put("request_id=")
		g.uuid()
		g.put(" ")
		g.bare(&terms.noun)
		g.put("=")
		g.number(g.n(100_000), 0)
		g.put(" ")
		g.bare(&terms.noun)
		g.put("=\"")
		g.bare(&terms.adj)
		g.put(" ")
		g.bare(&terms.noun)
		g.put("\"")
	case 2:
		g.clause(terms)
		g.put("path=/var/lib/")
		g.bare(&terms.noun)
		g.put("/")
		g.bare(&terms.nouns)
		g.put("/")
		g.hex(8)
		g.put(".log")
	case 3:
		g.clause(terms)
		g.put("sha256:")
		g.hex(16)
		g.hex(16)
		g.hex(16)
		g.hex(16)
	case 4:
		g.put("connection ")
		g.ip()
		g.put(":")
		g.number(1024+g.n(64_000), 0)
		g.put(" -> ")
		g.ip()
		g.put(":")
		g.pick([]string{"80", "443", "5432", "6379", "8080"})
		g.put(" ")
		g.word(&terms.pasts)
		g.put("after ")
		g.number(g.n(60), 0)
		g.put(".")
		g.number(g.n(1000), 3)
		g.put("s")
	}
	g.mark("\n")
}

// uuid appends a version 4 UUID.
func (g *generator) uuid() {
	g.hex(8)
	g.put("-")
	g.hex(4)
	g.put("-4")
	g.hex(3)
	g.put("-")
	g.pick([]string{"8", "9", "a", "b"})
	g.hex(3)
	g.put("-")
	g.hex(12)
}

// ip appends an IPv4 address, seldom an IPv6 one.
func (g *generator) ip() {
	if g.one(10) {
		g.put("2001:db8::")
		g.hex(4)
		g.put(":")
		g.hex(4)
		return
	}
	g.number(10+g.n(190), 0)
	for range 3 {
		g.put(".")
		g.number(g.n(256), 0)
	}
}

// tableBlock appends one table with its header row: CSV and TSV in turn.
func (g *generator) tableBlock() {
	sep := ","
	if g.step%2 == 1 {
		sep = "\t"
	}
	columns := 4 + g.n(6)
	kinds := make([]int, columns)
	g.put("id")
	for i := range kinds {
		kinds[i] = g.n(6)
		g.put(sep)
		g.bare(&terms.noun)
		g.put([]string{"_count", "_price", "_date", "_name", "_note", "_id"}[kinds[i]])
	}
	g.put("\n")
	id := 1000 + g.n(9000)
	for range 20 + g.n(40) {
		id += 1 + g.n(3)
		g.number(id, 0)
		for _, k := range kinds {
			g.put(sep)
			g.cell(k, sep)
		}
		g.put("\n")
	}
	g.put("\n")
}

func (g *generator) cell(kind int, sep string) {
	if g.one(30) {
		return // a missing value
	}
	switch kind {
	case 0:
		g.number(g.n(1<<(4+g.n(16))), 0)
	case 1:
		g.number(g.n(5000), 0)
		g.put(".")
		g.number(g.n(100), 2)
	case 2:
		g.number(1995+g.n(30), 4)
		g.put("-")
		g.number(1+g.n(12), 2)
		g.put("-")
		g.number(1+g.n(28), 2)
	case 3:
		g.bare(&terms.name)
		g.put(" ")
		g.bare(&terms.name)
	case 4:
		if sep == "," {
			g.put("\"")
		}
		g.word(&terms.adj)
		g.word(&terms.noun)
		g.mark(", ")
		g.bare(&terms.gerunds)
		if sep == "," {
			g.put("\"")
		}
	case 5:
		g.hex(12)
	}
}

// jsonBlock appends one object, indented by two spaces.
func (g *generator) jsonBlock() {
	g.jsonObject(0, 2)
	g.put("\n")
}

func (g *generator) jsonObject(depth, nest int) {
	g.put("{\n")
	g.indent("  ", depth+1)
	g.put("\"id\": \"")
	g.uuid()
	g.put("\"")
	for i := range 3 + g.n(6) {
		g.put(",\n")
		g.indent("  ", depth+1)
		g.put("\"")
		g.bare(&terms.noun)
		g.put("_")
		g.number(i, 0) // keys of one object differ
		g.put("\": ")
		g.jsonValue(depth+1, nest)
	}
	g.put("\n")
	g.indent("  ", depth)
	g.put("}")
}

func (g *generator) jsonValue(depth, nest int) {
	switch g.n(9) {
	case 0:
		g.number(g.n(100_000), 0)
	case 1:
		g.put("-")
		g.number(g.n(1000), 0)
		g.put(".")
		g.number(g.n(10_000), 4)
	case 2:
		g.pick([]string{"true", "false", "null"})
	case 3:
		g.put("[")
		for i := range g.n(6) {
			if i > 0 {
				g.put(", ")
			}
			g.number(g.n(1000), 0)
		}
		g.put("]")
	case 4:
		if nest > 0 {
			g.jsonObject(depth, nest-1)
			return
		}
		g.put("{}")
	case 5:
		g.put("\"https://")
		g.bare(&terms.noun)
		g.put(".example.org/")
		g.bare(&terms.nouns)
		g.put("?q=")
		g.hex(6)
		g.put("\"")
	case 6:
		g.put("\"")
		g.bare(&terms.name)
		g.put(" \\\"")
		g.bare(&terms.noun)
		g.put("\\\"\\n\"")
	default:
		g.put("\"")
		g.clause(terms)
		g.mark("\"")
	}
}

// markdownBlock appends one Markdown element; paragraphs are one line each.
func (g *generator) markdownBlock() {
	switch k := g.n(16); {
	case k < 3:
		g.put([]string{"# ", "## ", "### "}[k])
		g.title(terms)
		g.put("\n")
	case k < 6:
		g.bulletList()
	case k == 6:
		g.shell()
	case k == 7:
		g.markdownTable()
	case k == 8:
		g.put("> ")
		g.sentence(terms)
		g.mark("\n")
	case k == 9:
		for i := range 3 + g.n(4) {
			g.number(i+1, 0)
			g.put(". ")
			g.sentence(terms)
			g.mark("\n")
		}
	case k == 10:
		g.linkList()
	default:
		for range 2 + g.n(5) {
			g.sentence(terms)
			switch g.n(12) {
			case 0:
				g.put("*")
				g.bare(&terms.adj)
				g.put("* ")
			case 1:
				g.put("`")
				g.camel(false)
				g.put("()` ")
			case 2:
				g.put("[")
				g.title(terms)
				g.put("](https://example.org/")
				g.bare(&terms.noun)
				g.put(") ")
			case 3:
				g.pick(rareMarks)
				g.put(" ")
			}
		}
		g.mark("\n")
	}
	g.put("\n")
}

func (g *generator) markdownTable() {
	columns := 3 + g.n(3)
	for row := range 5 + g.n(8) {
		for range columns {
			g.put("| ")
			switch {
			case row == 1:
				g.put("--- ")
			case g.one(2):
				g.word(&terms.noun)
			default:
				g.number(g.n(10_000), 0)
				g.put(" ")
			}
		}
		g.put("|\n")
	}
}
