// Package settings reads defaults for the flags of a command: from the
// environment, from a file of the user, and from a file of the project that the
// work is done in.
//
// A project's file came with the project, from whoever wrote it. It may only say
// how pages look and how results are printed. What decides where texts and keys
// go is refused in it: endpoints, the policy for secrets, models, profiles.
package settings

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/glyphkit/glyph/internal/edit"
)

// Kind says who may set a key.
type Kind int

// The kinds.
const (
	Private Kind = iota // the environment and the user's file
	Page                // the project's file as well: how pages look
	Output              // the project's file as well: how results are written
)

// The files. UserFile stands in the user's config directory.
const (
	ProjectFile = ".glyph.json"
	UserFile    = "glyph/config.json"
)

// prefix is that of the variables: GLYPH_BASE_URL sets base-url.
const prefix = "GLYPH_"

// maxFile bounds a settings file, in bytes. All keys at once take under 4 KB.
const maxFile = 64 << 10

// Value is a key with its value, written as on the command line.
type Value struct{ Key, Value string }

// Layer is what one source sets.
type Layer struct {
	From   string // "environment", or the path of the file
	Dir    string // of the file, "" for the environment
	Values []Value
}

// Sources say where settings are looked for.
type Sources struct {
	Keys      map[string]Kind
	Other     []string // variables that begin with GLYPH_ and are no settings
	Environ   []string // as os.Environ has it
	ConfigDir string   // of the user; "" for none
	WorkDir   string   // absolute
	Home      string   // of the user; "" for none
}

// Settings are all layers, those that give way first: project, user,
// environment.
type Settings struct {
	Layers  []Layer
	Unknown []string // variables that look like settings and are none
}

// Load reads all settings.
func Load(s Sources) (*Settings, error) {
	out := &Settings{}
	if path := s.project(); path != "" {
		if err := s.file(out, path, true); err != nil {
			return nil, err
		}
	}
	if s.ConfigDir != "" {
		if err := s.file(out, filepath.Join(s.ConfigDir, filepath.FromSlash(UserFile)), false); err != nil {
			return nil, err
		}
	}
	s.environment(out)
	return out, nil
}

// Lookup returns the value that counts for a key, and where it is from.
func (s *Settings) Lookup(key string) (value, from string, ok bool) {
	for _, layer := range slices.Backward(s.Layers) {
		for _, v := range layer.Values {
			if v.Key == key {
				return v.Value, layer.From, true
			}
		}
	}
	return "", "", false
}

// project is the path of the nearest project file in the working directory or
// above it: up to the root of the repository or the user's home. Outside of
// both, others may own the directories above, and only the working directory
// counts.
func (s *Sources) project() string {
	nearest, top := "", false
	for dir := s.WorkDir; ; dir = filepath.Dir(dir) {
		path := filepath.Join(dir, ProjectFile)
		if info, err := os.Stat(path); nearest == "" && err == nil && info.Mode().IsRegular() {
			nearest = path
		}
		if _, err := os.Lstat(filepath.Join(dir, ".git")); err == nil || dir == s.Home {
			top = true
		}
		if top || dir == filepath.Dir(dir) {
			break
		}
	}
	if !top && nearest != filepath.Join(s.WorkDir, ProjectFile) {
		return ""
	}
	return nearest
}

func (s *Sources) file(out *Settings, path string, project bool) error {
	f, err := os.Open(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("reading settings: %w", err)
	}
	defer f.Close()
	if info, err := f.Stat(); err != nil || !info.Mode().IsRegular() {
		return fmt.Errorf("reading settings %q: not a regular file", path)
	}
	data, err := io.ReadAll(io.LimitReader(f, maxFile+1))
	if err == nil && len(data) > maxFile {
		err = fmt.Errorf("over %d bytes", maxFile)
	}
	layer := Layer{From: path, Dir: filepath.Dir(path)}
	if err == nil {
		layer.Values, err = parse(data)
	}
	if err == nil {
		for _, v := range layer.Values {
			err = errors.Join(err, s.allowed(v.Key, project))
		}
	}
	if err != nil {
		return fmt.Errorf("reading settings %q: %w", path, err)
	}
	out.Layers = append(out.Layers, layer)
	return nil
}

