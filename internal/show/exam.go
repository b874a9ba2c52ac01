package show

import (
	"fmt"
	"io"

	"github.com/glyphkit/glyph/internal/examiner"
	"github.com/glyphkit/glyph/internal/term"
)

// Exam prints what became of the passages, with the first example of each
// reason.
func Exam(out io.Writer, exam *examiner.Exam) {
	fmt.Fprintf(out, "kept: %s of %s tried\n", term.Plural(len(exam.Questions), "question", "questions"), term.Plural(exam.Tried, "passage", "passages"))
	counts := exam.Counts()
	for _, why := range examiner.Reasons() {
		if counts[why] == 0 {
			continue
		}
		example := ""
		for _, r := range exam.Rejected {
			if r.Reason == why && r.Detail != "" {
				example = ", such as " + r.Detail
				break
			}
		}
		fmt.Fprintf(out, "rejected: %s: %s%s\n", term.Thousands(counts[why]), why, term.Clean(example))
	}
}
