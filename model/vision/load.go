package vision

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/glyphkit/glyph/internal/limit"
)

// maxFile bounds a file of profiles in bytes, some fifty times the embedded
// ones.
const maxFile = 4 << 20

// Load reads profiles from JSON:
//
//	{"profiles": [{
//		"name": "my-qwen", "like": "qwen3-vl",
//		"limits": {"images": 8}, "date": "2026-11", "source": "our gateway"
//	}]}
//
// The keys are those of [Profile]; "like" takes over everything that is not
// given, but for aliases and price, from an embedded profile or an earlier one
// of the file. An object within a profile, such as limits, is taken over as a
// whole or not at all.
//
// Load is strict: a key that is unknown or given twice, a value of the wrong
// type and a parameter out of range are errors that say where and what would
// be accepted. It reads at most 4 MiB.
func Load(r io.Reader) ([]Profile, error) {
	data, err := limit.ReadAll(r, maxFile, "the file")
	if err != nil {
		return nil, fmt.Errorf("loading profiles: %w", err)
	}
	profiles, err := parse(data, embedded())
	if err != nil {
		return nil, fmt.Errorf("loading profiles: %w", err)
	}
	return profiles, nil
}

// parse reads a file whose "like" may name one of known.
func parse(data []byte, known []Profile) ([]Profile, error) {
	fields, err := object(data)
	if err != nil {
		return nil, err
	}
	var entries []json.RawMessage
	for _, f := range fields {
		if f.key != "profiles" {
			return nil, unknownKey(f.key, []string{"profiles"})
		}
		if err := json.Unmarshal(f.value, &entries); err != nil {
			return nil, errors.New(`key "profiles": want an array of objects`)
		}
	}
	if entries == nil {
		return nil, errors.New(`want {"profiles": [...]}`)
	}
	byName := make(map[string]*Profile)
	for i := range known {
		byName[known[i].Name] = &known[i]
	}
	here := make(map[string]bool)
	var out []Profile
	for i, raw := range entries {
		p, err := parseProfile(raw, func(name string) (*Profile, error) {
			if q := byName[name]; q != nil {
				return q, nil
			}
			return nil, fmt.Errorf("key \"like\": no profile has the name %q; nearest: %s", clip(name), list(nearest(name, known)))
		})
		if err == nil && here[p.Name] {
			err = errors.New("the name is given twice")
		}
		if err != nil {
			return nil, fmt.Errorf("profile %d (%q): %w", i+1, clip(p.Name), err)
		}
		out = append(out, p)
		byName[p.Name], here[p.Name] = &p, true
	}
	return out, nil
}

// parseProfile returns the name even with an error, if it could be read.
func parseProfile(raw []byte, like func(string) (*Profile, error)) (Profile, error) {
	var p Profile
	fields, err := object(raw)
	if err != nil {
		return p, err
	}
	name, _, err := text(fields, "name")
	if err != nil {
		return p, err
	}
	p.Name = name
	base, i, err := text(fields, "like")
	if err != nil {
		return p, err
	}
	if i >= 0 {
		q, err := like(base)
		if err != nil {
			return p, err
		}
		p = q.clone()
		if p.Name != name {
			p.Aliases, p.Price = nil, nil
		}
		p.Name = name
		fields = slices.Delete(fields, i, i+1)
	}
	if err := fill(reflect.ValueOf(&p).Elem(), fields); err != nil {
		return p, err
	}
	if p.Rule.rule != nil {
		p.Patch = p.Rule.patch()
	}
	if p.TextTokenizer == "" {
		p.TextTokenizer = "estimate:other"
	}
	return p, p.check()
}

var (
	nameForm  = regexp.MustCompile(`^[a-z0-9][a-z0-9.+-]*$`)
	aliasForm = regexp.MustCompile(`^[a-z0-9][a-z0-9.+-]*\*?$`)
)

// check says what is wrong with the values of a profile.
func (p *Profile) check() error {
	if !nameForm.MatchString(p.Name) {
		return fmt.Errorf("key \"name\": got %q, want lower-case letters, digits, dots and dashes", p.Name)
	}
	for _, a := range p.Aliases {
		if !aliasForm.MatchString(a) {
			return fmt.Errorf("key \"aliases\": got %q, want lower-case letters, digits, dots and dashes, and at most one * at the end", a)
		}
	}
	for _, f := range []struct{ key, value string }{
		{"family", p.Family}, {"provider", p.Provider}, {"source", p.Source}, {"rule", p.Rule.Name()},
	} {
		if f.value == "" {
			return fmt.Errorf("key %q is missing", f.key)
		}
	}
	if err := checkConfidence(p.Confidence); err != nil {
		return err
	}
	if err := checkDate(p.Date); err != nil {
		return err
	}
	if err := inRange(span{"overhead", p.Overhead, 0, mostCount}); err != nil {
		return err
	}
	if err := p.Limits.check(); err != nil {
		return fmt.Errorf("limits: %w", err)
	}
	if err := p.checkDetails(); err != nil {
		return err
	}
	if p.Price != nil {
		if err := p.Price.check(); err != nil {
			return fmt.Errorf("price: %w", err)
		}
	}
	return nil
}

