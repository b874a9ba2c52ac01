package task

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"unicode/utf8"

	"github.com/glyphkit/glyph/internal/limit"
)

const (
	maxLine = 64 << 20  // a conversation of 1M tokens is 5 MB
	maxFile = 512 << 20 // SQuAD is 42 MB
)

// readLines decodes a JSONL file line by line. Use gets the number of the line,
// from 1. Empty lines are allowed.
func readLines[T any](o *Options, use func(line int, record *T) error) error {
	scanner := bufio.NewScanner(o.Data)
	scanner.Buffer(make([]byte, 64<<10), maxLine)
	line := 0
	for scanner.Scan() {
		line++
		if len(scanner.Bytes()) == 0 {
			continue
		}
		var record T
		err := decode(scanner.Bytes(), &record)
		if err == nil {
			err = use(line, &record)
		}
		if err != nil {
			return fmt.Errorf("%s, line %d: %w", o.dataName(), line, err)
		}
	}
	if err := scanner.Err(); errors.Is(err, bufio.ErrTooLong) {
		return fmt.Errorf("%s, line %d: longer than %d MB", o.dataName(), line+1, maxLine>>20)
	} else if err != nil {
		return fmt.Errorf("reading %s: %w", o.dataName(), err)
	}
	return nil
}

// readFile reads a JSON file.
func readFile(o *Options, value any) error {
	b, err := limit.ReadAll(o.Data, maxFile, "the file")
	if err != nil {
		return fmt.Errorf("reading %s: %w", o.dataName(), err)
	}
	if err := decode(b, value); err != nil {
		return fmt.Errorf("reading %s: %w", o.dataName(), err)
	}
	return nil
}

func decode(b []byte, value any) error {
	if !utf8.Valid(b) {
		return errors.New("not UTF-8")
	}
	err := json.Unmarshal(b, value)
	if syntax, ok := errors.AsType[*json.SyntaxError](err); ok {
		return fmt.Errorf("byte %d: %w", syntax.Offset, err)
	}
	if kind, ok := errors.AsType[*json.UnmarshalTypeError](err); ok {
		// The library's text holds numbers that are too large.
		return fmt.Errorf("byte %d: %q is not %s", kind.Offset, kind.Field, kind.Type)
	}
	return err
}

func (o *Options) dataName() string {
	if o.DataName == "" {
		return "data"
	}
	return o.DataName
}
