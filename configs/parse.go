package configs

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"os"
	"slices"
	"unicode/utf8"

	"github.com/glyphkit/glyph/internal/limit"
)

// maxFileSize is the largest config file in bytes. One with every key set is
// under 2 KB.
const maxFileSize = 64 << 10

const maxProblems = 20 // settings refused before the rest is left unread

// KeyValue is one explicitly given setting, written as on the command line.
type KeyValue struct{ Key, Value string }

// Build lays explicit settings over base and returns a valid Config:
//
//	base < theme < the other settings
//
// where the theme is the one in set, if any; a theme inside base is already
// part of its values. The order of set does not matter, and a key given twice
// is refused. When set gives font-size and not line-height, the extra leading
// (line-height - font-size) of the layers below is kept: 1 pt over Default.
//
// The error joins one *KeyError for each problem.
func Build(base Config, set []KeyValue) (Config, error) {
	settings := make([]setting, len(set))
	for i, kv := range set {
		settings[i].KeyValue = kv
	}
	return build(base, settings, "")
}

// Parse reads a JSON object of settings and lays them over Default as Build
// does. Numbers and booleans may also be written as strings, and a page-size
// as a list of two numbers. Unknown and repeated keys are refused; a null
// newline-markup counts as absent.
//
// The error joins one *KeyError for each problem, or says where the text is
// not JSON.
func Parse(data []byte) (Config, error) { return parse(bytes.NewReader(data), "") }

// Load reads a JSON file as Parse does. Errors name the file.
func Load(path string) (Config, error) {
	f, err := os.Open(path)
	if err != nil {
		return Config{}, fmt.Errorf("loading config: %w", err)
	}
	defer f.Close()
	return parse(f, path)
}

// setting is an explicit setting and where it stands.
type setting struct {
	KeyValue
	line int
	err  *KeyError // why its JSON value is refused, if it is
}

// build is Build, with file and lines for the errors.
func build(base Config, set []setting, file string) (Config, error) {
	c := base
	var errs []error
	lines := map[string]int{} // of the keys given
	report := func(e *KeyError, line int) {
		e.File, e.Line = file, line
		errs = append(errs, e)
	}
	lay := func(s setting) {
		if len(errs) == maxProblems {
			return // likely another kind of file
		}
		if first, twice := lines[s.Key]; twice {
			problem := "is given twice"
			if first > 0 {
				problem += fmt.Sprintf(", first on line %d", first)
			}
			report(&KeyError{Key: clip(s.Key), Value: clip(s.Value), Problem: problem, Want: "each key once"}, s.line)
			return
		}
		lines[s.Key] = s.line
		err := s.err
		if err == nil {
			var f *field
			if f, err = find(s.Key, s.Value); err == nil {
				err = f.set(&c, s.Value)
			}
		}
		if err != nil {
			report(err, s.line)
		}
	}

	for _, s := range set {
		if s.Key == "theme" {
			lay(s)
		}
	}
	extraLeading := c.LineHeight - c.FontSize
	for _, s := range set {
		if s.Key != "theme" {
			lay(s)
		}
	}
	_, size := lines["font-size"]
	_, leading := lines["line-height"]
	if size && !leading {
		// To a millionth of a point: 8 + (10.1 - 9) is to be 9.1.
		c.LineHeight = math.Round((c.FontSize+extraLeading)*1e6) / 1e6
	}

	if errs == nil {
		for _, e := range c.problems() {
			report(e, lines[e.Key])
		}
	}
	if errs != nil {
		return Config{}, errors.Join(errs...)
	}
	return c, nil
}

