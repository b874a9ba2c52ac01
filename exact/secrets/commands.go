package secrets

import (
	"regexp"
	"slices"
	"strings"
)

// tool says with which options a command takes a password. Options that are
// named for what they take, such as --password, need no tool.
type tool struct {
	sub          string // a word that has to be among the arguments, if not ""
	separate     string // options, the password is the next word
	attached     string // options, the password is the rest of the word
	pair         string // options, the next word is user:password
	cookies      string // options, the next word is cookies
	attachedPair string // options, the rest of the word is user:password
	parts        byte   // what parts user and password, if not ':'
	last         int    // the password is the argument of that number without a dash, from 1
}

var tools = map[string]tool{
	"mysql": {attached: "-p"}, "mysqldump": {attached: "-p"}, "mysqladmin": {attached: "-p"}, "mysqlimport": {attached: "-p"}, "mariadb": {attached: "-p"}, "mariadb-dump": {attached: "-p"},
	"sshpass": {attached: "-p", separate: "-p"},
	"7z":      {attached: "-p"}, "7za": {attached: "-p"}, "7zz": {attached: "-p"}, "rar": {attached: "-p -hp"}, "unrar": {attached: "-p"},
	"zip": {separate: "-P"}, "unzip": {separate: "-P"},
	"docker": {sub: "login", separate: "-p"}, "podman": {sub: "login", separate: "-p"}, "buildah": {sub: "login", separate: "-p"}, "nerdctl": {sub: "login", separate: "-p"},
	"oras": {sub: "login", separate: "-p"}, "crane": {sub: "login", separate: "-p"}, "oc": {sub: "login", separate: "-p"}, "az": {sub: "login", separate: "-p"}, "skopeo": {pair: "--creds --src-creds --dest-creds"},
	"sqlcmd": {separate: "-P", attached: "-P"}, "bcp": {separate: "-P", attached: "-P"}, "osql": {separate: "-P", attached: "-P"}, "isql": {separate: "-P", last: 3}, "tsql": {separate: "-P"},
	"curl": {pair: "-u --user -U --proxy-user", attachedPair: "-u", cookies: "-b --cookie"}, "http": {pair: "-a --auth"}, "httpie": {pair: "-a --auth"}, "lftp": {pair: "-u --user", parts: ','},
	"mongo": {separate: "-p"}, "mongosh": {separate: "-p"}, "mongodump": {separate: "-p"}, "mongorestore": {separate: "-p"}, "mongoexport": {separate: "-p"}, "mongoimport": {separate: "-p"},
	"redis-cli": {separate: "-a"}, "cqlsh": {separate: "-p"}, "beeline": {separate: "-p"}, "ipmitool": {separate: "-P"}, "mosquitto_pub": {separate: "-P"}, "mosquitto_sub": {separate: "-P"},
	"ldapsearch": {separate: "-w"}, "ldapmodify": {separate: "-w"}, "ldapadd": {separate: "-w"}, "ldapdelete": {separate: "-w"}, "ldapwhoami": {separate: "-w"}, "ldappasswd": {separate: "-w -s -a"},
	"snmpwalk": {separate: "-c -A -X"}, "snmpget": {separate: "-c -A -X"}, "snmpset": {separate: "-c -A -X"},
	"smbclient": {pair: "-U --user", parts: '%', last: 2}, "rpcclient": {pair: "-U --user", parts: '%'}, "smbget": {pair: "-U --user", parts: '%'},
	"xfreerdp": {attached: "/p:"}, "rdesktop": {separate: "-p"}, "plink": {separate: "-pw"}, "pscp": {separate: "-pw"}, "psftp": {separate: "-pw"}, "psexec": {separate: "-p"}, "winrs": {separate: "-p", attached: "-p:"},
	"schtasks": {separate: "/rp /p"}, "twine": {separate: "-p"}, "vault": {sub: "login", last: 2}, "ngrok": {last: 2}, "hydra": {separate: "-p"},
	"htpasswd": {last: 3}, "wpa_passphrase": {last: 2}, "rabbitmqctl": {last: 3}, "net": {last: 3}, "openssl": {separate: "-k"}, "sqlplus": {parts: '/', last: 1}, "rman": {parts: '/'}, "expdp": {parts: '/', last: 1}, "impdp": {parts: '/', last: 1},
	"chpasswd": {}, "sudo": {}, "passwd": {},
}

