// Package tables guards the code of others that reads tables of font files.
package tables

import "fmt"

// BrokenError says that a table of a font file cannot be read. Files are not
// checked in full when they are opened.
type BrokenError struct {
	Font   string
	Reason any // what the code panicked with
}

func (e *BrokenError) Error() string { return fmt.Sprintf("font %q is broken: %v", e.Font, e.Reason) }

// Read calls f, which reads tables of the font. A panic of f is a
// [*BrokenError]; f therefore does nothing but call such code.
func Read(font string, f func()) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = &BrokenError{font, p}
		}
	}()
	f()
	return nil
}