func (p *Profile) checkDetails() error {
	if len(p.Details) > 0 && p.Detail == "" {
		return errors.New(`key "detail" is missing: with "details" it names the level of "rule"`)
	}
	seen := []string{"auto", p.Detail}
	if p.Detail == "auto" {
		return errors.New(`key "detail": "auto" stands for the level of a request that names none, want the level's own name`)
	}
	for _, d := range p.Details {
		if !nameForm.MatchString(d.Name) || slices.Contains(seen, d.Name) {
			return fmt.Errorf("details: key \"name\": got %q, want another name of lower-case letters, digits, dots and dashes", d.Name)
		}
		if d.Rule.rule == nil {
			return fmt.Errorf("details: %q: key \"rule\" is missing", d.Name)
		}
		if d.Confidence != "" {
			if err := checkConfidence(d.Confidence); err != nil {
				return fmt.Errorf("details: %q: %w", d.Name, err)
			}
		}
		seen = append(seen, d.Name)
	}
	return nil
}

func (l Limits) check() error {
	if (l.ManyImages > 0) != (l.ManySide > 0) {
		return errors.New(`want both "many_images" and "many_side" or neither`)
	}
	if l.ImageBytes < 0 || l.RequestBytes < 0 {
		return errors.New(`keys "image_bytes" and "request_bytes": want 0 or more`)
	}
	return inRange(span{"images", l.Images, 0, mostCount}, span{"side", l.Side, 0, mostSide},
		span{"many_images", l.ManyImages, 0, mostCount}, span{"many_side", l.ManySide, 0, mostSide},
		span{"aspect", l.Aspect, 0, 1 << 16})
}

var currencyForm = regexp.MustCompile(`^[A-Z]{3}$`)

func (p *price) check() error {
	const most = 1e6
	switch {
	case !currencyForm.MatchString(p.Currency):
		return fmt.Errorf(`key "currency": got %q, want three capitals such as "USD"`, p.Currency)
	case !(p.Input > 0 && p.Input <= most):
		return fmt.Errorf(`key "input": got %v, want a price for a million tokens above 0`, p.Input)
	case !(p.CachedInput >= 0 && p.CachedInput <= most):
		return fmt.Errorf(`key "cached_input": got %v, want a price for a million tokens, or 0 for unknown`, p.CachedInput)
	case p.Source == "":
		return errors.New(`key "source" is missing`)
	}
	return checkDate(p.Date)
}

func checkConfidence(s string) error {
	if !slices.Contains([]string{"A", "B", "C", "D"}, s) {
		return fmt.Errorf(`key "confidence": got %q, want "A", "B", "C" or "D"`, s)
	}
	return nil
}

func checkDate(s string) error {
	for _, layout := range []string{time.DateOnly, "2006-01"} {
		if _, err := time.Parse(layout, s); err == nil {
			return nil
		}
	}
	return fmt.Errorf(`key "date": got %q, want YYYY-MM-DD or YYYY-MM`, s)
}

// field is one key of a JSON object with its value.
type field struct {
	key   string
	value json.RawMessage
}

// text finds the value of a key that is a string; the index is -1 if there is
// no such key.
func text(fields []field, key string) (value string, i int, err error) {
	i = slices.IndexFunc(fields, func(f field) bool { return f.key == key })
	if i >= 0 && json.Unmarshal(fields[i].value, &value) != nil {
		err = fmt.Errorf("key %q: got %s, want a string", key, clip(string(fields[i].value)))
	}
	return value, i, err
}

