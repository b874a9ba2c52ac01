package secrets

import (
	"encoding/base64"
	"net/url"
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"
)

// place is how sure it is that a value is one: the surer, the plainer a
// password may be.
type place uint8

const (
	loose   place = iota // a word behind a key, which may be a sentence
	bare                 // the whole of a line behind its key, or a word of a command
	literal              // in quotation marks
	fixed                // where nothing but a password can stand
)

// plausible reports whether a value is a secret behind a key of a kind.
func (c kind) plausible(v string, where place) bool {
	if v == "" || where < literal && (strings.IndexByte("[*{(,&=|:)+", v[0]) >= 0 || code.MatchString(headOf(v))) {
		return false
	}
	switch c {
	case password:
		return !placeholder(v) && (person(v, where) || random(v) || encoded(v))
	case secret:
		return !placeholder(v) && (random(v) || strong(v) && person(v, where))
	case token:
		return !placeholder(v) && (random(v) || strong(v) && len(v) >= 14)
	case userPass:
		user, pass, ok := strings.Cut(v, ":")
		if ok && len(user) > 0 && len(user) <= 64 && !strings.ContainsAny(user, " /\\$<{(") {
			return !placeholder(v) && !strings.HasPrefix(pass, "//") && !digitsOnly(pass) && (person(pass, max(where, bare)) || random(pass))
		}
		return basic(v)
	case cookie:
		return !placeholder(v) && len(v) >= 16 && random(v)
	}
	return false
}

// judged are the judges that a rule may name.
var judged = map[string]func(string) bool{
	"":         func(string) bool { return true },
	"password": func(v string) bool { return password.plausible(v, literal) },
	"url":      func(v string) bool { return password.plausible(unescapeURL(v), literal) },
	"random":   func(v string) bool { return !placeholder(v) && random(v) },
	"login":    basic,
}

func unescapeURL(v string) string {
	if u, err := url.PathUnescape(v); err == nil {
		return u
	}
	return v
}

// headOf is as much of a value as expressions look at: they take long, and what
// is no secret is known by how it begins.
func headOf(v string) string { return v[:min(len(v), 200)] }

const (
	shortestPassword = 6
	longestPassword  = 64
	longestValue     = 16 << 10 // bytes
)

// shape counts what a value is made of.
type shape struct {
	runes, lower, upper, digits, letters int
	strong                               int // symbols that names do not have
	joints                               int // symbols that join words
	runs                                 int // of letters of one case, or of digits
	inner                                bool
}

func shapeOf(v string) shape {
	var s shape
	last := byte(0)
	for i, r := range v {
		what := byte(0)
		switch {
		case r >= 'a' && r <= 'z':
			s.lower++
			what = 'a'
		case r >= 'A' && r <= 'Z':
			s.upper++
			what = 'A'
		case r >= '0' && r <= '9':
			s.digits++
			what = '0'
		case unicode.IsLetter(r) || unicode.IsMark(r):
			s.letters++
			what = 'a'
		case strings.ContainsRune("-_.+ /:,", r):
			s.joints++
		default:
			s.strong++
			s.inner = s.inner || i > 0 && i+utf8.RuneLen(r) < len(v)
		}
		if what != 0 && what != last && (what != 'a' || last != 'A') {
			s.runs++
		}
		last = what
		s.runes++
	}
	s.letters += s.lower + s.upper
	return s
}

// person reports whether a value looks like a password that a person chose:
// letters with digits or with symbols, or, where the place allows, words.
func person(v string, where place) bool {
	if len(v) > utf8.UTFMax*longestPassword {
		return false
	}
	s := shapeOf(v)
	if s.runes < shortestPassword || s.runes > longestPassword || strings.ContainsFunc(v, unicode.IsSpace) || reference(v) {
		return false
	}
	switch {
	case s.letters == 0:
		return s.strong == 0 && s.joints == 0 && where >= bare && s.runes <= 16 || s.strong > 0 && s.digits > 3 && where >= literal
	case s.digits > 0 && s.letters > 1:
		return !nameLike(v, s) && (where > loose || !counted.MatchString(v))
	case s.inner && s.letters >= 4 && s.runes >= 8 && s.strong < s.letters:
		return where >= bare && !strings.HasSuffix(v, ":") && s.strong <= 4
	}
	return where >= bare && words(v, where) || where >= literal && s.letters == s.runes && s.runes >= 10 && s.upper >= 4 && s.letters <= 3*s.runs
}