func parse(r io.Reader, file string) (Config, error) {
	fail := func(line int, format string, args ...any) (Config, error) {
		return Config{}, fmt.Errorf("%s%w", position(file, line), fmt.Errorf(format, args...))
	}
	data, err := limit.ReadAll(r, maxFileSize, "config")
	if err != nil {
		return fail(0, "%w", err)
	}
	data = bytes.TrimPrefix(data, []byte("\ufeff")) // editors on Windows write a BOM
	if !utf8.Valid(data) {
		return fail(0, "config is not UTF-8: want a JSON object of settings")
	}
	var whole json.RawMessage
	if err := json.Unmarshal(data, &whole); err != nil {
		var syntax *json.SyntaxError
		line := 0
		if errors.As(err, &syntax) {
			line = lineAt(data, syntax.Offset)
		}
		return fail(line, "config is not JSON: %w", err)
	}

	// encoding/json would take repeated keys silently; walking the tokens
	// shows them, and where they stand.
	dec := json.NewDecoder(bytes.NewReader(data))
	if t, err := dec.Token(); err != nil || t != json.Delim('{') {
		return fail(1, "config is no JSON object: want settings such as {\"dpi\": 72}")
	}
	var set []setting
	for dec.More() {
		key, err := dec.Token()
		if err != nil {
			return fail(0, "config is not JSON: %w", err)
		}
		s := setting{line: lineAt(data, dec.InputOffset())}
		s.Key, _ = key.(string)
		var value json.RawMessage
		if err := dec.Decode(&value); err != nil {
			return fail(s.line, "config is not JSON: %w", err)
		}
		if s.Key == "newline-markup" && string(value) == "null" {
			continue // Glyph's evaluation scripts write it for "<br/>"
		}
		s.Value, s.err = settingText(s.Key, value)
		set = append(set, s)
	}
	return build(Default(), set, file)
}

// lineAt returns the line, from 1, of the byte before offset.
func lineAt(data []byte, offset int64) int {
	return 1 + bytes.Count(data[:max(0, min(offset, int64(len(data)))-1)], []byte("\n"))
}

// settingText turns a JSON value into what would be written on the command
// line, and refuses a type that the key does not take.
func settingText(key string, value json.RawMessage) (string, *KeyError) {
	text := string(value)
	if value[0] == '"' {
		if err := json.Unmarshal(value, &text); err == nil {
			return text, nil
		}
	}
	f, err := find(key, text)
	if err != nil {
		return text, err
	}
	ok, problem := false, "is a number"
	switch value[0] {
	case '{':
		problem = "is an object"
	case '[':
		problem = "is a list"
		switch f.kind() {
		case typeList:
			ok = true // parseList reads JSON
		case TypeSize:
			var sides []json.Number
			if json.Unmarshal(value, &sides) == nil && len(sides) == 2 {
				text, ok = string(sides[0]+","+sides[1]), true
			}
			problem = ""
		}
	case 't', 'f':
		problem = "is a boolean"
		ok = f.kind() == TypeBoolean
	case 'n':
		problem = "is null"
	default:
		ok = f.kind() == TypeNumber || f.kind() == TypeInteger
	}
	if !ok {
		return text, &KeyError{Key: key, Value: clip(text), Problem: problem, Want: f.want()}
	}
	return text, nil
}

// Canonical returns every key of c, in the order of Keys and with numbers in
// their shortest form, as indented JSON. Parse reads it back to an equal
// Config, whatever the defaults and themes of later versions. c must be valid.
func (c Config) Canonical() []byte { return c.encode(table, "\n  ", ": ", "\n") }

// MarshalJSON returns Canonical without the white space.
func (c Config) MarshalJSON() ([]byte, error) { return c.encode(table, "", ":", ""), nil }

// UnmarshalJSON is Parse: keys that are absent take their default, not what c
// held.
func (c *Config) UnmarshalJSON(data []byte) error {
	parsed, err := Parse(data)
	if err == nil {
		*c = parsed
	}
	return err
}

// Hash returns the SHA-256 of the compact canonical JSON in hexadecimal. The
// theme is left out, since its values are in: configs that draw the same have
// the same hash however they were put together. So are exact-scale and
// exact-anchors at their defaults, which draw what was drawn before these keys.
func (c Config) Hash() string {
	standard := Default()
	fields := slices.DeleteFunc(slices.Clone(table[1:]), func(f *field) bool {
		return f.later && f.get(&c) == f.get(&standard)
	})
	sum := sha256.Sum256(c.encode(fields, "", ":", ""))
	return hex.EncodeToString(sum[:])
}

func (c Config) encode(fields []*field, before, colon, end string) []byte {
	var b bytes.Buffer
	for i, f := range fields {
		b.WriteByte("{,"[min(i, 1)])
		b.WriteString(before + quote(f.name) + colon)
		value := f.get(&c)
		switch f.kind() {
		case TypeNumber, TypeInteger, TypeBoolean:
			b.WriteString(value)
		case typeList:
			b.WriteString(quoteList(c.FallbackFonts))
		default:
			b.WriteString(quote(value))
		}
	}
	b.WriteString(end + "}" + end)
	return b.Bytes()
}
