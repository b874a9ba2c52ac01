package task

import (
	"strconv"
	"strings"
	"testing"
)

func loadQuestions(data string) (*Set, error) {
	return New(Questions, Options{Data: strings.NewReader(data), DataName: "f"})
}

var validLine = `{"id":"questions/d/2-4/1","task":"questions","stratum":"words","document":"d","cluster":"d","text":"abcdef","question":` + strconv.Quote(QuestionPrefix+"Q?") + `,"gold":["cd"],"asked":["Q?"],"depths":[0.3],"passage":{"start":0,"end":6},"evidence":{"start":2,"end":4},"examiner":"m","reader":"m"}`

func TestQuestionErrorsNameTheLine(t *testing.T) {
	if set, err := loadQuestions("\n" + validLine + "\n"); err != nil || len(set.Probes) != 1 {
		t.Fatal(err)
	}
	change := func(old, new string) string { return strings.Replace(validLine, old, new, 1) }
	for _, c := range []struct{ name, data, want string }{
		{"empty", "\n", "no questions"},
		{"broken", validLine + "\n{", "f, line 2"},
		{"twice", validLine + "\n" + validLine, "line 2: \"id\""},
		{"other task", change(`"task":"questions"`, `"task":"ocr"`), `accepted: "questions"`},
		{"no gold", change(`["cd"]`, `[]`), `"gold"`},
		{"no asked", change(`"asked":["Q?"]`, `"asked":[]`), `"asked"`},
		{"text", change("abcdef", "abcde"), `"passage"`},
		{"evidence", change(`"end":4`, `"end":7`), `"evidence"`},
		{"negative", change(`"start":0`, `"start":-1`), `"passage"`},
		{"not UTF-8", change("abcdef", "\xff"), "not UTF-8"},
	} {
		if _, err := loadQuestions(c.data); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v, want %q in it", c.name, err, c.want)
		}
	}
}

func TestChineseAnswersAreScoredByWord(t *testing.T) {
	set, err := loadQuestions(strings.Replace(validLine, `["cd"]`, `["北京大学"]`, 1))
	if err != nil {
		t.Fatal(err)
	}
	if s := set.Score(set.Probes[0], "在北京大学。"); s.Value == 0 {
		t.Errorf("%+v", s)
	}
}

func FuzzQuestions(f *testing.F) {
	f.Add([]byte(validLine))
	f.Add([]byte(validLine + "\n{}"))
	f.Fuzz(func(t *testing.T, data []byte) {
		set, err := loadQuestions(string(data))
		if err != nil {
			return
		}
		for _, p := range set.Probes {
			set.Score(p, set.Solve(p, p.Text))
		}
	})
}
