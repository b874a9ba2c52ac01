package cli

import (
	"strings"

	"github.com/spf13/cobra"

	"github.com/glyphkit/glyph/internal/cli/verb"
)

func newRoot(a *verb.App) *cobra.Command {
	version := false
	root := &cobra.Command{
		Use:   "glyph",
		Short: "Draw long text as dense page images for vision-language models",
		Long: `glyph draws long text as dense PNG pages for vision-language models, says what they cost, and
checks what a model reads on them. The price of an image depends on its size, not on how much text
is on it.`,
		Example: `  glyph compress report.txt -o pages
  glyph price report.txt --model gpt-5.5,claude-opus-5
  glyph ask contract.txt "Who signed, and when?" -m gpt-5.5 --base-url https://api.openai.com/v1
  glyph verify contract.txt --answer answer.txt`,
		Args: cobra.ArbitraryArgs, // for an error that names the verbs
		RunE: func(cmd *cobra.Command, args []string) error {
			switch {
			case version:
				return printVersion(cmd.OutOrStdout(), false)
			case len(args) == 0:
				return cmd.Help()
			}
			return verb.UnknownVerb(cmd, args[0])
		},
		PersistentPreRunE: a.Prepare,
		SilenceErrors:     true, // Main reports errors
		SilenceUsage:      true,
	}
	root.SetFlagErrorFunc(verb.UnknownFlag)
	root.Flags().BoolVarP(&version, "version", "v", false, "print the version")
	shared := verb.NewFlags()
	shared.On(&a.Quiet, "quiet", "")
	shared.BoolVar(&a.Debug, "debug", false, "print a stack for a fault of glyph")
	root.PersistentFlags().SortFlags = false
	root.PersistentFlags().AddFlagSet(shared.FlagSet)
	verb.AddHelp(root)

	group(root, "start", "Start:", newCompress(a), newPrice(a), newPlan(a), newAsk(a), newVerify(a))
	group(root, "measure", "Measure:", newReaders(a), newEval(a), newCalibrate(a), newSearch(a))
	group(root, "serve", "Serve:", newServeReader(a))
	group(root, "lab", "Lab:", newExamine(a), newJudge(a))
	group(root, "look", "Look up:", newModels(a), newConfigs(a), newFonts(a), newConfig(a), newClean(a), newSchema(), newVersion())
	root.SetHelpCommandGroupID("look")
	root.SetCompletionCommandGroupID("look")
	root.AddCommand(verb.ExitTopic(), verb.SettingsTopic())
	return root
}

func group(root *cobra.Command, id, title string, verbs ...*cobra.Command) {
	root.AddGroup(&cobra.Group{ID: id, Title: title})
	for _, v := range verbs {
		v.GroupID = id
	}
	cobra.EnableCommandSorting = false
	root.AddCommand(verbs...)
}

// prefix makes a command that only stands before others.
func prefix(use, short string, verbs ...*cobra.Command) *cobra.Command {
	cmd := &cobra.Command{Use: use, Short: short, Args: cobra.ArbitraryArgs, DisableFlagsInUseLine: true}
	var names []string
	for _, v := range verbs {
		names = append(names, v.Name())
	}
	cmd.Use += " " + strings.Join(names, "|")
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		if len(args) == 0 {
			return cmd.Help()
		}
		return verb.UnknownVerb(cmd, args[0])
	}
	cmd.AddCommand(verbs...)
	return cmd
}
