package value

import "testing"

func TestSameValueInOtherNotation(t *testing.T) {
	de, en, fr := Conventions{Decimal: ',', Language: "de", Order: DayFirst}, Conventions{Decimal: '.', Language: "en", Order: MonthFirst}, Conventions{Decimal: ',', Language: "fr", Order: DayFirst}
	none := Conventions{}
	for _, c := range []struct {
		kind     Kind
		answer   string
		by       Conventions
		source   string
		in       Conventions
		relation Relation
	}{
		{Number, "54.910", en, "54,910", de, Same},
		{Number, "1,234.5", en, "1.234,5", de, Same},
		{Number, "1234.5", en, "1 234,5", fr, Same},
		{Number, "1,234", none, "1.234", de, Same},
		{Number, "12'345", en, "12,345", en, Same},
		{Number, "2.48×10−5", en, "0.0000248", en, Same},
		{Number, "6.626 070 15 * 10^-34", en, "6.62607015e-34", en, Same},
		{Number, "2 1/2", en, "2.5", en, Same},
		{Number, "１２３", none, "123", none, Same},
		{Number, "twenty-one", en, "21", en, Same},
		{Number, "zweihundertdreißig", de, "230", de, Same},
		{Number, "quatre-vingt-dix-neuf", fr, "99", fr, Same},
		{Number, "三十万", none, "300000", none, Same},
		{Number, "двести пять", none, "205", none, Same},
		{Number, "12.35", en, "12.3456", en, Rounded},
		{Number, "12.34", en, "12.3456", en, Different},
		{Number, "-7", en, "7", en, OtherSign},
		{Number, "120", en, "12", en, OtherScale},
		{Percentage, "85 %", en, "0.85", en, Same},
		{Percentage, "85 Prozent", de, "85%", de, Same},
		{Percentage, "85%", en, "85 km", en, OtherUnit},
		{Money, "$1,000 million", en, "$1.0 billion", en, Same},
		{Money, "1,5 Mrd. Euro", de, "€1.5 billion", en, Same},
		{Money, "359.00 €", en, "359,00 €", de, Same},
		{Money, "EUR 12.50", en, "12,50 €", de, Same},
		{Money, "$5", en, "€5", en, OtherCurrency},
		{Money, "$5 million", en, "$5 billion", en, OtherScale},
		{Money, "US$ 5", en, "$5", en, Same},
		{Money, "300,000元", none, "三十万元", none, Same},
		{Money, "347억원", none, "34,700,000,000 원", none, Same},
		{Money, "-$5.00", en, "$ -5.00", en, Same},
		{Money, "$350 per kg", en, "$350/kg", en, Same},
		{Money, "$350/kg", en, "$350/lb", en, OtherUnit},
		{Money, "$350", en, "350", en, Partial},
		{Quantity, "5 km", en, "5 kilometers", en, Same},
		{Quantity, "5 km", en, "5000 m", en, Converted},
		{Quantity, "5 km", en, "5 m", en, OtherUnit},
		{Quantity, "5 MB", en, "5 Mb", en, OtherUnit},
		{Quantity, "5 MiB", en, "5 MB", en, OtherUnit},
		{Quantity, "20 °C", en, "68 °F", en, Converted},
		{Quantity, "5 mg/kg", en, "5 mg per kg", en, Same},
		{Quantity, "3×10^8 m/s", en, "3e8 m s^-1", en, Same},
		{Quantity, "10 Kilometer", de, "10 km", de, Same},
		{Quantity, "3.1 mi", en, "5 km", en, Converted},
		{Duration, "2 h 23 min 40 s", en, "8620 s", en, Same},
		{Duration, "12 months", en, "1 year", en, Converted},
		{Duration, "3 Monate", de, "3 months", en, Same},
		{Range, "7-10 mL", en, "7 to 10 mL", en, Same},
		{Range, "7-10 mL", en, "7-11 mL", en, Different},
		{Range, "7-10 mL", en, "7-10 L", en, OtherUnit},
		{Ratio, "16:9", en, "16:9", en, Same},
		{Date, "31. August 2015", de, "2015-08-31", en, Same},
		{Date, "August 31, 2015", en, "31.08.2015", de, Same},
		{Date, "08/31/2015", en, "31/08/2015", fr, Same},
		{Date, "3 mars 2015", fr, "3 March 2015", en, Same},
		{Date, "5 октября 2023 года", none, "2023年10月5日", none, Same},
		{Date, "5 października 2023", none, "2023년 10월 5일", none, Same},
		{Date, "31 July 2015", en, "31 August 2015", en, OtherMonth},
		{Date, "31 août 2015", fr, "31 juillet 2015", fr, OtherMonth},
		{Date, "31 August 2016", en, "31 August 2015", en, OtherYear},
		{Date, "30 August 2015", en, "31 August 2015", en, OtherDay},
		{Date, "August 2015", en, "31 August 2015", en, Partial},
		{Date, "03/04/2026", en, "2026-03-04", en, Same},
		{Date, "03/04/2026", fr, "2026-04-03", en, Same},
		{Timestamp, "2017-05-16T00:00:04", en, "2017-05-16 00:00:04", en, Same},
		{Timestamp, "2017-05-16 10:00:00Z", en, "2017-05-16T11:00:00+01:00", en, Converted},
		{Timestamp, "2017-05-16T10:00:00Z", en, "2017-05-16T10:00:00+01:00", en, OtherZone},
		{Timestamp, "2017-05-16T10:00:01Z", en, "2017-05-16T10:00:00Z", en, OtherTime},
		{Timestamp, "20090401122017.000[-5:EST]", en, "2009-04-01 12:20:17 -0500", en, Same},
		{Time, "3:30 pm", en, "15:30", en, Same},
		{Hash, "D4E7A7B", en, "d4e7a7b88a71b5ffd9e2644e71a0cfab", en, Same},
		{Hash, "d4e7a7", en, "d4e7a7b88a71b5ffd9e2644e71a0cfab", en, Different},
		{Account, "DE89 3704 0044 0532 0130 00", en, "DE89370400440532013000", en, Same},
		{Account, "ISBN 978-3-16-148410-0", en, "9783161484100", en, Same},
		{Phone, "+49 (0)30 901820", en, "+4930901820", en, Same},
		{URL, "HTTPS://Example.com/a/", en, "https://example.com/a", en, Same},
		{URL, "example.com/a", en, "https://example.com/a", en, Same},
		{URL, "http://example.com/a", en, "https://example.com/a", en, OtherPart},
		{Path, "./src/x.go", en, "src/x.go", en, Same},
		{IP, "2001:0DB8::0001", en, "2001:db8::1", en, Same},
		{IP, "10.0.0.1:80", en, "10.0.0.1:81", en, OtherPart},
		{IP, "10.0.0.1", en, "10.0.0.1:81", en, Partial},
		{Version, "v1.2.3", en, "1.2.3", en, Same},
		{Version, "15.17", en, "15.17-1.pgdg12+1", en, Partial},
		{Version, "2.36-9+deb12u13", en, "2.36-9+deb12u14", en, OtherPart},
		{Citation, "RFC791", en, "RFC 791", en, Same},
		{Citation, "§15 Absatz 2", en, "§ 15 Abs. 2", en, Same},
		{Identifier, "inv-2041", en, "INV-2041", en, OtherCase},
		{Identifier, "getName()", en, "getName", en, Same},
		{Name, "BDALE  Garbee", en, "Bdale Garbee", en, Same},
	} {
		if got := CompareAny(Parse(c.answer, c.kind, c.by), Parse(c.source, c.kind, c.in)); got != c.relation {
			t.Errorf("%s %q of %q: %s, want %s (%+v, %+v)", c.kind, c.answer, c.source, got, c.relation, Parse(c.answer, c.kind, c.by)[0].Key, Parse(c.source, c.kind, c.in)[0].Key)
		}
	}
}

