package task_test

import (
	"fmt"

	"github.com/glyphkit/glyph/eval/task"
)

// A needle among 4096 tokens of filler, answered from a perfect transcript.
func ExampleNew() {
	set, err := task.New("ruler/niah_single_1", task.Options{
		Seed: 1, Probes: 1, Lengths: []int{4096},
		Count: func(s string) int { return len(s) / 4 },
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	p := set.Probes[0]
	answer := set.Solve(p, p.Text)
	fmt.Println(p.Stratum, set.Metric(), set.Score(p, answer).Value)
	// Output: 4096 string_match_all 1
}
