package exact_test

import (
	"fmt"

	"github.com/glyphkit/glyph/exact"
)

func ExampleFind() {
	for _, s := range exact.Find("Zahlbar sind 1.250,75 EUR bis zum 7. März 2026, siehe INV-2041.") {
		fmt.Println(s.Kind, s.Text)
	}
	// Output:
	// money 1.250,75 EUR
	// date 7. März 2026
	// identifier INV-2041
}
