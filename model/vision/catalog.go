package vision

import (
	"cmp"
	"embed"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"sync"

	"github.com/glyphkit/glyph/internal/edit"
)

//go:embed profiles/*.json
var files embed.FS

// embedded reads the profiles that come with the package, by provider. They
// are shared: clone what leaves the package.
var embedded = sync.OnceValue(func() []Profile {
	entries, err := files.ReadDir("profiles")
	if err != nil {
		panic(err) // a test reads them all
	}
	var out []Profile
	for _, e := range entries {
		data, err := files.ReadFile("profiles/" + e.Name())
		if err != nil {
			panic(err)
		}
		ps, err := parse(data, out)
		if err != nil {
			panic(fmt.Errorf("profiles/%s: %w", e.Name(), err))
		}
		out = append(out, ps...)
	}
	return out
})

// Catalog finds profiles by name. The zero Catalog is empty.
type Catalog struct {
	profiles []Profile
}

// NewCatalog is the embedded profiles with others added to them. An added one
// replaces the embedded one of its name, and its names come first where several
// profiles answer to one.
func NewCatalog(added ...Profile) *Catalog {
	c := new(Catalog)
	for _, p := range embedded() {
		if !slices.ContainsFunc(added, func(q Profile) bool { return q.Name == p.Name }) {
			c.profiles = append(c.profiles, p)
		}
	}
	for _, p := range added {
		c.profiles = append(c.profiles, p.clone())
	}
	return c
}

var builtin = sync.OnceValue(func() *Catalog { return NewCatalog() })

// Models returns the embedded profiles in a fixed order, provider by provider.
// Further levels of detail are not in the list: see [Profile.At].
func Models() []Profile { return builtin().Models() }

// Lookup finds an embedded profile as [Catalog.Lookup] does.
func Lookup(name string) (*Profile, error) { return builtin().Lookup(name) }

// Models returns all profiles, embedded ones first.
func (c *Catalog) Models() []Profile {
	out := make([]Profile, len(c.profiles))
	for i := range c.profiles {
		out[i] = c.profiles[i].clone()
	}
	return out
}

// UnknownError says that no profile answers to a name.
type UnknownError struct {
	Name    string
	Nearest []string // names of profiles, nearest first
}

func (e *UnknownError) Error() string {
	s := fmt.Sprintf("no profile for the model %q", clip(e.Name))
	if len(e.Nearest) > 0 {
		s += "; nearest: " + list(e.Nearest)
	}
	return s
}

// Lookup finds the profile of a model as people and services name it. Case, a
// path or region in front ("openai/", "us.anthropic.") and the difference of
// dots, dashes and underscores do not count. A name matches a profile's name
// or alias in full, or up to something that does not change the model: a date,
// "latest", "preview" or a tag after a colon. An alias with a * matches
// whatever follows. Among several the longest match wins.
//
// Another version is another model: "gpt-5.7" does not match "gpt-5". Nothing
// found is an [*UnknownError] with the nearest names.
//
// After "@" the name may ask for a level of detail: "gpt-5.5@high"; see
// [Profile.At].
func (c *Catalog) Lookup(name string) (*Profile, error) {
	s := strings.TrimSpace(name)
	base, detail, found := strings.Cut(s, "@")
	if found && !snapshot.MatchString("@"+detail) {
		p := c.find(base)
		if p == nil {
			return nil, &UnknownError{name, nearest(base, c.profiles)}
		}
		return p.At(detail)
	}
	if p := c.find(s); p != nil {
		q := p.clone()
		return &q, nil
	}
	return nil, &UnknownError{name, nearest(s, c.profiles)}
}

// snapshot is what may follow a name without changing the model.
var snapshot = regexp.MustCompile(`^(-(\d{4}|\d{6}|\d{8}|\d{4}-\d\d-\d\d|\d\d-\d\d|\d\d-\d{4}|latest|preview|exp|v\d+:\d+))*(@(\d{8}|latest|default))?(:[a-z0-9-]+)?$`)

// find looks for a name as it is and then without a region in front.
func (c *Catalog) find(name string) *Profile {
	s := canonical(name)
	if p := c.match(s); p != nil {
		return p
	}
	return c.match(region.ReplaceAllString(s, "$2"))
}

// match returns the profile with the longest match; of equals the one added
// last.
func (c *Catalog) match(s string) *Profile {
	dashed := dashes.Replace(s)
	var best *Profile
	longest := -1
	for i := range c.profiles {
		p := &c.profiles[i]
		for n := range len(p.Aliases) + 1 {
			known := p.Name
			if n > 0 {
				known = p.Aliases[n-1]
			}
			prefix, open := strings.CutSuffix(known, "*")
			prefix = dashes.Replace(prefix)
			rest, ok := strings.CutPrefix(dashed, prefix)
			if !ok || !open && !snapshot.MatchString(rest) {
				continue
			}
			// A full match is longer than a pattern of the same letters.
			if l := 2*len(prefix) + 1; open && l-1 >= longest {
				best, longest = p, l-1
			} else if !open && l >= longest {
				best, longest = p, l
			}
		}
	}
	return best
}

var (
	dashes = strings.NewReplacer(".", "-", "_", "-", " ", "-")
	region = regexp.MustCompile(`^([a-z]+\.)+([a-z])`)
)

// canonical is a name in lower case without the path in front.
func canonical(name string) string {
	s := strings.ToLower(name)
	return s[strings.LastIndexByte(s, '/')+1:]
}

// distance is 0 for names that begin with what was written, as "qwen" is the
// beginning of a model and not a misspelling of "nova".
func distance(written, known string) int {
	known = dashes.Replace(known)
	if written != "" && strings.HasPrefix(known, written) {
		return 0
	}
	return edit.Distance(written, known)
}

// nearest lists the names of the profiles whose name or alias is most like
// name: at most five, and none more than two letters worse than the best.
func nearest(name string, profiles []Profile) []string {
	name = dashes.Replace(clip(canonical(name))) // clip bounds the cost
	type near struct {
		name     string
		distance int
	}
	var all []near
	for _, p := range profiles {
		d := distance(name, p.Name)
		for _, a := range p.Aliases {
			d = min(d, distance(name, strings.TrimSuffix(a, "*")))
		}
		all = append(all, near{p.Name, d})
	}
	slices.SortStableFunc(all, func(a, b near) int { return cmp.Compare(a.distance, b.distance) })
	var out []string
	for _, n := range all[:min(len(all), 5)] {
		if n.distance <= all[0].distance+2 {
			out = append(out, n.name)
		}
	}
	return out
}
