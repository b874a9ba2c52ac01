package fonts

import (
	"cmp"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
)

// OpenSystem returns an installed font by its family name ("Liberation Serif"),
// its family and style ("Liberation Serif Bold") or its file name with or
// without extension. Case, spaces and hyphens do not matter. Bitmap fonts are
// found by file name only.
//
// It looks through the usual font folders of the operating system at every
// call and keeps nothing. Of several faces that fit it takes the regular one,
// and of several of those the first by path. Pages drawn with an installed font
// differ from machine to machine.
//
// If there is no such font the error matches [fs.ErrNotExist].
func OpenSystem(family string) (*Face, error) {
	return openSystem(family, systemDirs())
}

// systemDirs returns the folders in which fonts are installed, the user's own first.
func systemDirs() []string {
	home, _ := os.UserHomeDir()
	var dirs []string
	add := func(base string, sub ...string) {
		if base != "" {
			dirs = append(dirs, filepath.Join(append([]string{base}, sub...)...))
		}
	}
	switch runtime.GOOS {
	case "windows":
		add(os.Getenv("LOCALAPPDATA"), "Microsoft", "Windows", "Fonts")
		add(cmp.Or(os.Getenv("WINDIR"), `C:\Windows`), "Fonts")
	case "darwin", "ios":
		add(home, "Library", "Fonts")
		add("/Library/Fonts")
		add("/System/Library/Fonts")
	default:
		if share := os.Getenv("XDG_DATA_HOME"); share != "" {
			add(share, "fonts")
		} else {
			add(home, ".local", "share", "fonts")
		}
		add(home, ".fonts")
		for _, share := range filepath.SplitList(cmp.Or(os.Getenv("XDG_DATA_DIRS"), "/usr/local/share:/usr/share")) {
			add(share, "fonts")
		}
	}
	return dirs
}

// systemFont is an installed face that fits the name asked for.
type systemFont struct {
	fontPath
	rank int
}

// Ranks, best first: a file is asked for by name, so nothing fits better.
const (
	rankFile = iota
	rankFullName
	rankFamilyRegular
	rankFamily
)

func openSystem(family string, dirs []string) (*Face, error) {
	want := letters(family)
	if want == "" {
		return nil, fmt.Errorf("opening a system font without a name: %w", fs.ErrNotExist)
	}
	var found []systemFont
	var families []string
	for _, file := range systemFiles(dirs) {
		base := filepath.Base(file)
		if want == letters(base) || want == letters(fontStem(base)) {
			found = append(found, systemFont{fontPath{file, 0}, rankFile})
		}
		for index, n := range readNames(file) {
			if rank, ok := n.rank(want); ok {
				found = append(found, systemFont{fontPath{file, index}, rank})
			} else if !slices.Contains(families, n.family) {
				families = append(families, n.family)
			}
		}
	}
	if len(found) == 0 {
		hint := fmt.Sprintf("%d families are installed", len(families))
		if near := nearest(family, families); len(near) > 0 {
			hint += ", like it: " + strings.Join(near, ", ")
		}
		return nil, fmt.Errorf("opening system font %q: %w in %s; %s",
			family, fs.ErrNotExist, strings.Join(dirs, " or "), hint)
	}
	best := slices.MinFunc(found, func(a, b systemFont) int { return cmp.Compare(a.rank, b.rank) })
	return openFile(best.fontPath)
}

var fontSuffixes = []string{".ttf", ".otf", ".ttc", ".otc", ".bdf", ".bdf.gz", ".pcf", ".pcf.gz", ".hex", ".hex.gz"}

// fontStem returns the name of a font file without its extension, and "" if it
// does not have that of a font.
func fontStem(base string) string {
	lower := strings.ToLower(base)
	for _, suffix := range fontSuffixes {
		if strings.HasSuffix(lower, suffix) {
			return base[:len(base)-len(suffix)]
		}
	}
	return ""
}

// systemFiles returns the font files under dirs, those of each folder in
// lexical order. What cannot be read is passed over: most systems have only
// some of the folders.
func systemFiles(dirs []string) []string {
	var files []string
	for _, dir := range dirs {
		_ = filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
			if err == nil && !d.IsDir() && fontStem(d.Name()) != "" {
				files = append(files, path)
			}
			return nil
		})
	}
	return files
}

// faceNames are the names stored in one outline font.
type faceNames struct{ family, style string }

func (n faceNames) rank(want string) (int, bool) {
	family, style := letters(n.family), letters(n.style)
	switch {
	case want == family+style:
		return rankFullName, true
	case want != family:
		return 0, false
	case slices.Contains([]string{"", "regular", "book", "normal", "roman"}, style):
		return rankFamilyRegular, true
	}
	return rankFamily, true
}

// readNames returns the names of every face of an outline font file, reading no
// more of it than that. Files that are not such fonts have none.
func readNames(file string) []faceNames {
	f, err := os.Open(file)
	if err != nil {
		return nil
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil || !info.Mode().IsRegular() || info.Size() > maxFileSize {
		return nil
	}
	src := io.NewSectionReader(f, 0, info.Size())
	var names []faceNames
	for {
		s, err := openSFNT(src, len(names))
		if err != nil {
			return names
		}
		var c content
		s.names(&c)
		names = append(names, faceNames{c.family, c.style})
	}
}
