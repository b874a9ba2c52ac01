package exact

import (
	"slices"
	"strings"
	"testing"

	"github.com/glyphkit/glyph/internal/value"
)

// Each text is one value, marked where it stands in a sentence.
func TestValuesAreWhole(t *testing.T) {
	for _, c := range []struct {
		kind value.Kind
		text string // with the value between bars
	}{
		{value.Number, "Die Summe ist |257,59| und nicht mehr."},
		{value.Number, "the share of |.6695| of it"},
		{value.Number, "der Faktor |0,75| gilt"},
		{value.Number, "exactly |9 192 631 770| when expressed so"},
		{value.Number, "about |6.626 070 15 * 10^-34| in all"},
		{value.Number, "a factor of |2.48×10−5|, with"},
		{value.Number, "at most |2^32-1| of them"},
		{value.Quantity, "give |5 mg/kg| twice"},
		{value.Quantity, "at |1.2e-5 mol/L| in water"},
		{value.Quantity, "speed of |3×10^8 m/s| in vacuum"},
		{value.Quantity, "about |2 1/2 in| thick"},
		{value.Quantity, "held at |37 °C ± 0.5 °C| for long"},
		{value.Quantity, "an area of |301,338 km2| today"},
		{value.Quantity, "a box of |10 x 20 cm| here"},
		{value.Quantity, "der Wert |1.5 Kilometer| ist"},
		{value.Quantity, "约 |28 字节| 长"},
		{value.Percentage, "das sind |18,28 %| davon"},
		{value.Percentage, "es del |9 por ciento| anual"},
		{value.Percentage, "이율은 |3.75%|를"},
		{value.Money, "it cost |$1.0 billion| then"},
		{value.Money, "custou |R$3.8| ontem"},
		{value.Money, "worth |US$0.12| in all"},
		{value.Money, "a balance of |$ -225.00| today"},
		{value.Money, "it fell from |$5| to $10"},
		{value.Money, "costs |$350 per kg| now"},
		{value.Money, "kostet |1,2 Milliarden Euro| bald"},
		{value.Money, "약 |347억원|을"},
		{value.Money, "계 |1조 2,000억 원| 이다"},
		{value.Money, "cena |1 234,56 zł| brutto"},
		{value.Range, "take |7-10 mL| of it"},
		{value.Range, "between |3.5–4.0 TeV| each"},
		{value.Range, "wine, |3 to 4 L| of it"},
		{value.Range, "pages |269–294| only"},
		{value.Range, "the cells |B1:B5| hold"},
		{value.Duration, "took |2 h 23 min 40 s| in all"},
		{value.Duration, "for |3 years, 2 months, 14 days, and 16 hours| he"},
		{value.Duration, "sur |trois ans| et"},
		{value.Duration, "nach |10 Tagen| noch"},
		{value.Duration, "을 |4.5개월| 동안"},
		{value.Date, "am |31. August 2015| noch"},
		{value.Date, "le |1er mai 2019| au"},
		{value.Date, "el |14 de febrero de 2023| en"},
		{value.Date, "il |5 luglio 1997| a"},
		{value.Date, "em |12 de março de 2019| o"},
		{value.Date, "op |3 januari 2020| was"},
		{value.Date, "dnia |12 grudnia 2019| w"},
		{value.Date, "вышла |17 июня 1996 года| и"},
		{value.Date, "于 |2023 年 10 月 5 日| 发布"},
		{value.Date, "は |1995 年 12 月 11 日|、"},
		{value.Date, "은 |2011년 1월 1일|부터"},
		{value.Date, "on the |9th day of December, 2014|, it"},
		{value.Date, "since |avril 1996| he"},
		{value.Timestamp, "login |Wed Mar  9 01:45:21 UTC 2022| on"},
		{value.Timestamp, "posted |20090401122017.000[-5:EST]| by"},
		{value.Timestamp, "sent |Thu, 21 Nov 2019 18:22:46 +0100| by"},
		{value.Version, "now |2.36-9+deb12u14| is"},
		{value.Version, "before |2:1.8+git20210923~| and"},
		{value.Version, "of |15.17-1.pgdg12+1| here"},
		{value.Version, "release |0.93R6| is"},
		{value.Citation, "see |RFC 9636 §3.2| for"},
		{value.Citation, "by |ISO 6166| as"},
		{value.Citation, "nach |§ 15 Abs. 2| ist"},
		{value.Citation, "im |BGBl. I S. 1756| steht"},
		{value.Citation, "décret |n°0279| du"},
		{value.Citation, "under |No 1901/2006| of"},
		{value.Citation, "the |Time Act, 2026| which"},
		{value.Citation, "see |48 C.F.R. 12.212| for"},
		{value.Hash, "key |ACCC 1F2A 9B3C 77D0 ABCD 1234 5678 9ABC DEF0 1234| of"},
		{value.Hash, "sum |h1:wk8382ETsv4JYUZwIsn6YpYiWiBsYLSJiTsyBybVuN8=| of"},
		{value.Identifier, "image |nginx:1.25-alpine| runs"},
		{value.Identifier, "call |Foo::bar| of"},
		{value.Identifier, "package |libc6:amd64| is"},
		{value.Identifier, "closes |#1036120| now"},
		{value.IP, "bound to |:::35210| now"},
		{value.IP, "the net |192.56.76.x| of"},
		{value.Account, "at |SW1A 1AA| in"},
		{value.Phone, "call |(02)  748  -   6350| now"},
		{value.Flag, "with |--to=iec-i| set"},
		{value.Name, "made by |J.L. Gay-Lussac| of old"},
		{value.Name, "Thanks to |Aoun Khan| and"},
		{value.Name, "был |Альбертом Хуангом| создан"},
		// Over the end of a wrapped line, and over a hyphen or slash.
		{value.Identifier, "see |CVE-2026-\n28389| now"},
		{value.Path, "in |Documentation/admin-\nguide/cgroup.rst| of"},
		{value.Flag, "the flags -v, |--ver\u2010\n      bose| and"},
		{value.Quantity, "a packet without fragmentation plus that of |28\n    bytes| for"},
		{value.Date, "and everything that was there began on the day of |3 March\n    2015| for"},
		{value.Name, "Colourless, odourless gas that was discovered by |Henry\nCavendish| there"},
		{value.URL, "Programming is described in this text ⟨|https://example.org/pub/bluez.git\n    /tree/api.txt|⟩ here"},
	} {
		parts := strings.Split(c.text, "|")
		text := strings.Join(parts, "")
		start, end := int64(len(parts[0])), int64(len(parts[0])+len(parts[1]))
		found := Find(text)
		if !slices.ContainsFunc(found, func(s String) bool { return s.Start == start && s.End == end && s.Kind == c.kind }) {
			t.Errorf("%s %q of %q is not found: %v", c.kind, parts[1], text, found)
		}
	}
}