func TestLearn(t *testing.T) {
	for text, want := range map[string]Conventions{
		"Der Preis ist 1.299,00 EUR und wird am 31.12.2024 nicht mehr erhoben, die Zinsen für 0,75 und 2,5": {',', "de", DayFirst},
		"The price of 1,299.00 is due for the 12/31/2024 and with that from 0.75":                           {'.', "en", MonthFirst},
		"1,234 2,345": {0, "", UnknownOrder},
		"le prix est de 12,5 pour les 3,75 et 1.5 dans une ville": {0, "fr", DayFirst},
		"": {},
	} {
		if got := Learn(text); got != want {
			t.Errorf("%q: %+v, want %+v", text, got, want)
		}
	}
}

// What the document does not tell has every reading; what it tells has one.
func TestReadings(t *testing.T) {
	for _, c := range []struct {
		text string
		kind Kind
		in   Conventions
		want int
	}{
		{"1,234", Number, Conventions{}, 2},
		{"1,234", Number, Conventions{Decimal: '.'}, 1},
		{"1,234.5", Number, Conventions{}, 1},
		{"03/04/2026", Date, Conventions{}, 2},
		{"03/04/2026", Date, Conventions{Order: DayFirst}, 1},
		{"13/04/2026", Date, Conventions{}, 1},
		{"no number", Number, Conventions{}, 1},
	} {
		if got := Parse(c.text, c.kind, c.in); len(got) != c.want {
			t.Errorf("%q with %+v: %d readings, want %d", c.text, c.in, len(got), c.want)
		}
	}
}

func FuzzParse(f *testing.F) {
	for _, s := range []string{"1,234.5e-3", "$1.0 billion", "3×10^8 m/s", "31. August 2015", "20090401122017.000[-5:EST]", "7-10 mL", "2 h 23 min", "三十万元", "twenty-one years", "1 2/0", "’01. 9. 28", "-", "1e999999999", "(5)"} {
		f.Add(s, 0)
	}
	f.Fuzz(func(t *testing.T, text string, n int) {
		kinds := Kinds()
		kind := kinds[(n%len(kinds)+len(kinds))%len(kinds)]
		for _, c := range []Conventions{{}, Learn(text)} {
			values := Parse(text, kind, c)
			if len(values) == 0 {
				t.Fatalf("no reading of %q", text)
			}
			if r := CompareAny(values, Parse(text, kind, c)); r != Same {
				t.Fatalf("%s %q compares with itself as %s: %+v", kind, text, r, values)
			}
		}
	})
}
