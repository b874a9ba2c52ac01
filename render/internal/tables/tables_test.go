package tables

import (
	"errors"
	"testing"
)

func TestRead(t *testing.T) {
	if err := Read("lato", func() {}); err != nil {
		t.Error(err)
	}
	err := Read("lato", func() { _ = []int{}[len(t.Name())] })
	broken, ok := errors.AsType[*BrokenError](err)
	if !ok || broken.Font != "lato" || err.Error() != `font "lato" is broken: runtime error: index out of range [8] with length 0` {
		t.Errorf("%v", err)
	}
}