// allowed is the error of a key that must not stand in a file.
func (s *Sources) allowed(key string, project bool) error {
	kind, ok := s.Keys[key]
	switch {
	case !ok:
		near := ""
		if n := edit.Nearest(key, s.names()); n != "" {
			near = "did you mean " + n + "? "
		}
		return fmt.Errorf("unknown key %q; %sall keys: glyph config", key, near)
	case project && kind == Private:
		return fmt.Errorf("key %q: a project's file sets how pages look and how results are written, nothing else, as it could send your texts and keys to others; "+
			"accepted: --%s, %s, or %s in your config directory", key, key, Variable(key), UserFile)
	}
	return nil
}

func (s *Sources) names() []string {
	var names []string
	for key := range s.Keys {
		names = append(names, key)
	}
	slices.Sort(names)
	return names
}

// parse reads a JSON object of strings, numbers, booleans and lists of them, in
// its order.
func parse(data []byte) ([]Value, error) {
	d := json.NewDecoder(bytes.NewReader(data))
	d.UseNumber()
	if t, err := d.Token(); err != nil || t != json.Delim('{') {
		return nil, errors.New("want a JSON object, such as {\"model\": \"gpt-5.5\"}")
	}
	var values []Value
	seen := map[string]bool{}
	for d.More() {
		t, err := d.Token()
		if err != nil {
			return nil, fmt.Errorf("not JSON: %w", err)
		}
		key := t.(string) // the decoder accepts no other in an object
		if seen[key] {
			return nil, fmt.Errorf("key %q stands there twice", key)
		}
		seen[key] = true
		var v any
		if err := d.Decode(&v); err != nil {
			return nil, fmt.Errorf("not JSON: %w", err)
		}
		text, ok := scalar(v)
		if list, isList := v.([]any); isList {
			parts := make([]string, len(list))
			ok = true
			for i, e := range list {
				part, scalar := scalar(e)
				parts[i], ok = part, ok && scalar
			}
			text = strings.Join(parts, ",")
		}
		if !ok {
			return nil, fmt.Errorf("key %q: want a string, a number, true or false, or a list of them", key)
		}
		values = append(values, Value{key, text})
	}
	if _, err := d.Token(); err != nil {
		return nil, fmt.Errorf("not JSON: %w", err)
	}
	if _, err := d.Token(); err != io.EOF {
		return nil, errors.New("want one JSON object and nothing behind it")
	}
	return values, nil
}

func scalar(v any) (string, bool) {
	switch v := v.(type) {
	case string:
		return v, true
	case json.Number:
		return v.String(), true
	case bool:
		return fmt.Sprint(v), true
	}
	return "", false
}

// Variable is the environment variable of a key.
func Variable(key string) string {
	return prefix + strings.ToUpper(strings.ReplaceAll(key, "-", "_"))
}

func (s *Sources) environment(out *Settings) {
	of := map[string]string{}
	for key := range s.Keys {
		of[Variable(key)] = key
	}
	layer := Layer{From: "environment"}
	for _, entry := range s.Environ {
		name, value, _ := strings.Cut(entry, "=")
		key, known := of[name]
		switch {
		case known && value != "":
			layer.Values = append(layer.Values, Value{key, value})
		case strings.HasPrefix(name, prefix) && !known && !slices.Contains(s.Other, name):
			out.Unknown = append(out.Unknown, name)
		}
	}
	slices.SortFunc(layer.Values, func(a, b Value) int { return strings.Compare(a.Key, b.Key) })
	slices.Sort(out.Unknown)
	out.Layers = append(out.Layers, layer)
}
