package cli

import (
	"bytes"
	"errors"
	"strings"
	"testing"

	"github.com/glyphkit/glyph/internal/cli/verb"
	"github.com/glyphkit/glyph/internal/fault"
)

// A fault of ours is one clear line; --debug adds where it happened.
func TestFaults(t *testing.T) {
	for _, c := range []struct {
		debug bool
		value any
		want  string // on standard error
	}{
		{false, "index out of range", ""},
		{true, "index out of range", "index out of range\ngoroutine "},
		{true, &fault.Fault{Value: "nil map", Stack: []byte("goroutine 7 of another")}, "nil map\ngoroutine 7 of another"},
	} {
		var stderr bytes.Buffer
		err := withoutPanic(&verb.App{Debug: c.debug}, &stderr, func() error { panic(c.value) })
		coded, ok := errors.AsType[*verb.ExitError](err)
		if !ok || coded.Code != verb.ExitFailed || !strings.HasPrefix(err.Error(), "a fault of glyph") || strings.Contains(err.Error(), "--debug") == c.debug {
			t.Errorf("error %v", err)
		}
		if !strings.HasPrefix(stderr.String(), c.want) || c.want == "" && stderr.Len() > 0 {
			t.Errorf("stderr %q, want %q", stderr.String(), c.want)
		}
	}
}
