package configs_test

import (
	"fmt"

	"github.com/glyphkit/glyph/configs"
)

// Flags over a preset: the theme goes under the other flags, in any order.
func ExampleBuild() {
	base, err := configs.Preset("glyph-en")
	if err != nil {
		panic(err)
	}
	c, err := configs.Build(base, []configs.KeyValue{
		{Key: "font-size", Value: "8"},
		{Key: "font-color", Value: "#FFFFFF"},
		{Key: "theme", Value: "dark"},
	})
	if err != nil {
		panic(err)
	}
	fmt.Println(c.FontSize, c.LineHeight, c.FontColor, c.PageBGColor, c.PageSize)
	// Output: 8 9 #FFFFFF #15181B 595,842
}

func ExampleParse() {
	_, err := configs.Parse([]byte(`{
  "font-size": 12,
  "line-hight": 11,
  "columns": "two"
}`))
	fmt.Println(err)
	// Output:
	// line 3: line-hight is not a known key: want "line-height", the nearest known key
	// line 4: columns "two": want a whole number from 1 to 64
}

func ExampleConfig_Markup() {
	c := configs.Default()
	c.NewlineMarkup = `<font color="#FF0000"> \n </font>`
	m := c.Markup()
	fmt.Printf("%q in %v, break %v\n", m.Text, m.Color, m.Break)
	// Output: " \\n " in #FF0000, break false
}

func ExampleKeys() {
	k := configs.Keys()[2]
	fmt.Printf("--%s (%s; default %s): %s\n", k.Name, k.Accepts, k.Default, k.Doc)
	// Output: --dpi (a number from 10 to 1200 px/in; default 72): resolution: a length of n pt is n*dpi/72 px
}
