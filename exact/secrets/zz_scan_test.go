package secrets

import (
	"io/fs"
	"os"
	"path/filepath"
	"testing"
	"unicode/utf8"
)

func TestZZ(t *testing.T) {
	root := os.Getenv("ZZ")
	if root == "" {
		return
	}
	n, bytes, alarms := 0, 0, 0
	filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return nil
		}
		if i, _ := d.Info(); i == nil || i.Size() > 2<<20 || !i.Mode().IsRegular() {
			return nil
		}
		b, _ := os.ReadFile(path)
		if !utf8.Valid(b) {
			return nil
		}
		n++
		bytes += len(b)
		for _, f := range rules().scan(string(b)) {
			alarms++
			from, to := max(f.Start-40, 0), min(f.End+20, len(b))
			end := min(f.End, f.Start+60)
			t.Logf("%s %s:%q «%s» %q", f.Rule, path, b[from:f.Start], b[f.Start:end], b[f.End:to])
		}
		return nil
	})
	t.Log(n, bytes, alarms)
}
