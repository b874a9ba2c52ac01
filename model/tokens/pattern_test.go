package tokens

import (
	"strings"
	"testing"
	"time"
)

// The library's error of a match that takes too long holds the text.
func TestTimeoutHoldsNoText(t *testing.T) {
	p, err := compile(`(?:\p{L}|\p{L}\p{L})+\p{N}|\p{L}`)
	if err != nil {
		t.Fatal(err)
	}
	p.MatchTimeout = 20 * time.Millisecond
	const marker = "Zanzibarquartz"
	err = p.split([]byte(marker+strings.Repeat("a", 3000)), func([]byte) {})
	if err == nil || strings.Contains(err.Error(), marker) || strings.Contains(err.Error(), "aaaa") || !strings.Contains(err.Error(), "accepted:") {
		t.Errorf("error %v", err)
	}
}
