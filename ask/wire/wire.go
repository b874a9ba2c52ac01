package wire

import (
	"errors"
	"fmt"

	"github.com/glyphkit/glyph/exact/secrets"
)

// role says who speaks in a message.
type role string

// The roles.
const (
	System role = "system"
	User   role = "user"
)

// Message is what one side says.
type Message struct {
	Role  role
	Parts []Part
}

// Part is a text or an image.
type Part struct {
	// Checked is the text of the part or, for an image, the text that the image
	// shows. It was checked for secrets.
	Checked secrets.Checked

	PNG []byte // of an image; nil for a text

	// Detail is the level of detail at which the model should look at the image,
	// as profiles of package vision name it: "low", "medium", "high", "original"
	// or "ultra-high". "" leaves it to the model. Forms leave out a level that
	// their API does not know.
	Detail string
}

// Text is a message of one text.
func Text(role role, text secrets.Checked) Message {
	return Message{role, []Part{{Checked: text}}}
}

// ErrUnchecked is the error of a part that nobody has checked for secrets.
var ErrUnchecked = errors.New("it was not checked for secrets; accepted: texts and images with a value of secrets.Check, secrets.Guard or secrets.Own")

// Check returns an error that wraps ErrUnchecked if a part may not leave the
// machine.
func Check(messages []Message) error {
	for i, m := range messages {
		for k, p := range m.Parts {
			if !p.Checked.Valid() {
				return fmt.Errorf("sending part %d of message %d: %w", k+1, i+1, ErrUnchecked)
			}
		}
	}
	return nil
}

const mediaType = "image/png"
