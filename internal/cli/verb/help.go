package verb

import (
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/glyphkit/glyph/configs"
)

// helpWidth is the length of the longest line of help, in characters.
const helpWidth = 100

// shortHelp is the value of -h. Setting it asks for help, and for the short one.
type shortHelp struct {
	root  *cobra.Command
	asked bool
}

func (h *shortHelp) String() string   { return "false" }
func (h *shortHelp) Type() string     { return "bool" }
func (h *shortHelp) IsBoolFlag() bool { return true }
func (h *shortHelp) Set(string) error {
	h.asked = true
	return h.root.PersistentFlags().Set("help", "true")
}

// AddHelp gives a root -h, --help and their text.
func AddHelp(root *cobra.Command) {
	short := &shortHelp{root: root}
	f := root.PersistentFlags()
	f.Bool("help", false, "all about a command; -h is short")
	f.VarPF(short, "h", "h", "").NoOptDefVal = "true"
	f.Lookup("h").Hidden = true
	root.SetHelpFunc(func(cmd *cobra.Command, _ []string) {
		text := fullHelp(cmd)
		switch {
		case cmd == root:
			text = rootHelp(root)
		case short.asked:
			text = briefHelp(cmd)
		}
		fmt.Fprint(cmd.OutOrStdout(), text)
	})
	root.SetUsageFunc(func(cmd *cobra.Command) error {
		_, err := fmt.Fprint(cmd.OutOrStdout(), briefHelp(cmd))
		return err
	})
}

// rootHelp lists the verbs by what they are for.
func rootHelp(root *cobra.Command) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s\n\nUsage: glyph COMMAND [FLAGS]\n\nExamples:\n%s\n\n", root.Long, root.Example)
	for _, g := range root.Groups() {
		fmt.Fprintf(&b, "%s\n", g.Title)
		for _, c := range root.Commands() {
			if c.GroupID == g.ID {
				fmt.Fprintf(&b, "  %-13s %s\n", c.Name(), c.Short)
			}
		}
	}
	b.WriteString("\nglyph COMMAND -h is short, --help says everything. Topics: glyph help " + strings.Join(topicNames(root), ", ") + "\n")
	return b.String()
}

func topicNames(root *cobra.Command) []string {
	var names []string
	for _, c := range root.Commands() {
		if c.IsAdditionalHelpTopicCommand() {
			names = append(names, c.Name())
		}
	}
	return names
}

// briefHelp fits on a screen: what a verb does, examples, its main flags.
func briefHelp(cmd *cobra.Command) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s.\n\nUsage: %s\n", cmd.Short, cmd.UseLine())
	writeVerbs(&b, cmd)
	if cmd.Example != "" {
		fmt.Fprintf(&b, "\n%s\n", cmd.Example)
	}
	main := NewFlags()
	for name := range strings.FieldsSeq(cmd.Annotations[mainFlags]) {
		main.AddFlag(cmd.Flags().Lookup(name))
	}
	if main.HasFlags() {
		fmt.Fprintf(&b, "\nFlags that are used most:\n%s", flagUsages(main.FlagSet))
	}
	fmt.Fprintf(&b, "\nEverything about it: %s --help\n", cmd.CommandPath())
	return b.String()
}

// fullHelp says all about a command or a topic.
func fullHelp(cmd *cobra.Command) string {
	var b strings.Builder
	text := cmd.Long
	if text == "" {
		text = cmd.Short + "."
	}
	b.WriteString(reflow(text))
	if cmd.IsAdditionalHelpTopicCommand() {
		return b.String()
	}
	fmt.Fprintf(&b, "\nUsage: %s\n", cmd.UseLine())
	writeVerbs(&b, cmd)
	if cmd.Example != "" {
		fmt.Fprintf(&b, "\nExamples:\n%s\n", cmd.Example)
	}
	own, keys := NewFlags(), []string(nil)
	cmd.LocalFlags().VisitAll(func(f *pflag.Flag) {
		if _, ok := f.Value.(*keyValue); ok {
			keys = append(keys, "--"+f.Name)
		} else if f.Name != "help" {
			own.AddFlag(f)
		}
	})
	if own.HasFlags() {
		fmt.Fprintf(&b, "\nFlags:\n%s", flagUsages(own.FlagSet))
	}
	if len(keys) > 0 {
		fmt.Fprintf(&b, "\nEvery key of the config is a flag too, such as --dpi 96 or --anti-alias=false. They override\nthe config; \"glyph configs keys\" has their meaning:\n%s", wrap(keys, "  "))
	}
	fmt.Fprintf(&b, "\nFlags of every command:\n%s", flagUsages(cmd.InheritedFlags()))
	if _, ok := cmd.Annotations[mainFlags]; ok {
		b.WriteString("\n" + reflow(exitLine(cmd.Annotations[exitCodes])))
	}
	return b.String()
}

func writeVerbs(b *strings.Builder, cmd *cobra.Command) {
	if !cmd.HasAvailableSubCommands() {
		return
	}
	b.WriteString("\nCommands:\n")
	for _, c := range cmd.Commands() {
		if c.IsAvailableCommand() {
			fmt.Fprintf(b, "  %-10s %s\n", c.Name(), c.Short)
		}
	}
}

func flagUsages(f *pflag.FlagSet) string { return f.FlagUsagesWrapped(helpWidth) }

// reflow sets the paragraphs of a text anew. Paragraphs with an indented line are
// lists, and stay.
func reflow(text string) string {
	paragraphs := strings.Split(strings.TrimRight(text, "\n"), "\n\n")
	for i, p := range paragraphs {
		if !strings.HasPrefix(p, " ") && !strings.Contains(p, "\n ") {
			paragraphs[i] = strings.TrimSuffix(wrap(strings.Fields(p), ""), "\n")
		}
	}
	return strings.Join(paragraphs, "\n\n") + "\n"
}

// wrap sets words in lines.
func wrap(words []string, indent string) string {
	var b strings.Builder
	line := indent
	for _, w := range words {
		if utf8.RuneCountInString(line+w) > helpWidth {
			b.WriteString(strings.TrimRight(line, " ") + "\n")
			line = indent
		}
		line += w + " "
	}
	return b.String() + strings.TrimRight(line, " ") + "\n"
}

// keyKind is what help shows behind the flag of a config key.
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
