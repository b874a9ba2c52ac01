package secrets

import (
	"slices"
	"strings"
	"unicode"
)

// kind says what stands behind a key.
type kind uint8

const (
	nothing  kind = iota
	token         // a key or a token: made by a machine
	secret        // made by a machine, or chosen with care
	password      // chosen by a person
	userPass      // user:password, or its base64
	header        // a scheme and a token
	cookie        // the identifier of a session
)

// keyWords are what the name of a key of some kind contains, in lower case.
// Other letters than ASCII are matched as they stand here.
var keyWords = []string{
	"pass", "pwd", "pw", "psk", "secret", "token", "key", "cred", "jwt", "auth", "login", "cookie", "community", "salt", "encrypt",
	"kennwort", "losung", "schlüssel", "schluessel", "contrase", "clave", "senha", "chave", "clé", "mdp", "parola", "chiave", "wachtwoord", "sleutel",
	"haslo", "hasło", "heslo", "losenord", "lösenord", "salasana", "adgangskode", "jelsz", "sifre", "şifre", "Şifre", "sandi",
	"пароль", "Пароль", "ключ", "Ключ", "密码", "密碼", "密钥", "密鑰", "口令", "パスワード", "暗証", "비밀번호", "암호", "סיסמה", "كلمة المرور", "รหัสผ่าน", "mật khẩu",
	"sessid", "jsessionid", "connect.sid", "aspxauth", "aspnetcore.", "sessionid", "_session", "identified by", `eap "`, `xauth "`,
}

// passwordWords are last words of keys behind which stands a password.
var passwordWords = set(`pass passwd password passwords passwrd passphrase passcode passwort passwörter pwd psk pw passe motdepasse mdp
kennwort kennwörter losungswort contraseña contrasena contrasenya senha palavrapasse parola wachtwoord haslo hasło heslo losenord lösenord
salasana adgangskode passord jelszó jelszo sifre şifre sandi пароль community requirepass masterauth masterpass
eap xauth psksecret rocommunity rwcommunity userpass adminpass rootpass dbpass`)

// passwordEnds are ends of words that are written together.
var passwordEnds = []string{
	"password", "passwd", "passphrase", "passwort", "kennwort", "wachtwoord", "userpwd", "密码", "密碼", "口令", "パスワード", "暗証番号", "비밀번호", "암호",
	"סיסמה", "المرور", "รหัสผ่าน", "khẩu", "пароль", "identified by",
}

// beforePass are what "pass", "pwd", "pw" and "psk" are written together with.
var beforePass = set(`store key trust db user root admin smtp imap mail ftp sftp ssh sudo su become require master auth bind my sql mysql pg redis
mongo proxy wifi wlan wpa client server dest src login web http basic mqtt ldap rdp vnc snmp ssl cert sasl priv enc ipmi vpn ppp samba smb win net
app api host account acct new old test ora oracle postgres rabbit amqp service svc jks pfx p12 zip reg deploy olcroot roots`)

// tokenWords are last words of keys behind which stands what a machine made.
var tokenWords = set(`token jwt apikey apitoken secretkey accesskey privatekey authtoken authkey accesstoken refreshtoken bearer
credential credentials creds salt encrypt schlüssel schluessel clé chiave chave sleutel ключ 密钥 密鑰 sessionkey signingkey encryptionkey masterkey`)

// tails are words that a key may end in without being another one.
var tails = set(`again confirm confirmation prod production dev development test staging stage live value val string str plain cleartext plaintext
b base encoded enc primary secondary main default old new current admin root raw data hash hashed crypted encrypted env override api`)

// keyWhat are words that stand before "key" where it is a secret.
var keyWhat = set(`api access secret private auth authentication authorization encryption encrypt signing sign signature master session account
app application service shared client consumer storage subscription ssh webhook integration admin deploy sas host function crypto cipher cookie
jwt hmac write instrumentation server root recovery secure logged nonce security user site license licence management project rest live sandbox
deployment ingest ingestion write personal team org clé`)

// notTokens are words that stand before "token", "key" or "secret" where it is none.
var notTokens = set(`next page continuation cancel cancellation csrf xsrf sync resume pagination end start lexer comment input output special pad eos bos
unk idempotency anti antiforgery existing pull public pub foreign primary sort partition cache row column lookup id request kind type previous prev
sequence stop mask media publishable site verification`)