var commandRule = [2]string{"command-password", "A password among the words of a command."}

// argument is a word of a command: its value, without quotation marks, is
// text[start:end].
type argument struct{ start, end int }

// command reads the words of the command whose name is text[start:end].
func (p *pairs) command(start, end int) {
	t := p.text
	if start > 0 && strings.IndexByte(" \t\n/\\\"'`(;|&>$@", t[start-1]) < 0 {
		return
	}
	name := strings.ToLower(t[start:end])
	if strings.HasPrefix(t[end:], ".exe") {
		end += len(".exe")
	}
	if name == "chpasswd" && strings.HasPrefix(t[end:], ":") {
		p.userLines(start, end)
		return
	}
	piped := end >= len(t) || strings.IndexByte("\n\r\"'", t[end]) >= 0
	if !piped && t[end] != ' ' && t[end] != '\t' {
		return
	}
	switch name {
	case "chpasswd", "sudo", "passwd":
		p.echoed(name, start)
		return
	}
	if piped {
		return
	}
	args := arguments(t, end)
	to := tools[name]
	if to.sub != "" && !slices.ContainsFunc(args, func(a argument) bool { return t[a.start:a.end] == to.sub }) {
		return
	}
	p.options(to, args)
	p.positional(name, to, args)
}

// options reads the options that take a password.
func (p *pairs) options(to tool, args []argument) {
	t := p.text
	for i, a := range args {
		word := t[a.start:a.end]
		if rest, ok := strings.CutPrefix(word, "pass:"); ok {
			p.given(password, a.end-len(rest), a.end)
		}
		for opt := range strings.FieldsSeq(to.attached) {
			if rest, ok := strings.CutPrefix(word, opt); ok && rest != "" {
				at := a.end - len(rest)
				if q := rest[0]; q == '\'' || q == '"' {
					at++ // the closing one is not part of the word
					if a.end > at && t[a.end-1] == q {
						a.end--
					}
				}
				p.given(password, at, a.end)
			}
		}
		for opt := range strings.FieldsSeq(to.attachedPair) {
			if rest, ok := strings.CutPrefix(word, opt); ok && rest != "" {
				p.userAnd(to.parts, argument{a.end - len(rest), a.end})
			}
		}
		if i+1 == len(args) {
			continue
		}
		next := args[i+1]
		for opt := range strings.FieldsSeq(to.separate) {
			if word == opt {
				p.given(password, next.start, next.end)
			}
		}
		for opt := range strings.FieldsSeq(to.cookies) {
			if word == opt {
				p.cookies(next.start, next.end)
			}
		}
		for opt := range strings.FieldsSeq(to.pair) {
			if word == opt {
				p.userAnd(to.parts, next)
			}
		}
	}
}

// positional reads the argument that is a password by its place.
func (p *pairs) positional(name string, to tool, args []argument) {
	t := p.text
	if to.last == 0 {
		return
	}
	var plain []argument
	if name == "net" && len(args) > 0 {
		switch strings.ToLower(t[args[0].start:args[0].end]) {
		case "user":
		case "use": // the password is what is no drive and no path
			for _, a := range args[1:] {
				if w := t[a.start:a.end]; !strings.ContainsAny(w, `\/`) && !strings.HasSuffix(w, ":") {
					p.given(password, a.start, a.end)
				}
			}
			return
		default:
			return
		}
	}
	for _, a := range args {
		if w := t[a.start:a.end]; w != "" && w[0] != '-' && !(w[0] == '/' && name == "net") {
			plain = append(plain, a)
		}
	}
	if to.parts == '/' && len(plain) > 0 {
		a := plain[0]
		_, rest, ok := strings.Cut(t[a.start:a.end], "/")
		if at := strings.LastIndexByte(rest, '@'); ok && at > 0 {
			p.given(password, a.end-len(rest), a.end-len(rest)+at)
		} else if ok {
			p.given(password, a.end-len(rest), a.end)
		}
		return
	}
	if len(plain) >= to.last {
		a := plain[to.last-1]
		k := password
		if name == "ngrok" || name == "vault" {
			k = token
		}
		p.given(k, a.start, a.end)
	}
}

