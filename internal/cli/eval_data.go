package cli

import (
	"context"
	"fmt"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/glyphkit/glyph/eval"
	"github.com/glyphkit/glyph/eval/task"
	"github.com/glyphkit/glyph/internal/cli/verb"
)

// tokensOf reads a number of tokens such as 600, 4k or 1m; k is 1,024 tokens.
func tokensOf(text string) (int, error) {
	digits, unit := strings.ToLower(text), 1
	if short, ok := strings.CutSuffix(digits, "k"); ok {
		digits, unit = short, 1<<10
	} else if short, ok := strings.CutSuffix(digits, "m"); ok {
		digits, unit = short, 1<<20
	}
	n, err := strconv.ParseUint(digits, 10, 20)
	if err != nil || n == 0 {
		return 0, fmt.Errorf("%q; accepted: a number of tokens such as 600, 4k or 1m", text)
	}
	return int(n) * unit, nil
}

// numbers reads a list of numbers, and sorts it.
func numbers(flag string, texts []string) (list []float64, err error) {
	for _, text := range texts {
		n, err := strconv.ParseFloat(text, 64)
		if err != nil {
			return nil, fmt.Errorf("%s %q; accepted: numbers, separated by commas", flag, text)
		}
		list = append(list, n)
	}
	slices.Sort(list)
	return list, nil
}

// readData reads the files of --data, each for the tasks that it is given to.
func (e *evalFlags) readData(ctx context.Context) (data []eval.Data, err error) {
	var measured []string
	for _, name := range e.tasks {
		resolved, err := task.Resolve(name)
		if err != nil {
			return nil, fmt.Errorf("--task: %w", err)
		}
		measured = append(measured, resolved...)
	}
	for _, given := range e.data {
		name, path, named := strings.Cut(given, "=")
		tasks := measured
		if named {
			if tasks, err = task.Resolve(name); err != nil {
				return nil, fmt.Errorf("--data: %w", err)
			}
		} else {
			path = given
		}
		content, err := verb.ReadFile(ctx, path, maxDataFile)
		if err != nil {
			return nil, fmt.Errorf("--data: %w", err)
		}
		for _, t := range tasks {
			if slices.Contains(measured, t) {
				data = append(data, eval.Data{Task: t, Name: filepath.Base(path), Content: content})
			}
		}
	}
	return data, nil
}