// asking are first words of keys that ask for a password or speak of one.
var asking = set(`show hide forgot forget reset change no is has use allow min max enter choose generate validate verify check prompt ask required need
needs without disable enable missing invalid wrong bad incorrect get skip hashed ignore send`)

// cookies are names, or ends of names, of cookies with the identifier of a session.
var cookies = []string{"sessid", "sessionid", "connect.sid", "aspxauth", "_session", ".session", "session.id", "session-token", "sid", "remember_token", "wordpress_logged_in"}

func set(words string) map[string]bool {
	m := map[string]bool{}
	for _, w := range strings.Fields(words) {
		m[w] = true
	}
	return m
}

// kindOf tells what stands behind a key from the words that its name is made
// of: the last one counts, and what stands before it.
func kindOf(key string) kind {
	var buf [12]string
	words := split(buf[:0], key)
	for len(words) > 1 && tails[words[len(words)-1]] {
		words = words[:len(words)-1]
	}
	if len(words) == 0 {
		return nothing
	}
	last, before := words[len(words)-1], ""
	if len(words) > 1 {
		before = words[len(words)-2]
		if asking[words[0]] {
			return nothing
		}
	}
	switch {
	case isPassword(last):
		return password
	case notTokens[before]:
		return nothing
	case last == "clave" || strings.HasSuffix(last, "secret"):
		return secret
	case tokenWords[last] || machineMade(last):
		return token
	case last == "key" && keyWhat[before]:
		return token
	case last == "authorization":
		return header
	case last == "auth" || last == "ident" || last == "login" && before != "":
		return userPass
	case isCookie(key):
		return cookie
	}
	return nothing
}

// machineMade reports whether a word is "token" or a kind of key written
// together with others.
func machineMade(word string) bool {
	for _, end := range []string{"token", "apikey", "secretkey", "accesskey"} {
		if stem, ok := strings.CutSuffix(word, end); ok && !notTokens[stem] {
			return true
		}
	}
	return false
}

func isPassword(word string) bool {
	if passwordWords[word] {
		return true
	}
	for _, end := range []string{"pass", "pwd", "pw", "psk"} {
		if stem, ok := strings.CutSuffix(word, end); ok && beforePass[stem] {
			return true
		}
	}
	return slices.ContainsFunc(passwordEnds, func(end string) bool { return strings.HasSuffix(word, end) })
}

func isCookie(name string) bool {
	name = strings.ToLower(name)
	return slices.ContainsFunc(cookies, func(end string) bool {
		return strings.HasSuffix(name, end) && (len(end) > 3 || len(name) == len(end) || strings.IndexByte("._-", name[len(name)-len(end)-1]) >= 0) ||
			end == "wordpress_logged_in" && strings.HasPrefix(name, end)
	})
}

// split appends the words of a name in lower case: "dbPASSWORD_2" has "db" and
// "password". Only the last words matter, so that others are dropped when
// there are too many.
func split(words []string, name string) []string {
	lower := strings.ToLower(name)
	if len(lower) != len(name) { // of few letters of the world
		name = lower
	}
	start := -1
	end := func(i int) {
		if start >= 0 {
			if len(words) == cap(words) && len(words) > 0 {
				words = words[:copy(words, words[1:])]
			}
			words = append(words, lower[start:i])
		}
		start = -1
	}
	for i := 0; i < len(name); i++ {
		c := name[i]
		switch {
		case c >= 0x80 || c >= 'a' && c <= 'z':
			if start < 0 {
				start = i
			}
		case c >= 'A' && c <= 'Z':
			afterLower := i > 0 && name[i-1] >= 'a' && name[i-1] <= 'z'
			afterUpper := i > 0 && name[i-1] >= 'A' && name[i-1] <= 'Z'
			beforeLower := i+1 < len(name) && name[i+1] >= 'a' && name[i+1] <= 'z'
			if afterLower || afterUpper && beforeLower {
				end(i)
			}
			if start < 0 {
				start = i
			}
		default:
			end(i)
		}
	}
	end(len(name))
	return words
}

// inKey reports whether a character may be part of the name of a key.
func inKey(r rune) bool {
	if r < 0x80 {
		return r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || r == '_' || r == '-' || r == '.'
	}
	return unicode.IsLetter(r) || unicode.IsMark(r)
}
