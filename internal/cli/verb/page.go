package verb

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/pflag"

	"github.com/glyphkit/glyph"
	"github.com/glyphkit/glyph/configs"
	"github.com/glyphkit/glyph/internal/settings"
	"github.com/glyphkit/glyph/render"
)

// Page say how pages look: a config, and a flag for each of its keys.
type Page struct {
	App         *App
	config      string
	keys        *pflag.FlagSet
	systemFonts bool

	used PageConfig // after build
}

// PageConfig is a config with where it came from.
type PageConfig struct {
	configs.Config
	base      string             // a preset or a file
	Name      string             // base and the keys laid over it, for people
	set       []configs.KeyValue // the keys laid over it
	Fixed     bool               // a page size was chosen
	Untouched bool               // nobody chose a base
	fontDirs  []string
}

// Add adds --config, --system-fonts and a flag for each key of configs.
func (p *Page) Add(f Flags) {
	f.Text(&p.config, "config", glyph.DefaultPreset, "")
	f.On(&p.systemFonts, "system-fonts", "")
	p.keys = pflag.NewFlagSet("config", pflag.ContinueOnError)
	p.keys.SortFlags = false
	for _, k := range configs.Keys() {
		p.keys.Var(&keyValue{kind: keyKind(k)}, k.Name, k.Doc)
		if k.Type == configs.TypeBoolean {
			p.keys.Lookup(k.Name).NoOptDefVal = "true"
		}
	}
	f.AddFlagSet(p.keys)
}

// keyValue is the value of the flag of a config key. The text goes as it is to
// configs.Build, which has the better error messages.
type keyValue struct{ text, kind string }

func (v *keyValue) String() string     { return v.text }
func (v *keyValue) Set(s string) error { v.text = s; return nil }
func (v *keyValue) Type() string       { return v.kind }

// Build lays over one another what the project's settings say, the user's, the
// environment and the command line. A config that is named takes back the keys
// that were set before it.
func (p *Page) Build(ctx context.Context, given *pflag.FlagSet) (*PageConfig, error) {
	c := &PageConfig{base: glyph.DefaultPreset, Untouched: true}
	for _, layer := range p.App.Settings.Layers {
		for _, v := range layer.Values {
			if v.Key == "config" {
				c.choose(inDir(v.Value, layer.Dir))
			}
		}
		for _, v := range layer.Values {
			if SettingKeys()[v.Key] == settings.Page && v.Key != "config" {
				c.lay(v.Key, v.Value)
			}
		}
	}
	if given.Changed("config") {
		c.choose(p.config)
	}
	p.keys.VisitAll(func(f *pflag.Flag) {
		if f.Changed {
			c.lay(f.Name, f.Value.String())
		}
	})
	base, dirs, err := p.App.LoadConfig(ctx, c.base)
	if err != nil {
		return nil, err
	}
	c.fontDirs = dirs
	c.Name = c.base
	for _, kv := range c.set {
		c.Name += " --" + kv.Key + "=" + kv.Value
	}
	if c.Config, err = configs.Build(base, c.set); err != nil {
		return nil, err
	}
	p.used = *c
	return c, nil
}

func (c *PageConfig) choose(base string) {
	c.base, c.set, c.Fixed, c.Untouched = base, nil, false, false
}

func (c *PageConfig) lay(key, value string) {
	c.set = slices.DeleteFunc(c.set, func(kv configs.KeyValue) bool { return kv.Key == key })
	c.set = append(c.set, configs.KeyValue{Key: key, Value: value})
	c.Fixed = c.Fixed || key == "page-size" || key == "patch-size"
}

// inDir is the config of a settings file: a preset, or a file beside it.
func inDir(name, dir string) string {
	if _, err := configs.Preset(name); err == nil || dir == "" || filepath.IsAbs(name) {
		return name
	}
	return filepath.Join(dir, name)
}

// FixesPage reports whether the command line gives the size of pages.
func (p *Page) FixesPage() bool {
	return p.keys.Changed("page-size") || p.keys.Changed("patch-size")
}

// Render are the options of renderers, after build.
func (p *Page) Render(jobs int) render.Options {
	return render.Options{Workers: jobs, FontDirs: p.used.fontDirs, SystemFonts: p.systemFonts}
}

// LoadConfig returns the preset of a name or the config in a file, and where its
// relative font paths are looked up.
func (a *App) LoadConfig(ctx context.Context, name string) (configs.Config, []string, error) {
	c, presetErr := configs.Preset(name)
	if presetErr == nil {
		return c, nil, nil
	}
	if _, err := os.Stat(name); errors.Is(err, fs.ErrNotExist) && !strings.ContainsAny(name, `./\`) {
		return c, nil, fmt.Errorf("%w, or a file", presetErr)
	}
	path, err := a.File(ctx, name)
	if err != nil {
		return c, nil, err
	}
	c, err = configs.Load(path)
	return c, []string{filepath.Dir(name)}, err
}
