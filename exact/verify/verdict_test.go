package verify

import (
	"strings"
	"testing"
)

const verdictSource = `Clause 40. The fee is $4,500 a month, due on 14 March 2026 at 9:20 AM CET.
The pump moves 17,5 mg/L at -30 °C; limit 1.0 billion euros, length 9.480 km.
Commit 0cf03d3a9be27d35c8817f60e2a3d4b59c6e8f70 of Version 15.17-1.pgdg12+1 on 10.11.21.126,10.11.10.1.
IBAN GB45CDHX49778740489966, see https://example.org/doc/a and LD_LIBRARY_PATH, __init__ and two digits.
Fixed --check-sym-passphrase-
  pattern. Share 0.85. Price €48,250.00 within 90 days' notice.
`

// Values of an answer, what the verdict is, and what the source writes.
func TestVerdicts(t *testing.T) {
	x := testIndex(verdictSource)
	for _, c := range []struct {
		answer string
		status Status
		source string
	}{
		{"2026-03-14", Found, "14 March 2026"},
		{"March 14th, 2026", Found, "14 March 2026"},
		{"14. März 2026", Found, "14 March 2026"},
		{"14 April 2026", Contradicted, "14 March 2026"},
		{"9:20 PM", Contradicted, ""},
		{"$4500", Found, ""},
		{"4,500 USD", Found, ""},
		{"€4,500", Contradicted, ""},
		{"$4,500 million", Contradicted, ""},
		{"17.5 mg/L", Found, "17,5 mg/L"},
		{"17,5 mg/kg", Contradicted, ""},
		{"30 °C", Contradicted, "-30 °C"},
		{"`LD\\_LIBRARY\\_PATH`", Found, ""},
		{"0CF03D3A9B", Found, ""},
		{"15.17", Found, ""},
		{"10.11.21.126", Found, ""},
		{"GB45 CDHX 4977 8740 4899 66", Found, "GB45CDHX49778740489966"},
		{"example.org/doc/a/", Found, ""},
		{"--check-sym-passphrase-pattern", Found, ""},
		{"85 %", Found, ""},
		{"ninety days", Found, "90 days"},
		{"2 digits", Found, "two digits"},
		{"€48,290.00", "", ""},
		{"LD_LIBRАRY_PATH", Absent, ""}, // Cyrillic А
		{"LD_LIBR\u200bARY_PATH", Absent, ""},
	} {
		r := verified(x, "It is "+c.answer+".", "")
		var worst Finding
		for k, f := range WorstFirst(r.Findings) {
			if k == 0 {
				worst = f
			}
		}
		switch {
		case c.status == "":
			if worst.Status == Found || worst.Status == Derived || worst.Status == "" {
				t.Errorf("%s is %s %q, want it flagged", c.answer, worst.Status, worst.Note)
			}
		case worst.Status != c.status:
			t.Errorf("%s is %s (%s, %q), want %s", c.answer, worst.Status, worst.Kind, worst.Note, c.status)
		case c.source != "" && worst.Source != c.source:
			t.Errorf("%s: the source writes %q, want %q", c.answer, worst.Source, c.source)
		case c.status == Found && r.Plain != "It is "+c.answer+".":
			t.Errorf("%s was altered: %s", c.answer, r.Plain)
		}
	}
}

// A misread amount is not excused by a small number of the text, in whatever
// digit it is misread.
func TestNoExcuseByClauseNumbers(t *testing.T) {
	var source strings.Builder
	for i := range 60 {
		source.WriteString("Clause " + string(rune('0'+i/10)) + string(rune('0'+i%10)) + " binds both parties.\n")
	}
	const amount = "48,250.00"
	source.WriteString("The sum is EUR " + amount + ".\n")
	x := testIndex(source.String())
	for i, old := range amount {
		for d := '0'; isDigit(old) && d <= '9'; d++ {
			if d == old {
				continue
			}
			read := amount[:i] + string(d) + amount[i+1:]
			r := verified(x, "The sum is EUR "+read+".", "")
			if r.Counts[Derived]+r.Counts[Found] > 0 {
				t.Errorf("%s is %+v", read, r.Findings)
			}
		}
	}
}

func TestRender(t *testing.T) {
	for _, c := range []struct{ answer, want, part, written string }{
		{"a **b c** d", "a b c d", "b c", "b c"},
		{`LD\_LIBRARY\_PATH`, "LD_LIBRARY_PATH", "LD_LIBRARY_PATH", `LD\_LIBRARY\_PATH`},
		{`$40.0\%$ of it`, "40.0% of it", "40.0%", `40.0\%`},
		{`$19{,}868$`, "19,868", "19,868", "19{,}868"},
		{`$-30\,^\circ\text{C}$`, "-30 °C", "-30 °C", `-30\,^\circ\text{C`},
		{"5 g/cm<sup>3</sup>!", "5 g/cm^3!", "cm^3", "cm<sup>3"},
		{"a &amp; b&#95;c", "a & b_c", "b_c", "b&#95;c"},
		{"5,00 $ and 6 $", "5,00 $ and 6 $", "6 $", "6 $"},
		{"１２ ℃", "12 °C", "12 °C", "１２ ℃"},
		{"e\u0301t\u00e9", "été", "été", "e\u0301t\u00e9"},
		{"2*3*4 a_b_c", "2*3*4 a_b_c", "a_b_c", "a_b_c"},
		{"[CVE-1](http://a.b)", "[CVE-1] (http://a.b)", "CVE-1", "CVE-1"},
	} {
		r := render(c.answer)
		if r.text != c.want {
			t.Errorf("%q is rendered as %q, want %q", c.answer, r.text, c.want)
			continue
		}
		at := strings.Index(r.text, c.part)
		if from, to := r.span(at, at+len(c.part)); c.answer[from:to] != c.written {
			t.Errorf("%q of %q comes from %q, want %q", c.part, c.answer, c.answer[from:to], c.written)
		}
	}
}

func TestWorstFirst(t *testing.T) {
	var in []Finding
	for _, s := range []Status{Found, Derived, Repaired, Absent, Contradicted, Ambiguous, InQuestion} {
		in = append(in, Finding{Status: s})
	}
	in = append(in, Finding{Status: Found, Source: "in another notation"})
	got := WorstFirst(in)
	for i, s := range Statuses() {
		if got[i].Status != s {
			t.Fatalf("place %d has %s, want %s", i, got[i].Status, s)
		}
	}
	if got[6].IsVerbatim() || !got[7].IsVerbatim() {
		t.Error("what the sources hold as it stands comes last")
	}
}
