package verify_test

import (
	"context"
	"fmt"

	"github.com/glyphkit/glyph/exact/verify"
)

func ExampleIndex_Verify() {
	x := verify.New([]verify.Source{{Name: "letter.txt", Text: "Invoice INV-2041 of 7 March 2026: 200 mg for EUR 48,250.00."}})
	r, err := x.Verify(context.Background(), "INV-2041 of 2026-03-07 is for 200 g.", "")
	if err != nil {
		panic(err)
	}
	for _, f := range r.Findings {
		fmt.Println(f.Status, f.Text)
	}
	// Output:
	// found INV-2041
	// found 2026-03-07
	// contradicted 200 g
}
