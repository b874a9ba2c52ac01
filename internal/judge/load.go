package judge

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"unicode/utf8"
)

const (
	maxLine  = 1 << 20 // bytes of one case
	maxCases = 100_000
)

// Label is a case with what people say of it.
type Label struct {
	Case
	Score  int    `json:"score,omitempty"`  // of Scores, 1 to 5
	Winner Winner `json:"winner,omitempty"` // of Pairs
}

// ReadLabels reads JSONL, one Label a line, all of one kind:
//
//	{"question": "…", "answer": "…", "score": 4}
//	{"question": "…", "a": "…", "b": "…", "winner": "tie"}
//
// with "reference" and "document" if there are any. Empty lines are allowed. An
// error has name and the line. A line has at most 1 MiB, a file 100,000 labels.
func ReadLabels(r io.Reader, name string) ([]Label, error) {
	return readLines(r, name, func(l *Label) (Kind, error) {
		kind, err := l.kind()
		switch {
		case err != nil:
			return "", err
		case kind == Scores && (l.Score < MinScore || l.Score > MaxScore || l.Winner != ""):
			return "", fmt.Errorf(`"score" %d of an answer; accepted: a whole number from %d to %d, and no "winner"`, l.Score, MinScore, MaxScore)
		case kind == Pairs && (l.Winner != A && l.Winner != B && l.Winner != Tie || l.Score != 0):
			return "", fmt.Errorf(`"winner" %.20q of a pair; accepted: %q, %q or %q, and no "score"`, l.Winner, A, B, Tie)
		}
		return kind, nil
	})
}

// ReadCases reads JSONL as ReadLabels does, without scores and winners.
func ReadCases(r io.Reader, name string) ([]Case, error) {
	return readLines(r, name, (*Case).kind)
}

// readLines decodes a JSONL file line by line. Kind checks a record.
func readLines[T any](r io.Reader, name string, kind func(*T) (Kind, error)) ([]T, error) {
	scanner := bufio.NewScanner(r)
	scanner.Buffer(make([]byte, 64<<10), maxLine)
	var records []T
	var first Kind
	line := 0
	for scanner.Scan() {
		line++
		if len(bytes.TrimSpace(scanner.Bytes())) == 0 {
			continue
		}
		record, k, err := decodeLine(scanner.Bytes(), kind)
		switch {
		case err == nil && first == "":
			first = k
		case err == nil && k != first:
			err = fmt.Errorf("it is of kind %q, those before of %q; accepted: one kind a file", k, first)
		}
		if err == nil && len(records) == maxCases {
			err = fmt.Errorf("more than %d records", maxCases)
		}
		if err != nil {
			return nil, fmt.Errorf("%s, line %d: %w", name, line, err)
		}
		records = append(records, record)
	}
	if err := scanner.Err(); errors.Is(err, bufio.ErrTooLong) {
		return nil, fmt.Errorf("%s, line %d: longer than %d MiB", name, line+1, maxLine>>20)
	} else if err != nil {
		return nil, fmt.Errorf("reading %s: %w", name, err)
	}
	if len(records) == 0 {
		return nil, fmt.Errorf("reading %s: no records; accepted: one JSON object a line", name)
	}
	return records, nil
}

func decodeLine[T any](b []byte, kind func(*T) (Kind, error)) (record T, k Kind, err error) {
	if err = decode(b, &record); err == nil {
		k, err = kind(&record)
	}
	return record, k, err
}

// decode reads one JSON object without unknown keys, and nothing behind it.
func decode(b []byte, value any) error {
	if !utf8.Valid(b) {
		return errors.New("not UTF-8")
	}
	d := json.NewDecoder(bytes.NewReader(b))
	d.DisallowUnknownFields()
	if err := d.Decode(value); err != nil {
		if errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, io.EOF) {
			return errors.New("the JSON ends too early")
		}
		if kind, ok := errors.AsType[*json.UnmarshalTypeError](err); ok {
			// The library's text holds numbers that are too large.
			return fmt.Errorf("%q is not %s", kind.Field, kind.Type)
		}
		return err
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return errors.New("something follows the JSON object")
	}
	return nil
}
