// Package fault carries a panic from the goroutine that it happens in to the
// one that waits for it. A panic that reaches the top of a goroutine would end
// the program without cleaning up.
package fault

import (
	"fmt"
	"runtime/debug"
)

// A Fault is a panic in another goroutine: a mistake of this program, whatever
// its input was. The goroutine that waits panics with it.
type Fault struct {
	Value any    // of the panic
	Stack []byte // of the goroutine it happened in
}

func (f *Fault) Error() string { return fmt.Sprintf("a fault of glyph: %v", f.Value) }

// Catch keeps a panic of the goroutine in f. It is called by defer itself, not
// by a function that is deferred. F is nil without a panic.
func Catch(f **Fault) {
	if p := recover(); p != nil {
		if inner, ok := p.(*Fault); ok {
			*f = inner // of a goroutine that this one waited for
			return
		}
		*f = &Fault{p, debug.Stack()}
	}
}

// Check panics with f if there is one.
func Check(f *Fault) {
	if f != nil {
		panic(f)
	}
}