// strong reports whether a value has at least eight characters of three kinds,
// as keys have that people made.
func strong(v string) bool {
	s, kinds := shapeOf(headOf(v)), 0
	for _, n := range []int{s.lower, s.upper, s.digits, s.strong} {
		if n > 0 {
			kinds++
		}
	}
	return len(v) == len(headOf(v)) && s.runes == len(v) && s.runes >= 8 && kinds >= 3 && s.digits > 0 && !reference(v) && !strings.ContainsFunc(v, unicode.IsSpace) && !nameLike(v, s)
}

// nameWords are words of names of variables, settings and fields.
var nameWords = set(`password passwd pwd pass passphrase token tokens key keys secret secrets field fields param params parameter arg args var value
values val input output string text name names user username userid id ids type types hash length size min max version required optional prompt ask
none null true false yes not auto default enabled disabled plain crypt scram bcrypt argon method policy provider file path url uri host label hint
message error title description placeholder form page view reset confirm new old current this self config settings options props env environ process
module request response data http https com org net html json xml yaml invalid missing changed change update credential credentials auth login db
database column table`)

// words reports whether a value consists of words with joints, as in
// "winter-hammer", none of which is of a name. Two are enough where only a
// password can stand, or behind a key on a line of its own.
func words(v string, where place) bool {
	joint, n, letters, named := byte(0), 0, 0, 0
	start := 0
	for i := 0; i <= len(v); i++ {
		if i < len(v) && strings.IndexByte("-_.+", v[i]) < 0 {
			if c := v[i]; c < 0x80 && (c < 'a' || c > 'z') && (c < 'A' || c > 'Z') {
				return false
			}
			continue
		}
		if i < len(v) {
			if joint != 0 && joint != v[i] {
				return false
			}
			joint = v[i]
		}
		if i-start < 2 {
			return false
		}
		n++
		letters += i - start
		if w := strings.ToLower(v[start:i]); nameWords[w] && w != "secret" && w != "db" && !(n > 2 && w == "new") {
			named++
		}
		if w := v[start:i]; strings.IndexFunc(w[1:], unicode.IsUpper) >= 0 {
			return false // a constant, or a name in code
		}
		start = i + 1
	}
	return n >= 2 && n <= 6 && named == 0 && letters >= 6 && (n >= 3 || where >= bare)
}

var (
	// technical is a word that is written with a number.
	technical = regexp.MustCompile(`(?i)(?:^|[^a-z])(?:sha|md|aes|hmac|pbkdf|scram|argon|utf|iso|base|oauth)[-_]?[0-9]|(?i)(?:^|[^a-z0-9])(?:x|ecdsa|rsa|ed|tls|tlsv|ssl|sslv|v|http|ipv|ip|pkcs|chacha|poly|blake|crc|krb|saml|gost|curve|secp|p|es|rs|hs|ps|des|rc|dsa|win|ntlmv|ntlm|latin|ucs|h|i|l|k|a|t|s|r|id|ec|col|row|page|step|rule|type|level|tier|arg|param|var|val|tmp|item|test|user|field|option|part|line|log|web|sub|layer|block|node|phase|round|group|key|token|str|num|int|uint|float|string|byte|bytes|char|bit|bits)[-_]?v?\d{1,5}(?:[^0-9a-z]|$)`)
	// counted is a number with a noun.
	counted = regexp.MustCompile(`^[0-9]+[-_][A-Za-z]+(?:[-_][a-z]+)*$|^[A-Za-z]+[-_.]?[0-9]$|^[0-9.]+[A-Za-z]{1,3}$|\([0-9a-z]*\)`)
	// dated is a date, a version, a time or a number with its unit.
	dated = regexp.MustCompile(`^(?:v?[0-9]+(?:\.[0-9]+)+[-+.\w]*|[0-9]{4}-[0-9]{2}-[0-9]{2}\S*|[0-9]+[A-Za-z]{1,2}|0x[0-9a-fA-F]{1,8}|[0-9]+(?:bit|min|sec|day|days|hours|bytes|px)|[0-9]{1,2}:[0-9]{2}\S*)$`)
	// named is a number behind words of names.
	named = regexp.MustCompile(`^(?i)[a-z_.-]*?(?:password|passwd|pass|pwd|token|secret|key|value|user|name|field|arg|param|test|node|example|str|hash|data|file)[-_]?[0-9]{0,1}$`)
)

