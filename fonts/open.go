package fonts

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"github.com/glyphkit/glyph/internal/edit"
	"github.com/glyphkit/glyph/internal/limit"
)

// Open returns the face that spec names: an embedded one ("dejavu-sans", in any
// case), or else a font file. A relative path is looked up in dirs, in order;
// with no dirs, in the current directory. "#2" behind the path is the third
// face of a collection. The format is told from the content; see [Parse].
//
// An embedded name wins over a file of that name, which "./name" opens. Every
// call for an embedded name returns the same Face.
//
// If there is no such font the error matches [fs.ErrNotExist], and says where
// it was looked for and which embedded names are like it.
func Open(spec string, dirs ...string) (*Face, error) {
	if i := embeddedIndex(spec); i >= 0 {
		return embeddedFaces()[i], nil
	}
	if spec == "" {
		return nil, fmt.Errorf("opening a font without a name: %w; %s", fs.ErrNotExist, embeddedHint(spec))
	}
	if len(dirs) == 0 || filepath.IsAbs(spec) {
		dirs = []string{""}
	}
	// A file may have a "#" in its name.
	for _, p := range []fontPath{{spec, 0}, splitIndex(spec)} {
		for _, dir := range dirs {
			p := fontPath{filepath.Join(dir, p.file), p.index}
			f, err := openFile(p)
			if !errors.Is(err, fs.ErrNotExist) {
				return f, err
			}
		}
	}
	return nil, fmt.Errorf("opening font %q: %w %s; %s", spec, fs.ErrNotExist, lookedIn(spec, dirs), embeddedHint(spec))
}

// fontPath is a face of a font file.
type fontPath struct {
	file  string
	index int
}

// splitIndex splits "file#index".
func splitIndex(spec string) fontPath {
	if at := strings.LastIndexByte(spec, '#'); at > 0 {
		if index, err := strconv.ParseUint(spec[at+1:], 10, 16); err == nil {
			return fontPath{spec[:at], int(index)}
		}
	}
	return fontPath{spec, 0}
}

func openFile(p fontPath) (*Face, error) {
	data, err := readFontFile(p.file)
	if err != nil {
		return nil, fmt.Errorf("opening font %q: %w", p.file, err)
	}
	name := filepath.Base(p.file)
	if p.index > 0 {
		name += "#" + strconv.Itoa(p.index)
	}
	return parseFace(name, p.file, data, p.index)
}

func readFontFile(file string) ([]byte, error) {
	info, err := os.Stat(file)
	if err != nil {
		return nil, plainError(err)
	}
	switch {
	case info.IsDir():
		return nil, errors.New("it is a directory, not a font file")
	case !info.Mode().IsRegular():
		return nil, errors.New("it is a pipe or a device, not a font file") // opening it could wait for ever
	case info.Size() > maxFileSize:
		return nil, fmt.Errorf("file of %d bytes; up to %d MiB are accepted", info.Size(), maxFileSize>>20)
	}
	f, err := os.Open(file)
	if err != nil {
		return nil, plainError(err)
	}
	defer f.Close()
	data, err := limit.ReadAll(f, maxFileSize, "the file")
	if err != nil {
		return nil, plainError(err)
	}
	return data, nil
}

// plainError drops the path, which the caller names.
func plainError(err error) error {
	var pathErr *fs.PathError
	if errors.As(err, &pathErr) {
		return pathErr.Err
	}
	return err
}

func lookedIn(spec string, dirs []string) string {
	if filepath.IsAbs(spec) {
		return "at that path"
	}
	var abs []string
	for _, dir := range dirs {
		if a, err := filepath.Abs(dir); err == nil {
			dir = a
		}
		abs = append(abs, dir)
	}
	return "in " + strings.Join(abs, " or ")
}

// embeddedHint says which embedded names are nearest to spec.
func embeddedHint(spec string) string {
	names := make([]string, len(embeddedFonts))
	for i, e := range embeddedFonts {
		names[i] = e.Name
	}
	if near := nearest(spec, names); len(near) > 0 {
		return "embedded fonts like it: " + strings.Join(near, ", ")
	}
	const shown = 6
	return fmt.Sprintf("embedded fonts are %s and %d more", strings.Join(names[:shown], ", "), len(names)-shown)
}

// nearest returns up to three of names that are like s, the likest first.
// Names are compared by their letters and digits, without the extension of a
// file: one must begin with the other, or be a few edits away.
func nearest(s string, names []string) []string {
	type candidate struct {
		name     string
		distance int
	}
	s = letters(strings.TrimSuffix(filepath.Base(s), filepath.Ext(s)))
	if s == "" {
		return nil
	}
	var near []candidate
	for _, name := range names {
		n := letters(name)
		d := edit.Distance(s, n)
		if d <= len(s)/4+1 || strings.HasPrefix(n, s) || strings.HasPrefix(s, n) {
			near = append(near, candidate{name, d})
		}
	}
	slices.SortStableFunc(near, func(a, b candidate) int { return a.distance - b.distance })
	var result []string
	for _, c := range near[:min(3, len(near))] {
		result = append(result, c.name)
	}
	return result
}

func letters(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return unicode.ToLower(r)
		}
		return -1
	}, s)
}
