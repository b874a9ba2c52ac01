package term

import (
	"bytes"
	"strings"
	"testing"
	"time"
)

func TestLine(t *testing.T) {
	var out bytes.Buffer
	now := time.Unix(0, 0)
	l := newLine(&out, func() time.Time { return now })
	l.Clear()
	if out.Len() != 0 {
		t.Errorf("before the first step: %q", out.String())
	}
	for _, c := range []struct {
		after time.Duration
		state State
		want  string
	}{
		{0, State{Done: 1, Total: 4, Unit: "probes"}, "[######------------------]  25 %  1 of 4 probes"},
		{10 * time.Second, State{Done: 50, Total: 100, Count: 3100, CountUnit: "pages", Name: "a\x1b]0;title\a.txt"},
			"[############------------]  50 %  3,100 pages  310/s  0:10 left  a�]0;title�.txt"},
		{10 * time.Millisecond, State{Done: 60, Total: 100}, ""}, // drawn a moment ago
		{50 * time.Second, State{Done: 3, Unit: "reads", Cost: "$0.1200", Note: "2 unscored"}, "3 reads  3.0/min  $0.1200  2 unscored"},
		{time.Hour, State{Done: 1, Total: 2, Unit: "probes"}, "[############------------]  50 %  1 of 2 probes  0.0/min  1:01:00 left"},
		{time.Second, State{Done: 2, Total: 2, Unit: "probes", Name: "/a/very/long/path/to/a/document/book.txt"},
			"[########################] 100 %  2 of 2 probes  0.0/min  …g/path/to/a/document/book.txt"},
	} {
		out.Reset()
		now = now.Add(c.after)
		l.Show(c.state)
		want := c.want
		if want != "" {
			want = "\r\x1b[K" + want
		}
		if out.String() != want {
			t.Errorf("%+v: %q, want %q", c.state, out.String(), want)
		}
	}
	out.Reset()
	l.Clear()
	l.Clear()
	if out.String() != "\r\x1b[K" {
		t.Errorf("cleared by %q", out.String())
	}
	if l := NewLine(&out, true); l != nil {
		t.Error("a buffer is taken for a terminal")
	}
	var none *Line
	none.Show(State{Done: 1})
	none.Clear()
}

func TestTable(t *testing.T) {
	var out strings.Builder
	table := NewTable("<>", "NAME", "N")
	table.Add("é", "1,000")
	table.Add("long name", "")
	if err := table.Write(&out); err != nil {
		t.Fatal(err)
	}
	if want := "NAME           N\né          1,000\nlong name\n"; out.String() != want {
		t.Errorf("%q, want %q", out.String(), want)
	}
}

func TestNumbersForPeople(t *testing.T) {
	for n, want := range map[int]string{0: "0", 999: "999", 1000: "1,000", -1234567: "-1,234,567", -100: "-100"} {
		if got := Thousands(n); got != want {
			t.Errorf("Thousands(%d) = %q, want %q", n, got, want)
		}
	}
	for n, want := range map[int64]string{999: "999 B", 35_300: "35.3 kB", 1_940_000: "1.9 MB"} {
		if got := Bytes(n); got != want {
			t.Errorf("Bytes(%d) = %q, want %q", n, got, want)
		}
	}
	if got := Money("USD", 0.12346) + Money("CNY", 2) + Money("", 2); got != "$0.12352.0000 CNY2.0000" {
		t.Errorf("money %q", got)
	}
}

func TestCleanKeepsLetters(t *testing.T) {
	if got := CleanText("a\r\n\tनि\u200d\x1b[31m"); got != "a\n\tनि\u200d�[31m" {
		t.Errorf("%q", got)
	}
	if got := Clean("a\n\x00é"); got != "a��é" {
		t.Errorf("%q", got)
	}
}
