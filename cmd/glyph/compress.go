package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"github.com/glyphkit/glyph/configs"
	"github.com/glyphkit/glyph/fonts"
	"github.com/glyphkit/glyph/render"
	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
	"golang.org/x/term"
)

const defaultConfig = "glyph-en"

// compress holds the flags of the verb.
type compress struct {
	config      string
	output      string
	encoding    string
	force       bool
	preview     bool
	systemFonts bool
	workers     int
	json, quiet bool
	keys        *pflag.FlagSet // one flag a config key
}

func newCompress() *cobra.Command {
	c := &compress{keys: keyFlags()}
	cmd := &cobra.Command{
		Use:   "compress [FILE|DIR|PATTERN|-]...",
		Short: "Draw text as page images",
		Long: `compress draws text as PNG pages into a directory, with a manifest.json that
says which bytes of the text each line shows.

A directory stands for all text files in it, without hidden ones. Patterns know
* ? [a-z] and ** (any number of directories). Without an argument, or for -, it
reads standard input. Text is UTF-8 or UTF-16; other charsets are guessed, and
the guess is reported. What is not text is refused, or left out if a directory
or a pattern named it.

The directory appears when all pages are done. It must be new or empty, or be
replaced by --force.`,
		Example: `  glyph compress README.md
  glyph compress src 'docs/**/*.md' -o pages --preview
  git log | glyph compress --config dense-bitmap --json
  glyph compress book.txt --dpi 96 --font-size 10 --theme dark`,
		RunE: c.run,
	}
	f := pflag.NewFlagSet("flags", pflag.ContinueOnError)
	f.SortFlags = false
	f.StringVarP(&c.output, "output", "o", "pages", "write into `DIR`")
	f.StringVarP(&c.config, "config", "c", defaultConfig, "start from config `NAME|FILE`: a name of \"glyph configs list\", or a JSON file")
	f.BoolVar(&c.force, "force", false, "replace a bundle that is already there")
	f.BoolVar(&c.preview, "preview", false, "add preview.png, which shows the first pages side by side")
	f.StringVar(&c.encoding, "encoding", "", "read all input as `CHARSET`, such as windows-1251, where a guess is wrong")
	f.BoolVar(&c.json, "json", false, "print the summary as JSON")
	f.BoolVarP(&c.quiet, "quiet", "q", false, "print nothing but errors")
	f.IntVar(&c.workers, "workers", 0, "draw `N` pages at once (default one for each CPU); does not change them")
	f.BoolVar(&c.systemFonts, "system-fonts", false, "let font keys name fonts installed on this machine; pages then depend on it")
	f.BoolP("help", "h", false, "print this help")
	cmd.Flags().SortFlags = false
	cmd.Flags().AddFlagSet(f)
	cmd.Flags().AddFlagSet(c.keys)
	cmd.SetUsageFunc(func(cmd *cobra.Command) error {
		_, err := fmt.Fprintf(cmd.OutOrStdout(), "Usage:\n  %s\n\nExamples:\n%s\n\nFlags:\n%s\nConfig flags override keys of the config; see \"glyph configs keys\". Those without a value take =false:\n%s\n%s\n",
			cmd.UseLine(), cmd.Example, f.FlagUsagesWrapped(100), c.keys.FlagUsagesWrapped(100), exitHelp)
		return err
	})
	c.completions(cmd)
	return cmd
}

// keyFlags makes a flag of every config key. The text goes as it is to
// configs.Build, which has the better error messages.
func keyFlags() *pflag.FlagSet {
	set := pflag.NewFlagSet("config", pflag.ContinueOnError)
	set.SortFlags = false
	for _, k := range configs.Keys() {
		set.Var(&keyValue{kind: keyKind(k)}, k.Name, k.Doc)
		if k.Type == configs.TypeBoolean {
			set.Lookup(k.Name).NoOptDefVal = "true"
		}
	}
	return set
}

// keyKind is what the help shows behind the flag.
func keyKind(k configs.Key) string {
	switch {
	case k.Type == configs.TypeChoice:
		return strings.Trim(strings.Join(k.Values, "|"), "|")
	case k.Type == configs.TypeBoolean:
		return "bool" // pflag shows nothing for it
	case k.Type == configs.TypeSize:
		return "W,H"
	case k.Unit != "":
		return k.Unit
	}
	return string(k.Type)
}

// keyValue is the value of a config flag.
type keyValue struct{ text, kind string }

func (v *keyValue) String() string     { return v.text }
func (v *keyValue) Set(s string) error { v.text = s; return nil }
func (v *keyValue) Type() string       { return v.kind }

func (c *compress) completions(cmd *cobra.Command) {
	complete := func(flag string, f cobra.CompletionFunc) {
		_ = cmd.RegisterFlagCompletionFunc(flag, f) // fails only for a flag that is not there
	}
	complete("config", completePresets)
	complete("output", func(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
		return nil, cobra.ShellCompDirectiveFilterDirs
	})
	for _, k := range configs.Keys() {
		switch {
		case k.Type == configs.TypeChoice:
			complete(k.Name, cobra.FixedCompletions(k.Values, cobra.ShellCompDirectiveNoFileComp))
		case k.Type == configs.TypeBoolean:
			complete(k.Name, cobra.FixedCompletions([]string{"true", "false"}, cobra.ShellCompDirectiveNoFileComp))
		case k.Name == "font-path":
			complete(k.Name, func(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
				var names []string
				for _, f := range fonts.Embedded() {
					names = append(names, f.Name)
				}
				return names, cobra.ShellCompDirectiveDefault
			})
		}
	}
}