func TestLineBreaksAreNotInTheText(t *testing.T) {
	for text, want := range map[string]string{
		"see CVE-2026-\n  28389 now":                                "CVE-2026-28389",
		"a packet without fragmentation plus that of 28\n    bytes": "28 bytes",
		"the flags --ver\u2010\n      bose":                         "--verbose",
		"met Albert      Huang there":                               "Albert Huang",
	} {
		if found := Find(text); len(found) != 1 || found[0].Text != want {
			t.Errorf("%q: %+v, want %q", text, found, want)
		}
	}
}

// Words, lists and rows are no values and are not glued.
func TestNoValues(t *testing.T) {
	for text, want := range map[string][]string{
		"The Boulevard, the Fifth Deployment, Pursuant to the rules of it": nil,
		"Export Restrictions and the Entire Agreement of the parties":      nil,
		"f(1,2) and a[3] = 4 in all":                                       nil,
		"the rows 10,20,30 and then it ends":                               {"10", "20", "30"},
		"they are 12 in all":                                               {"12"},
		"short\n2011\n34,712\n":                                            {"2011", "34,712"},
		"Alice\nSmithers\nBob\n":                                           nil,
	} {
		var got []string
		for _, s := range Find(text) {
			got = append(got, s.Text)
		}
		if !slices.Equal(got, want) {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
	}
}
