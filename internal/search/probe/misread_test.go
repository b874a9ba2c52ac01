package probe

import (
	"os"
	"strings"
	"testing"
)

func TestMisreadings(t *testing.T) {
	data, err := os.ReadFile("testdata/misreadings.txt")
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(data)) {
		parts := strings.SplitN(strings.TrimSuffix(line, "\n"), "|", 3)
		if strings.HasPrefix(line, "#") || len(parts) < 3 {
			continue
		}
		want, got := strings.TrimSpace(parts[0]), strings.TrimSpace(parts[1])
		t.Run(want+" as "+got, func(t *testing.T) {
			var kinds []string
			for _, m := range misreadings(want, got, 8) {
				kinds = append(kinds, m.Kind)
				if !strings.Contains(want, "\t") && m.Want == m.Got {
					t.Errorf("%q and %q show no difference", m.Want, m.Got)
				}
			}
			if k := strings.Join(kinds, " "); strings.TrimSpace(k) != strings.TrimSpace(parts[2]) {
				t.Errorf("kinds %q", k)
			}
		})
	}
}