// object splits a JSON object into its fields, in order.
func object(data []byte) ([]field, error) {
	d := json.NewDecoder(bytes.NewReader(data))
	t, err := d.Token()
	if err != nil {
		return nil, syntax(err)
	}
	if t != json.Delim('{') {
		return nil, errors.New("want a JSON object")
	}
	var out []field
	seen := make(map[string]bool)
	for d.More() {
		t, err := d.Token()
		if err != nil {
			return nil, syntax(err)
		}
		f := field{key: t.(string)} // within an object the decoder gives no other
		if err := d.Decode(&f.value); err != nil {
			return nil, syntax(err)
		}
		if seen[f.key] {
			return nil, fmt.Errorf("key %q is given twice", clip(f.key))
		}
		seen[f.key] = true
		out = append(out, f)
	}
	if _, err := d.Token(); err != nil {
		return nil, syntax(err)
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return nil, errors.New("want nothing after the JSON object")
	}
	return out, nil
}

func syntax(err error) error {
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		return errors.New("the JSON ends too early")
	}
	return fmt.Errorf("reading JSON: %w", err)
}

// fill sets the fields of a struct by their JSON keys, and those of structs
// within anew.
func fill(v reflect.Value, fields []field) error {
	keys := make(map[string]int)
	for i := range v.NumField() {
		if key, _, _ := strings.Cut(v.Type().Field(i).Tag.Get("json"), ","); key != "" && key != "-" {
			keys[key] = i
		}
	}
	for _, f := range fields {
		i, ok := keys[f.key]
		if !ok {
			return unknownKey(f.key, slices.Sorted(maps.Keys(keys)))
		}
		if err := set(v.Field(i), f.value); err != nil {
			return fmt.Errorf("key %q: %w", f.key, err)
		}
	}
	return nil
}

// set decodes one value.
func set(v reflect.Value, raw json.RawMessage) error {
	if bytes.Equal(raw, []byte("null")) {
		return errors.New("got null, leave the key out instead")
	}
	fresh := reflect.New(v.Type()).Elem()
	switch t := v.Type(); {
	case t == reflect.TypeFor[Rule]():
		r, err := parseRule(raw)
		if err != nil {
			return err
		}
		fresh.Set(reflect.ValueOf(r))
	case t.Kind() == reflect.Pointer:
		fresh.Set(reflect.New(t.Elem()))
		if err := set(fresh.Elem(), raw); err != nil {
			return err
		}
	case t.Kind() == reflect.Struct:
		fields, err := object(raw)
		if err != nil {
			return err
		}
		if err := fill(fresh, fields); err != nil {
			return err
		}
	case t.Kind() == reflect.Slice && t.Elem().Kind() == reflect.Struct:
		var items []json.RawMessage
		if json.Unmarshal(raw, &items) != nil {
			return errors.New("want an array of objects")
		}
		for i, item := range items {
			e := reflect.New(t.Elem()).Elem()
			if err := set(e, item); err != nil {
				return fmt.Errorf("item %d: %w", i+1, err)
			}
			fresh.Set(reflect.Append(fresh, e))
		}
	default:
		if json.Unmarshal(raw, fresh.Addr().Interface()) != nil {
			return fmt.Errorf("got %s, want %s", clip(string(raw)), wanted[t.Kind()])
		}
	}
	v.Set(fresh)
	return nil
}

var wanted = map[reflect.Kind]string{
	reflect.String:  "a string",
	reflect.Int:     "an integer",
	reflect.Int64:   "an integer",
	reflect.Float64: "a number",
	reflect.Bool:    "true or false",
	reflect.Slice:   "an array of strings",
}

// parseRule reads {"name": "patch", "patch": 32, ...}.
func parseRule(raw []byte) (Rule, error) {
	fields, err := object(raw)
	if err != nil {
		return Rule{}, err
	}
	name, i, err := text(fields, "name")
	if err != nil {
		return Rule{}, err
	}
	if i < 0 || rules[name] == nil {
		return Rule{}, fmt.Errorf(`key "name": got %q, want one of %s`, clip(name), list(ruleList()))
	}
	r := rules[name]()
	if err := fill(reflect.ValueOf(r).Elem(), slices.Delete(fields, i, i+1)); err != nil {
		return Rule{}, fmt.Errorf("%s: %w", name, err)
	}
	if err := r.check(); err != nil {
		return Rule{}, fmt.Errorf("%s: %w", name, err)
	}
	return Rule{r}, nil
}

func unknownKey(key string, want []string) error {
	return fmt.Errorf("unknown key %q, want %s", clip(key), list(want))
}

// clip shortens a text for an error message.
func clip(s string) string {
	const most = 60 // characters
	if r := []rune(s); len(r) > most {
		return string(r[:most-1]) + "…"
	}
	return s
}

// list joins names for an error message.
func list(names []string) string { return strings.Join(names, ", ") }
