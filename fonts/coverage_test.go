package fonts

import (
	"encoding/json"
	"errors"
	"io"
	"strings"
	"testing"
	"testing/iotest"
)

func TestCoverage(t *testing.T) {
	sans, err := Open("dejavu-sans")
	if err != nil {
		t.Fatal(err)
	}
	han, err := Open("noto-sans-sc")
	if err != nil {
		t.Fatal(err)
	}
	text := "\uFEFFÄb a\n中中文\xff\xfe 한\u200D한Γ\uE000"
	report, err := Coverage(iotest.OneByteReader(strings.NewReader(text)), []*Face{sans, han})
	if err != nil {
		t.Fatal(err)
	}
	got, err := json.MarshalIndent(report, "", "  ")
	if err != nil {
		t.Fatal(err)
	}
	const want = `{
  "bytes": 35,
  "runes": 15,
  "distinct": 12,
  "invisible": 3,
  "faces": [
    {
      "name": "dejavu-sans",
      "runes": 6,
      "distinct": 5,
      "scripts": [
        {
          "script": "Latin",
          "runes": 3,
          "distinct": 3
        },
        {
          "script": "Common",
          "runes": 2,
          "distinct": 1
        },
        {
          "script": "Greek",
          "runes": 1,
          "distinct": 1
        }
      ]
    },
    {
      "name": "noto-sans-sc",
      "runes": 3,
      "distinct": 2,
      "scripts": [
        {
          "script": "Han",
          "runes": 3,
          "distinct": 2
        }
      ]
    }
  ],
  "missing": [
    {
      "rune": 54620,
      "code": "U+D55C",
      "count": 2,
      "offset": 21
    },
    {
      "rune": 57344,
      "code": "U+E000",
      "count": 1,
      "offset": 32
    }
  ],
  "invalid": {
    "bytes": 2,
    "offset": 18
  }
}`
	if string(got) != want {
		t.Errorf("got %s", got)
	}
}

func TestCoverageOfNothing(t *testing.T) {
	report, err := Coverage(strings.NewReader(""), nil)
	if err != nil {
		t.Fatal(err)
	}
	got, _ := json.Marshal(report)
	if want := `{"bytes":0,"runes":0,"distinct":0,"invisible":0,"faces":[],"missing":[]}`; string(got) != want {
		t.Errorf("got %s", got)
	}
}

func TestCoverageReadError(t *testing.T) {
	broken := errors.New("disk on fire")
	_, err := Coverage(io.MultiReader(strings.NewReader("abc"), iotest.ErrReader(broken)), nil)
	if !errors.Is(err, broken) || !strings.Contains(err.Error(), "at byte 3") {
		t.Error(err)
	}
}
