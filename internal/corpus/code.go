package corpus

// names of code: short words that join well.
var (
	codeNouns = newZipf(6, fields(termNounList), fields(nounList))
	codeVerbs = newZipf(6, fields(`get set new read write parse load find make add open close is has to from
with init check build run send next push pop list copy move apply merge split count sort update remove handle
resolve encode decode flush reset validate format print start stop wait notify lookup insert delete`))
	codeShort = newZipf(3, fields(`i n s err x b k v c p t r w buf ctx ok out src dst len off idx cfg opts key val
msg req resp res tmp cur prev node root left right head tail line col pos end max min sum cnt fn args name path`))
	codeTypes = newZipf(3, fields(`int string error bool byte []byte []string int64 uint32 float64 any rune
time.Duration io.Reader io.Writer context.Context map[string]int *http.Request []int uint8 *Node sync.Mutex`))
	codeCTypes = newZipf(3, fields(`int char void size_t uint8_t uint32_t int64_t double bool FILE ssize_t`))
)

// codeBlock appends a function or type; files of one language run for 20
// blocks before the language changes.
func (g *generator) codeBlock() {
	switch language := g.step / 20 % 3; language {
	case 0:
		if g.step%20 == 0 {
			g.put("package ")
			g.bare(&codeNouns)
			g.put("\n\nimport (\n\t\"errors\"\n\t\"fmt\"\n\t\"io\"\n)\n\n")
		}
		g.goBlock()
	case 1:
		if g.step%20 == 0 {
			g.put("import os\nimport re\nfrom dataclasses import dataclass\n\n\n")
		}
		g.pythonBlock()
	case 2:
		if g.step%20 == 0 {
			g.put("#include <stdint.h>\n#include <stdio.h>\n#include \"")
			g.bare(&codeNouns)
			g.put(".h\"\n\n")
		}
		g.cBlock()
	}
}

// camel appends verbNoun or verbNounNoun, exported when upper.
func (g *generator) camel(upper bool) {
	at := len(g.buf)
	g.bare(&codeVerbs)
	if upper {
		g.capitalise(at)
	}
	for range 1 + g.n(2) {
		at = len(g.buf)
		g.bare(&codeNouns)
		g.capitalise(at)
	}
}

// snake appends verb_noun or verb_noun_noun.
func (g *generator) snake() {
	g.bare(&codeVerbs)
	for range 1 + g.n(2) {
		g.put("_")
		g.bare(&codeNouns)
	}
}

// indent starts a line of code, depth levels deep.
func (g *generator) indent(unit string, depth int) {
	for range depth {
		g.put(unit)
	}
}

func (g *generator) comment(sign string) {
	g.put(sign)
	at := len(g.buf)
	g.clause(terms)
	g.capitalise(at)
	g.mark(".\n")
}

func (g *generator) expr() {
	switch g.n(8) {
	case 0:
		g.number(g.n(300), 0)
	case 1:
		g.put("0x")
		g.hex(2 + 2*g.n(4))
	case 2:
		g.put("\"")
		g.bare(&terms.noun)
		g.put(" ")
		g.bare(&terms.noun)
		g.put("\"")
	case 3:
		g.bare(&codeShort)
		g.put("[")
		g.bare(&codeShort)
		g.put("]")
	case 4:
		g.bare(&codeShort)
		g.pick([]string{" + ", " - ", " * ", " & ", " << ", " == ", " != ", " < ", " >= "})
		g.bare(&codeShort)
	case 5:
		g.bare(&codeShort)
		g.put(".")
		g.bare(&codeNouns)
	default:
		g.bare(&codeShort)
	}
}

func (g *generator) call(name func()) {
	name()
	g.put("(")
	for i := range g.n(4) {
		if i > 0 {
			g.put(", ")
		}
		g.expr()
	}
	g.put(")")
}

