package value

import "testing"

func TestLookAlikes(t *testing.T) {
	for _, c := range []struct {
		s, skeleton string
		spoofed     bool
	}{
		{"--export", "--export", false},
		{"--еxport", "--export", true}, // Cyrillic е
		{"pаypal.com", "paypal.com", true},
		{"сор", "cop", false}, // all Cyrillic
		{"Сергей Ivanov", "Cepreй Ivanov", false},
		{"Ελλάδα-x1", "Eλλάδa-x1", false},
		{"ΑES_KEY", "AES_KEY", true}, // Greek Α
		{"Müller", "Müller", false},
	} {
		if got := Skeleton(c.s); got != c.skeleton {
			t.Errorf("skeleton of %q is %q, want %q", c.s, got, c.skeleton)
		}
		if got := IsSpoofed(c.s); got != c.spoofed {
			t.Errorf("%q is spoofed: %v", c.s, got)
		}
	}
}
