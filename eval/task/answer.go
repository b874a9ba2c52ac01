package task

import (
	"regexp"
	"strings"
)

var controlTag = regexp.MustCompile(`<\|[a-zA-Z0-9_]+\|>`)

// clean drops reasoning and control tags from an answer.
func clean(answer string) string {
	if i := strings.LastIndex(answer, "</think>"); i >= 0 {
		answer = strings.TrimLeft(answer[i+len("</think>"):], " \t\r\n")
	}
	return controlTag.ReplaceAllString(answer, "")
}

var (
	abstention = regexp.MustCompile(`(?i)[\[(<{](illegible|unreadable|unclear|unknown|not legible|\?+)[\])>}]|\?{2,}|\x{FFFD}`)
	refusal    = regexp.MustCompile(`(?i)\b(illegible|unreadable|(can(no|')?t|cannot|could not|unable to) (be )?(read|determine|make out|find)|not (legible|readable|found)|i do(n't| not) know)\b`)
)

// noGold is the score of an answer to a probe without a gold one.
var noGold = Score{Unscored: "no gold answer"}

// scored is the score of an answer that has value; one with a value has not
// abstained, whatever else it says.
func scored(value float64, answer string) Score {
	return Score{Value: value, Abstained: value == 0 && abstains(answer)}
}

// abstains reports whether an answer says that it does not know: it is empty, a
// question mark, or says so.
func abstains(answer string) bool {
	return strings.Trim(answer, "?. \t\r\n") == "" || abstention.MatchString(answer) || refusal.MatchString(answer)
}