// nameLike reports whether a value with letters and digits is a name of
// something.
func nameLike(v string, s shape) bool {
	if dated.MatchString(v) {
		return true
	}
	if s.strong > 0 {
		return false
	}
	return technical.MatchString(v) && s.digits < 9 || named.MatchString(v) || variableName.MatchString(v) && s.joints == 0
}

func digitsOnly(v string) bool { return strings.Trim(v, "0123456789") == "" }

var (
	variable = regexp.MustCompile(`^(?:[$%@&][A-Za-z_][\w:.\[\]'"-]*%?|%[-+ #0-9.]*[a-zA-Z]|[$%#@]?\{.*\}?|<[^<>]*>|\[[^\]]*\]|\$[0-9@*]|!\w+.*)$`)
	template = regexp.MustCompile(`\$\{|\$\(|#\{|\{\{|\}\}|<%|%>|%\(|\{[0-9]?\}|\{[a-z_][\w.]*\}|%[sdv](?:$|\W)|\$\[|<[A-Za-z][\w -]*>|@@|__[A-Z_]+__|\[[a-zA-Z]-[a-zA-Z]|\\[dws]|\.\*|\[\^`)
	code     = regexp.MustCompile(`^[A-Za-z_$][\w$]*(?:(?:\.|->|::|\?\.)[A-Za-z_$][\w$]*)*(?:\(|\[|\.$)|=>|&&|\|\||\)\.|^func\b`)
	calls    = regexp.MustCompile(`^[A-Za-z_$][\w$.:]*(?:\(.*\)|\[.*\])|\\x[0-9a-f]{2}.*\\x|\\u[0-9a-fA-F]{4}|^(?:this|self|config|cfg|settings|options|opts|props|params|args|env|os|process|module|request|req|res|ctx|data|user|credentials|creds|app|state|event|form|var|local|vars|secrets|inputs|each|random_password|node|input|conf|session|account|item|row|record|model|obj|object|db|secret|auth|string|new|await|return|typeof|function|lambda|not|null|undefined)[.\[]`)
	shouted  = regexp.MustCompile(`^[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+$`)
	filePath = regexp.MustCompile(`^(?:\.{0,2}/|~/|[A-Za-z]:[\\/]|\\\\)|/.*/|^[\w.-]+/[\w./-]+$|(?i)\.(?:pem|key|crt|cer|p12|pfx|jks|txt|json|ya?ml|xml|conf|cfg|ini|sh|py|js|ts|go|php|rb|java|env|kdbx|gpg|asc|pub|html?|md|log|db|exe|dll|so|png|svg|css|sql|csv|properties|keytab|local|internal|com|org|net|io)$`)
	email    = regexp.MustCompile(`^[\w.+-]+@[\w-]+(?:\.[\w-]+)*\.[a-z]{2,8}$`)
	colour   = regexp.MustCompile(`^#(?:[0-9a-fA-F]{3}){1,2}(?:[0-9a-fA-F]{2})?$`)
	source   = regexp.MustCompile(`^(?i:arn|file|env|vault|op|ssm|secretref|data|urn|ref|projects|keyring|pass|awssm|gcpsm|azurekv|enc|https?|ftp|jdbc|classpath|sops|kms|cipher|sha1|sha256|sha384|sha512|md5)[:\[(/]|^\{cipher\}|^(?i)enc[(\[]|^@Microsoft|://`)
)

// reference reports whether a value stands for another: a variable, a call, a
// path, an address.
func reference(v string) bool {
	return variable.MatchString(v) || calls.MatchString(v) || shouted.MatchString(v) || filePath.MatchString(v) || email.MatchString(v) || colour.MatchString(v) || source.MatchString(v)
}

// standIns are what is written in the place of a secret.
var standIns = newMatcher([]string{
	"changeme", "change_me", "change-me", "change this", "placeholder", "redacted", "example", "your_", "your-", "yourpass", "yourtoken", "yoursecret", "yourkey",
	"yourapi", "insert_", "insert-", "replace", "dummy", "todo", "fixme", "removed", "censored", "sanitized", "undefined", "put_", "put-", "xxxx", "***", "....",
	"some_", "some-", "somepass", "supersecret", "mypassword", "my_password", "my-password", "mysecret", "my_secret", "my-secret", "test_", "test-", "sample", "fake", "mock", "notreal", "enter_", "enter-",
	"_here", "-here", "secretkeyref", "getenv", "environ",
})