func (p *pairs) userAnd(parts byte, a argument) {
	if parts == 0 {
		parts = ':'
	}
	word := p.text[a.start:a.end]
	if n := strings.IndexByte(word, parts); n > 0 && !strings.ContainsAny(word[:n], "/$") {
		at := a.start + n + 1
		if q := p.text[at:a.end]; len(q) > 1 && (q[0] == '\'' || q[0] == '"') {
			at++
		}
		p.given(password, at, a.end)
	}
}

// given records a word of a command.
func (p *pairs) given(k kind, start, end int) {
	if start < end && k.plausible(p.text[start:end], bare) {
		p.found = append(p.found, Finding{Start: start, End: end, Rule: commandRule[0], Description: commandRule[1]})
	}
}

var userLine = regexp.MustCompile(`^[ \t]+(?:-[ \t]+)?["']?[\w.-]{1,32}:([^\s"']+)["']?[ \t\r]*$`)

// userLines reads lines of user:password in the block below a key.
func (p *pairs) userLines(start, end int) {
	t := p.text
	indent := indentOf(t[lineStart(t, start):start])
	for i, n := lineEnd(t, end)+1, 0; n < longestContainer && i < len(t); n++ {
		e := lineEnd(t, i)
		if line := t[i:e]; strings.TrimSpace(line) != "" {
			if indentOf(line) <= indent {
				return
			}
			if m := userLine.FindStringSubmatchIndex(line); m != nil {
				p.given(password, i+m[2], i+m[3])
			}
		}
		i = e + 1
	}
}

// echoed reads what is echoed into a command, as in echo "user:…" | chpasswd.
func (p *pairs) echoed(name string, at int) {
	t := p.text
	ls := lineStart(t, at)
	head := t[ls:at]
	n := max(strings.LastIndex(head, "echo "), strings.LastIndex(head, "printf "))
	if n < 0 || !strings.Contains(head[n:], "|") {
		return
	}
	args := arguments(t, ls+n+strings.IndexByte(head[n:], ' '))
	if len(args) == 0 {
		return
	}
	a := args[len(args)-1]
	if name == "chpasswd" {
		p.userAnd(':', a)
		return
	}
	p.given(password, a.start, a.end)
}

// arguments returns the words of a command from i on, up to what ends it.
func arguments(t string, i int) []argument {
	var args []argument
	limit := min(i+longestLine, len(t))
	for i < limit && len(args) < 64 {
		switch t[i] {
		case ' ', '\t', '\r':
			i++
			continue
		case '\\', '^':
			if next := strings.TrimPrefix(t[i+1:min(i+3, limit)], "\r"); strings.HasPrefix(next, "\n") {
				i += 1 + strings.IndexByte(t[i+1:], '\n') + 1
				continue
			}
		case '\n', '|', ';', '`', ')':
			return args
		case '&':
			if i+1 < limit && t[i+1] == '&' {
				return args
			}
		}
		a := argument{start: i}
		for i < limit && strings.IndexByte(" \t\n\r", t[i]) < 0 {
			q := t[i]
			if q != '"' && q != '\'' {
				if q == ';' && (i+1 == limit || strings.IndexByte(" \n", t[i+1]) >= 0) {
					break
				}
				i++
				continue
			}
			n := strings.IndexByte(t[i+1:limit], q)
			if nl := strings.IndexByte(t[i+1:limit], '\n'); n < 0 || nl >= 0 && nl < n {
				limit = i // it closes what the command stands in
				break
			}
			if i == a.start {
				a.start++
				i += n + 1
				a.end = i
				i++
				break
			}
			i += n + 2
		}
		if a.end == 0 {
			a.end = i
		}
		args = append(args, a)
	}
	return args
}
