package fault

import (
	"strings"
	"testing"
)

func caught(f func()) (c *Fault) {
	defer Catch(&c)
	f()
	return nil
}

func TestFault(t *testing.T) {
	if c := caught(func() {}); c != nil {
		t.Errorf("%v without a panic", c)
	}
	c := caught(func() { mistake(nil) })
	if c == nil || !strings.Contains(c.Error(), "nil pointer") || !strings.Contains(string(c.Stack), "fault.mistake") {
		t.Fatalf("%v", c)
	}
	if again := caught(func() { Check(c) }); again != c {
		t.Errorf("passed on, %v became %v", c, again)
	}
	Check(nil)
}

//go:noinline
func mistake(p *int) { *p = 1 }
