//go:build (linux || darwin) && (amd64 || arm64) && !static

package ppocr

import "testing"

func TestCheckVersion(t *testing.T) {
	for version, want := range map[string]bool{
		"1.24.0": true, "1.30.0": true, "1.100.1-dev": true, "1.24": true,
		"1.23.9": false, "2.0.0": false, "11.30.0": false, "": false, "1.": false, "1.x.0": false,
	} {
		if err := checkVersion(version); (err == nil) != want {
			t.Errorf("version %q has the error %v", version, err)
		}
	}
}
