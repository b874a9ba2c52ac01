package openai_test

import (
	"fmt"

	"github.com/glyphkit/glyph/ask/wire"
	"github.com/glyphkit/glyph/ask/wire/openai"
	"github.com/glyphkit/glyph/exact/secrets"
)

func ExampleMessages() {
	checked, err := secrets.Check("What is 6 times 7?", secrets.Block)
	if err != nil {
		panic(err)
	}
	for _, m := range openai.Messages([]wire.Message{wire.Text(wire.User, checked)}) {
		fmt.Println(m.Role, m.Content)
	}
	// Output: user What is 6 times 7?
}
