package configs

import (
	"strings"
	"testing"
	"unicode/utf8"
)

func TestMarkup(t *testing.T) {
	red := Color{255, 0, 0}
	for _, test := range []struct {
		in   string
		want Markup
	}{
		{`<br/>`, Markup{Break: true}},
		{`<BR>`, Markup{Break: true}},
		{`<br />`, Markup{Break: true}},
		{`<font color="#FF0000"> \n </font>`, Markup{Text: ` \n `, Color: red, HasColor: true}},
		{"<font color=\"#FF0000\"> \n </font>", Markup{Text: ` \n `, Color: red, HasColor: true}},
		{`<font color='#f00'>¶</font><br/>`, Markup{Text: "¶", Color: red, HasColor: true, Break: true}},
		{` ↵ `, Markup{Text: " ↵ "}},
		{`↵<br>`, Markup{Text: "↵", Break: true}},
		{`&lt;nl&gt;`, Markup{Text: "<nl>"}},
		{`R&D`, Markup{Text: "R&D"}},
		{`&nbsp;|`, Markup{Text: "\u00a0|"}},
	} {
		if got, problem := parseMarkup(test.in); problem != "" || got != test.want {
			t.Errorf("%q is %+v, %q; want %+v", test.in, got, problem, test.want)
		}
	}
	for _, in := range []string{
		"", " ", "\n", "\t", " <br/>", "<br/>x", "<br/><br/>", "<i>x</i>", "<font>x</font>", `<font size="3">x</font>`,
		`<font color="#F00">x</font>y`, `<font color="#F00">x`, `<font color="#F00"><br/></font>`, "a\u200bb", "&#10;", "&#x202E;x",
		strings.Repeat("x", maxMarker+1), strings.Repeat("&#0000065;", 50), "\xff",
	} {
		if m, problem := parseMarkup(in); problem == "" {
			t.Errorf("%q is %+v, want a problem", in, m)
		}
	}
}

func FuzzMarkup(f *testing.F) {
	for _, s := range []string{"<br/>", `<font color="#FF0000"> \n </font>`, " ↵ <br/>", "&lt;", "<font color='#f00'>\n</font><BR />"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		m, problem := parseMarkup(s)
		if problem != "" {
			return
		}
		if m.Text == "" && !m.Break {
			t.Fatal("a newline would vanish")
		}
		if m.Text != "" && strings.TrimSpace(m.Text) == "" {
			t.Fatal("the marker is invisible")
		}
		if !utf8.ValidString(m.Text) || strings.ContainsAny(m.Text, "\n\r\t") || utf8.RuneCountInString(m.Text) > maxMarker {
			t.Fatalf("%q cannot be drawn in a line", m.Text)
		}
		c := Default()
		if err := c.Set("newline-markup", s); err != nil || c.Markup() != m {
			t.Fatalf("the config has %+v, not %+v: %v", c.Markup(), m, err)
		}
	})
}
