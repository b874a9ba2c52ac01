package value

import (
	"net/netip"
	"strings"
	"unicode"
)

// plainKey is the normal form of a value that is compared by characters: what
// its kind takes for the same is made alike.
func plainKey(s string, kind Kind) string {
	s = strings.Trim(s, " \"“”„«»`")
	switch kind {
	case UUID, Hex, MAC:
		return strings.ToLower(without(s, "-: {}"))
	case Hash:
		if algorithm, digest, ok := strings.Cut(s, ":"); ok {
			if isHexWord(digest) {
				digest = strings.ToLower(digest)
			}
			return strings.ToLower(without(algorithm, "-")) + ":" + digest
		}
		return strings.ToLower(without(s, " :"))
	case Account:
		return accountKey(s)
	case Phone:
		return phoneKey(s)
	case Email:
		return strings.ToLower(strings.TrimPrefix(s, "mailto:"))
	case URL:
		return urlKey(s)
	case Path:
		return pathKey(s)
	case IP:
		return ipKey(s)
	case Version:
		return versionKey(s)
	case Citation:
		return citationKey(s)
	case Name:
		return strings.ToLower(strings.TrimSuffix(s, "'s"))
	case Quotation:
		return strings.NewReplacer("’", "'", "‘", "'", "“", `"`, "”", `"`, "…", "...").Replace(s)
	case Identifier:
		return strings.TrimSuffix(s, "()")
	}
	return s
}

func without(s, signs string) string {
	return strings.Map(func(r rune) rune {
		if strings.ContainsRune(signs, r) {
			return -1
		}
		return r
	}, s)
}

func isHexWord(s string) bool { return s != "" && strings.Trim(s, "0123456789abcdefABCDEF") == "" }

// labels introduce account numbers and are no part of them.
var labels = []string{"iban", "isbn-13", "isbn-10", "isbn", "issn", "doi", "https://doi.org/", "cas", "no.", "nr.", "#"}

func accountKey(s string) string {
	low := strings.ToLower(s)
	for _, l := range labels {
		if strings.HasPrefix(low, l) {
			s, low = strings.TrimLeft(s[len(l):], " :."), strings.TrimLeft(low[len(l):], " :.")
		}
	}
	return strings.ToUpper(without(s, " -./"))
}

// phoneKey are the digits; an international number begins with +.
func phoneKey(s string) string {
	s = strings.Replace(s, "(0)", "", 1)
	plus := ""
	if strings.HasPrefix(s, "+") {
		plus = "+"
	} else if strings.HasPrefix(s, "00") {
		plus, s = "+", s[2:]
	}
	return plus + strings.Map(func(r rune) rune {
		if unicode.IsDigit(r) {
			return r
		}
		return -1
	}, s)
}

func urlKey(s string) string {
	scheme, rest, ok := strings.Cut(s, "://")
	if !ok {
		scheme, rest = "", s
	}
	rest = strings.TrimSuffix(without(rest, " "), "/")
	host, path, _ := strings.Cut(rest, "/")
	key := strings.ToLower(host)
	if path != "" {
		key += "/" + path
	}
	if scheme = strings.ToLower(scheme); scheme != "" {
		return scheme + "://" + key
	}
	return key
}

func pathKey(s string) string {
	s = strings.TrimPrefix(s, "./")
	for strings.Contains(s, "//") {
		s = strings.ReplaceAll(s, "//", "/")
	}
	if len(s) > 1 {
		s = strings.TrimSuffix(s, "/")
	}
	return without(s, " ")
}

func ipKey(s string) string {
	if p, err := netip.ParsePrefix(s); err == nil {
		return p.String()
	}
	if a, err := netip.ParseAddrPort(s); err == nil {
		return a.String()
	}
	if a, err := netip.ParseAddr(strings.Trim(s, "[]")); err == nil {
		return a.String()
	}
	return strings.ToLower(s)
}

func versionKey(s string) string {
	if len(s) > 1 && s[0]|0x20 == 'v' && isDigit(s[1]) {
		s = s[1:]
	}
	return s
}

// citationKey spells words of citations one way and drops what is between them.
func citationKey(s string) string {
	s = strings.ToLower(s)
	for _, w := range [][2]string{{"absatz", "abs"}, {"artikel", "art"}, {"article", "art"}, {"section", "§"}, {"sec.", "§"}, {"paragraph", "§"}, {"nummer", "nr"}, {"numéro", "n°"}, {"number", "no"}, {"satz", "s"}} {
		s = strings.ReplaceAll(s, w[0], w[1])
	}
	return without(s, " .,()[]")
}