func (g *generator) goBlock() {
	exported := func() { g.camel(true) }
	if g.one(4) {
		g.put("type ")
		at := len(g.buf)
		g.bare(&codeNouns)
		g.capitalise(at)
		g.put(" struct {\n")
		for range 2 + g.n(5) {
			g.put("\t")
			g.bare(&codeNouns)
			g.put(" ")
			g.bare(&codeTypes)
			g.put(" // ")
			g.bare(&terms.adj)
			g.put(" ")
			g.bare(&terms.nouns)
			g.put("\n")
		}
		g.put("}\n\n")
		return
	}
	if g.one(2) {
		g.comment("// ")
	}
	g.put("func ")
	exported()
	g.put("(")
	g.bare(&codeShort)
	g.put(" ")
	g.bare(&codeTypes)
	g.put(") (")
	g.bare(&codeTypes)
	g.put(", error) {\n")
	g.body("\t", 1, goStyle, exported)
	g.put("\treturn ")
	g.expr()
	g.put(", nil\n}\n\n")
}

func (g *generator) pythonBlock() {
	g.put("def ")
	g.snake()
	g.put("(")
	g.bare(&codeShort)
	g.put(", ")
	g.bare(&codeNouns)
	g.put("=None):\n")
	if g.one(2) {
		g.put("    \"\"\"")
		at := len(g.buf)
		g.clause(terms)
		g.capitalise(at)
		g.mark(".\"\"\"\n")
	}
	g.body("    ", 1, pythonStyle, g.snake)
	g.put("    return ")
	g.expr()
	g.put("\n\n\n")
}

func (g *generator) cBlock() {
	if g.one(5) {
		g.put("#define ")
		at := len(g.buf)
		g.snake()
		for i := at; i < len(g.buf); i++ {
			if c := g.buf[i]; c >= 'a' && c <= 'z' {
				g.buf[i] = c - 'a' + 'A'
			}
		}
		g.put(" ")
		g.number(1<<g.n(16), 0)
		g.put("\n\n")
		return
	}
	if g.one(2) {
		g.put("/*\n * ")
		g.comment("")
		g.put(" */\n")
	}
	g.put("static ")
	g.bare(&codeCTypes)
	g.put(" ")
	g.snake()
	g.put("(const ")
	g.bare(&codeCTypes)
	g.put(" *")
	g.bare(&codeShort)
	g.put(", size_t len)\n{\n")
	g.body("\t", 1, cStyle, g.snake)
	g.put("\treturn ")
	g.expr()
	g.put(";\n}\n\n")
}

// codeStyle is what differs between the three languages in a body.
type codeStyle struct {
	assign, end             string
	ifOpen, forOpen, forEnd string
	blockOpen, blockClose   string
	comment                 string
}

var (
	goStyle     = codeStyle{" := ", "\n", "if ", "for ", " := range ", " {\n", "}\n", "// "}
	pythonStyle = codeStyle{" = ", "\n", "if ", "for ", " in ", ":\n", "", "# "}
	cStyle      = codeStyle{" = ", ";\n", "if (", "while (", " < ", ") {\n", "}\n", "// "}
)

func (g *generator) body(unit string, depth int, style codeStyle, name func()) {
	for range 2 + g.n(6) {
		g.indent(unit, depth)
		switch k := g.n(12); {
		case k < 2 && depth < 4:
			g.put(style.ifOpen)
			g.expr()
			g.put(style.blockOpen)
			g.body(unit, depth+1, style, name)
			g.closeBlock(unit, depth, style)
		case k == 2 && depth < 4:
			g.put(style.forOpen)
			g.bare(&codeShort)
			g.put(style.forEnd)
			g.expr()
			g.put(style.blockOpen)
			g.body(unit, depth+1, style, name)
			g.closeBlock(unit, depth, style)
		case k == 3:
			g.comment(style.comment)
		case k < 6:
			g.call(name)
			g.put(style.end)
		default:
			g.bare(&codeShort)
			g.put(style.assign)
			if g.one(2) {
				g.call(name)
			} else {
				g.expr()
			}
			g.put(style.end)
		}
	}
}

func (g *generator) closeBlock(unit string, depth int, style codeStyle) {
	if style.blockClose != "" {
		g.indent(unit, depth)
		g.put(style.blockClose)
	}
}