// placeholder reports whether a value is written in the place of a secret.
func placeholder(v string) bool {
	if len(v) > longestValue || len(v) == len(headOf(v)) && (template.MatchString(v) || standIns.any(v)) || strings.Contains(v, "***") {
		return true
	}
	first := v[:min(len(v), 1)]
	return strings.Trim(v, first) == ""
}

// plain is a part of an identifier that is not random.
var plain = regexp.MustCompile(`^(?:[a-z]+|[A-Z]+|[A-Z][a-z]+|[a-z]{1,3}[0-9]{1,3}|[A-Z]{1,3}[0-9]{1,3}|[0-9]{1,8}|(?:[A-Z]?[a-z]{2,})+[0-9]{0,4}|[0-9]{1,3}[a-z]{1,3})$`)

// variableName is the name of a key in code.
var variableName = regexp.MustCompile(`^[A-Za-z_][\w.]*(?:Key|Token|Secret|Password)[0-9]{0,4}$|^[A-Za-z_]\w*\.[A-Za-z_]\w*[a-z][0-9]{0,4}$`)

var uuid = regexp.MustCompile(`^[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$`)

// random reports whether a machine made a value: at least 16 characters that
// change their kind too often for words, in parts that are not all plain.
func random(v string) bool {
	if len(v) < 16 || strings.ContainsFunc(v, func(r rune) bool { return r <= ' ' || r > '~' }) || reference(headOf(v)) && (strings.IndexByte(v, '/') < 0 || source.MatchString(headOf(v))) {
		return false
	}
	if len(v) == 36 && uuid.MatchString(v) {
		return true
	}
	s := shapeOf(v)
	chars := s.letters + s.digits
	if chars < 12 || s.strong > chars/2 || s.digits == 0 && (s.upper < 4 || s.lower < 4 || chars < 20) {
		return false
	}
	if entropy(v) < 2.8 || variableName.MatchString(headOf(v)) || (filePath.MatchString(headOf(v)) && strings.ContainsAny(v[:1], "/.~") && s.upper < 3) {
		return false
	}
	all := true
	for part := range strings.FieldsFuncSeq(v, func(r rune) bool { return strings.ContainsRune("-_.:/+, @;()[]{}<>|", r) }) {
		if !plain.MatchString(strings.TrimRight(part, "=!")) {
			all = false
			break
		}
	}
	if all {
		return false
	}
	longest := 10 * chars / max(s.runs, 1)
	if s.digits == 0 {
		return longest <= 34
	}
	return longest <= 36 && !(s.joints > 2 && longest > 30)
}

// encoded reports whether a value is the base64 of a password, as in the data
// of a Kubernetes secret.
func encoded(v string) bool {
	if len(v) < 8 || len(v) > 4*longestPassword || len(v)%4 != 0 {
		return false
	}
	s := shapeOf(v)
	if s.upper == 0 || s.lower == 0 {
		return false
	}
	b, err := base64.StdEncoding.DecodeString(v)
	return err == nil && printable(b) && !placeholder(string(b)) && person(string(b), literal)
}

// basic reports whether a value is the base64 of user:password, or of JSON.
func basic(v string) bool {
	if len(v) < 12 || len(v) > longestValue || len(v)%4 == 1 {
		return false
	}
	b, err := base64.RawStdEncoding.DecodeString(strings.TrimRight(v, "="))
	if err != nil {
		b, err = base64.RawURLEncoding.DecodeString(strings.TrimRight(v, "="))
	}
	if err != nil || !printable(b) {
		return false
	}
	user, pass, ok := strings.Cut(string(b), ":")
	return ok && len(user) > 0 && len(pass) > 2 && !placeholder(string(b))
}

func printable(b []byte) bool {
	return len(b) > 0 && utf8.Valid(b) && !strings.ContainsFunc(string(b), func(r rune) bool { return r < ' ' && r != '\n' && r != '\t' && r != '\r' || r == 0x7f })
}
