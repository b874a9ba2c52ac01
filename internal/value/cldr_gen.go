//go:build ignore

// Command cldr_gen writes cldr.txt: the words of twelve languages for months,
// weekdays, units, currencies, scales and numbers, from the JSON packages of the
// Unicode CLDR (Unicode License V3). Its argument is a directory with the
// unpacked packages cldr-dates-full, cldr-units-full, cldr-numbers-full and
// cldr-rbnf as dates, units, numbers and rbnf.
package main

import (
	"encoding/json"
	"fmt"
	"log"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"sort"
	"strconv"
	"strings"
)

var languages = []string{"en", "de", "fr", "es", "it", "pt", "nl", "pl", "ru", "zh", "ja", "ko"}

// currencies are those whose names are kept: the most traded, and those of the
// languages' countries.
var currencies = strings.Fields(`AED ARS AUD BGN BRL CAD CHF CLP CNY COP CZK DKK EGP EUR GBP HKD HUF IDR ILS INR ISK JPY
KES KRW MAD MXN MYR NGN NOK NZD PEN PHP PKR PLN RON RUB SAR SEK SGD THB TRY TWD UAH USD VND ZAR`)

type object = map[string]any

var root string

func load(parts ...string) object {
	b, err := os.ReadFile(filepath.Join(append([]string{root}, parts...)...))
	if err != nil {
		log.Fatal(err)
	}
	var o object
	if err := json.Unmarshal(b, &o); err != nil {
		log.Fatal(err)
	}
	return o
}

func dig(o object, keys ...string) object {
	for _, k := range keys {
		o, _ = o[k].(object)
	}
	return o
}

// words collects strings by table, language and meaning.
type words map[[3]string]map[string]bool

func (w words) add(table, language, meaning, word string) {
	word = strings.Join(strings.Fields(strings.NewReplacer("\u00ad", "", "\u200f", "", "\u2068", "", "\u2069", "").Replace(word)), " ")
	if word == "" || strings.ContainsAny(word, "|\t") {
		return
	}
	k := [3]string{table, language, meaning}
	if w[k] == nil {
		w[k] = map[string]bool{}
	}
	w[k][word] = true
}

func main() {
	root = os.Args[1]
	w := words{}
	for _, l := range languages {
		gregorian := dig(load("dates", "main", l, "ca-gregorian.json"), "main", l, "dates", "calendars", "gregorian")
		for _, form := range []string{"format", "stand-alone"} {
			for _, width := range []string{"wide", "abbreviated"} {
				for n, name := range dig(gregorian, "months", form, width) {
					w.add("month", l, n, name.(string))
				}
				for n, name := range dig(gregorian, "days", form, width) {
					w.add("weekday", l, n, name.(string))
				}
			}
		}
		units := dig(load("units", "main", l, "units.json"), "main", l, "units")
		for _, width := range []string{"long", "short"} {
			for id, forms := range dig(units, width) {
				if strings.HasPrefix(id, "10") || strings.Contains(id, "-of") || strings.HasPrefix(id, "graphics") || strings.HasPrefix(id, "light") {
					continue
				}
				for key, pattern := range forms.(object) {
					s, ok := pattern.(string)
					if before, after, found := strings.Cut(s, "{0}"); ok && found && before == "" && key != "perUnitPattern" {
						w.add("unit", l, id, after)
					}
				}
			}
		}
		for code, forms := range dig(load("numbers", "main", l, "currencies.json"), "main", l, "numbers", "currencies") {
			if !slices.Contains(currencies, code) {
				continue
			}
			for key, name := range forms.(object) {
				if strings.HasPrefix(key, "displayName-count") {
					w.add("currency", l, code, name.(string))
				}
			}
		}
		numbers := dig(load("numbers", "main", l, "numbers.json"), "main", l, "numbers", "decimalFormats-numberSystem-latn")
		for _, width := range []string{"long", "short"} {
			for key, pattern := range dig(numbers, width, "decimalFormat") {
				power, _, _ := strings.Cut(key, "-")
				zeros := strings.Count(pattern.(string), "0")
				scale := strings.Trim(pattern.(string), "0 \u00a0'")
				if scale != "" && zeros > 0 {
					w.add("scale", l, strconv.Itoa(len(power)-zeros), strings.ReplaceAll(scale, "'", ""))
				}
			}
		}
		r := rules{dig(load("rbnf", "rbnf", l+".json"), "rbnf", "rbnf", "SpelloutRules")}
		for set := range r.sets {
			if !strings.HasPrefix(set, "%spellout-cardinal") && set != "%spellout-numbering" {
				continue
			}
			for n := range 100 {
				w.add("number", l, strconv.Itoa(n), r.spell(set, n))
			}
			for n := 100; n <= 900; n += 100 {
				w.add("number", l, strconv.Itoa(n), r.spell(set, n))
			}
			w.add("number", l, "1000", r.spell(set, 1000))
		}
	}
	var lines []string
	for k, set := range w {
		forms := make([]string, 0, len(set))
		for f := range set {
			forms = append(forms, f)
		}
		slices.Sort(forms)
		lines = append(lines, fmt.Sprintf("%s\t%s\t%s\t%s\n", k[0], k[1], k[2], strings.Join(forms, "|")))
	}
	slices.Sort(lines)
	version, _ := load("units", "package.json")["version"].(string)
	out := "# Words of the Unicode CLDR " + version + ", https://cldr.unicode.org, Unicode License V3. Written by cldr_gen.go.\n" + strings.Join(lines, "")
	if err := os.WriteFile("cldr.txt", []byte(out), 0o644); err != nil {
		log.Fatal(err)
	}
}

