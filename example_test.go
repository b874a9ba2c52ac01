package glyph_test

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/glyphkit/glyph"
)

// From a text to the body of a provider's request and a verified answer. The
// page is planned for the model, as the command does it.
func Example() {
	ctx := context.Background()
	docs := []*glyph.Document{glyph.Text("contract.txt", "Signed by Ada Lovelace on 2026-03-14. Total: EUR 48,250.00.\n")}
	p, err := glyph.Pack(ctx, docs, glyph.PackOptions{
		Options: glyph.Options{Model: "claude-opus-5"}, Question: "Who signed, and what is the total?",
	})
	if err != nil {
		panic(err)
	}
	body, _ := json.Marshal(p.Requests[0].Anthropic()) // send it; an answer comes back
	fmt.Println(len(p.Requests), "request,", json.Valid(body))

	report, err := glyph.Verify(ctx, docs, "Ada Lovelace signed; the total is EUR 48,250.OO.", glyph.VerifyOptions{})
	if err != nil {
		panic(err)
	}
	fmt.Println(report.Plain)
	// Output:
	// 1 request, true
	// Ada Lovelace signed; the total is EUR 48,250.00.
}