func (c *compress) run(cmd *cobra.Command, args []string) error {
	start := time.Now()
	cfg, set, err := c.buildConfig()
	if err != nil {
		return err
	}
	if c.workers < 0 {
		return fmt.Errorf("--workers %d; accepted: 0 for one for each CPU, or a number of them", c.workers)
	}
	if c.encoding != "" {
		if err := render.CheckCharset(c.encoding); err != nil {
			return fmt.Errorf("--encoding: %w", err)
		}
	}
	if len(args) == 0 {
		if isTerminal(cmd.InOrStdin()) {
			return errors.New("nothing to draw; accepted: files, directories, patterns, or text on standard input (see glyph compress --help)")
		}
		args = []string{"-"}
	}
	r, err := render.New(cfg, render.Options{Workers: c.workers, FontDirs: configDir(c.config), SystemFonts: c.systemFonts})
	if err != nil {
		return err
	}
	ctx := cmd.Context()
	docs, hidden, err := render.FindDocuments(args, interruptible(ctx, cmd.InOrStdin()))
	if err != nil {
		return failed(err)
	}
	for _, d := range docs {
		d.Charset = c.encoding
	}

	o := render.BundleOptions{Force: c.force, Preview: c.preview}
	bar := &progress{out: cmd.ErrOrStderr(), start: start}
	if !c.quiet && isTerminal(cmd.ErrOrStderr()) {
		o.Progress = bar.show
	}
	summary, err := render.WriteBundle(ctx, c.output, docs, r, o)
	bar.clear()
	if errors.Is(err, render.ErrNothingDrawn) {
		return failed(nothingDrawn(args, summary.LeftOut, hidden, err))
	}
	if err != nil {
		return failed(err)
	}
	rep := &report{
		Summary: summary, Version: render.Version, ConfigName: strings.Join(append([]string{c.config}, set...), " "), Hidden: hidden,
		Seconds: time.Since(start).Seconds(), hanHint: !cmd.Flags().Changed("config"),
	}
	switch {
	case c.quiet:
	case c.json:
		err = printJSON(cmd.OutOrStdout(), rep)
	default:
		err = failed(rep.print(cmd.OutOrStdout()))
	}
	if err == nil && summary.Failed() > 0 {
		err = partial(summary)
	}
	return err
}

// buildConfig lays the config flags over the config and lists them.
func (c *compress) buildConfig() (cfg configs.Config, set []string, err error) {
	if cfg, err = loadConfig(c.config); err != nil {
		return cfg, nil, err
	}
	var kvs []configs.KeyValue
	c.keys.VisitAll(func(f *pflag.Flag) {
		if !f.Changed {
			return
		}
		kvs = append(kvs, configs.KeyValue{Key: f.Name, Value: f.Value.String()})
		set = append(set, "--"+f.Name+"="+f.Value.String())
	})
	cfg, err = configs.Build(cfg, kvs)
	return cfg, set, err
}

// nothingDrawn says why: for one document in the same line.
func nothingDrawn(args []string, leftOut []render.LeftOut, hidden int, err error) error {
	const most = 5
	switch {
	case len(leftOut) == 0:
		err = fmt.Errorf("%w: no text file in %s", err, strings.Join(args, ", "))
	case len(leftOut) == 1:
		err = fmt.Errorf("drawing %q: %s", leftOut[0].Name, leftOut[0].Reason)
	default:
		var b strings.Builder
		for i, l := range leftOut {
			if i == most {
				fmt.Fprintf(&b, "\n  and %d more", len(leftOut)-i)
				break
			}
			fmt.Fprintf(&b, "\n  %s: %s", l.Name, l.Reason)
		}
		err = fmt.Errorf("%w: none of %d files has text to show:%s", err, len(leftOut), b.String())
	}
	if hidden > 0 {
		err = fmt.Errorf("%w (%s left out)", err, plural(hidden, "hidden file or directory", "hidden files and directories"))
	}
	return err
}

// partial is the error of a bundle that lacks named documents.
func partial(s *render.Summary) error {
	var names []string
	for _, l := range s.LeftOut {
		if l.Failed {
			names = append(names, l.Name+": "+l.Reason)
		}
	}
	return &codedError{exitPartial, fmt.Errorf("%s wrote the pages, without %s", s.Dir, strings.Join(names, "; "))}
}

// interruptible returns r with reads that end when ctx does, which those of a
// terminal or pipe do not.
func interruptible(ctx context.Context, r io.Reader) io.Reader {
	pr, pw := io.Pipe()
	started := false
	return readerFunc(func(p []byte) (int, error) {
		if !started {
			started = true
			go func() {
				_, err := io.Copy(pw, r)
				pw.CloseWithError(err)
			}()
			context.AfterFunc(ctx, func() { pw.CloseWithError(context.Cause(ctx)) })
		}
		return pr.Read(p)
	})
}

type readerFunc func([]byte) (int, error)

func (f readerFunc) Read(p []byte) (int, error) { return f(p) }

func isTerminal(stream any) bool {
	f, ok := stream.(*os.File)
	return ok && term.IsTerminal(int(f.Fd()))
}