// rules are the rule sets of a language's rule-based number format, as far as
// numbers up to 1000 need them.
type rules struct{ sets object }

type rule struct {
	base, radix int
	text        string
}

func (r rules) list(set string) []rule {
	var out []rule
	pairs, _ := r.sets[set].([]any)
	for _, p := range pairs {
		pair := p.([]any)
		base, radix, _ := strings.Cut(strings.Trim(pair[0].(string), ">"), "/")
		n, err := strconv.Atoi(base)
		if err != nil {
			continue
		}
		d := 10
		if radix != "" {
			d, _ = strconv.Atoi(radix)
		}
		out = append(out, rule{n, d, strings.TrimSuffix(pair[1].(string), ";")})
	}
	sort.Slice(out, func(i, j int) bool { return out[i].base < out[j].base })
	return out
}

var plural = regexp.MustCompile(`\$\(\w+,([^)]*)\)\$`)

func (r rules) spell(set string, n int) string {
	var match rule
	for _, c := range r.list(set) {
		if c.base <= n {
			match = c
		}
	}
	divisor := 1
	for divisor*match.radix <= match.base {
		divisor *= match.radix
	}
	text := plural.ReplaceAllStringFunc(match.text, func(s string) string {
		first, _, _ := strings.Cut(s[strings.Index(s, "{")+1:], "}")
		return first
	})
	if from := strings.Index(text, "["); from >= 0 {
		to := strings.Index(text, "]")
		if n%divisor == 0 {
			text = text[:from] + text[to+1:]
		} else {
			inner, _, _ := strings.Cut(text[from+1:to], "|")
			text = text[:from] + inner + text[to+1:]
		}
	}
	for _, token := range []struct {
		mark string
		n    int
	}{{"←", n / divisor}, {"→", n % divisor}, {"=", n}} {
		for {
			from := strings.Index(text, token.mark)
			if from < 0 {
				break
			}
			rest := text[from+len(token.mark):]
			to := strings.Index(rest, token.mark)
			if to < 0 {
				break
			}
			name, tail := rest[:to], rest[to+len(token.mark):]
			tail = strings.TrimPrefix(tail, "→") // →→→ is →→ by the rule before
			use := set
			if strings.HasPrefix(name, "%") {
				use = name
			} else if strings.ContainsAny(name, "#0") {
				text = text[:from] + strconv.Itoa(token.n) + tail
				continue
			}
			text = text[:from] + r.spell(use, token.n) + tail
		}
	}
	return strings.Trim(text, "'")
}
