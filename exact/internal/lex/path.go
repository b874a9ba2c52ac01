package lex

import (
	"strings"

	"github.com/glyphkit/glyph/internal/value"
)

// IsPathByte reports whether a path may have c.
func IsPathByte(c byte) bool {
	return IsWordByte(c) || strings.IndexByte(".-+~@%=*$/", c) >= 0
}

// pathEnd is the end of the path characters at i, without the full stops and
// other signs that belong to the sentence.
func pathEnd(s string, i int) int {
	k := i
	for k < len(s) {
		if IsPathByte(s[k]) && !(s[k] == '=' && k > i && At(s, k+1) != '/') {
			// A version, not a part of the path: module@v1.2.3.
			if s[k] == '@' && (IsDigit(At(s, k+1)) || At(s, k+1) == 'v' && IsDigit(At(s, k+2))) {
				break
			}
			k++
		} else if n := WordLen(s, k); n > 0 {
			k += n
		} else {
			break
		}
	}
	if strings.HasSuffix(s[i:k], "/...") && At(s, k) != '.' {
		return k
	}
	if next := pathBreak(s, i, k); next > k {
		return pathEnd(s, next)
	}
	for k > i && strings.IndexByte(".-+~@%=*$", s[k-1]) >= 0 {
		k--
	}
	return k
}

// pathBreak is where the path from i goes on in the next line, k if it ends at k:
// behind a slash or a hyphen at the line's end, if what follows looks like the
// rest of a path.
func pathBreak(s string, i, k int) int {
	if c := At(s, k); c != '\n' && c != '\r' || k == i || s[k-1] != '/' && s[k-1] != '-' || strings.IndexByte(s[i:k], '/') < 0 {
		return k
	}
	if s[k-1] == '/' && !isWrapped(s, k) {
		return k
	}
	next := indentEnd(s, k, k)
	if next == k || WordLen(s, next) == 0 {
		return k
	}
	end := next
	for end < len(s) && IsPathByte(s[end]) {
		end++
	}
	rest := strings.TrimRight(s[next:end], ".")
	if strings.Contains(rest, "/") || hasExtension(rest) || strings.Contains(rest, "_") {
		return next
	}
	return k
}

// lineEnd adds the line and column of file.go:12:3.
func lineEnd(s string, i int) int {
	for range 2 {
		if At(s, i) != ':' {
			break
		}
		end := DigitsEnd(s, i+1)
		if end == i+1 || end > i+8 || WordLen(s, end) > 0 {
			break
		}
		i = end
	}
	return i
}

// MatchPath reads a path that begins with /, ./, ../ or ~/, and \\server\share.
func MatchPath(s string, i int) int {
	if c := At(s, i-1); EndsWord(s, i) || c == '<' || c == '/' || c == '.' || c == '*' || c == ')' || c == ']' || c == '}' {
		return i
	}
	rest := s[i:]
	if strings.HasPrefix(rest, `\\`) {
		return driveEnd(s, i, i+2)
	}
	root := 0
	for _, p := range []string{"/", "./", "../", "~/"} {
		if strings.HasPrefix(rest, p) {
			root = len(p)
		}
	}
	if root == 0 || WordLen(s, i+root) == 0 && At(s, i+root) != '.' {
		return i
	}
	end := pathEnd(s, i)
	letters := 0
	for k := i; k < end; k++ {
		if c := s[k]; IsAlpha(c) || c >= 0x80 {
			letters++
		}
	}
	if letters < 2 {
		return i
	}
	if hasExtension(s[i:end]) {
		end = lineEnd(s, end)
	}
	return end
}

// MatchDrive reads C:\… and C:/….
func MatchDrive(s string, i int) int {
	if !IsAlpha(s[i]) || At(s, i+1) != ':' || At(s, i+2) != '\\' && (At(s, i+2) != '/' || At(s, i+3) == '/') {
		return i
	}
	return driveEnd(s, i, i+3)
}

func driveEnd(s string, i, k int) int {
	from := k
	for k < len(s) {
		if IsPathByte(s[k]) || s[k] == '\\' || WordLen(s, k) > 0 {
			k += max(1, WordLen(s, k))
		} else if end := folderEnd(s, k); end > k {
			k = end
		} else {
			break
		}
	}
	for k > from && strings.IndexByte(".-+~@%=*$\\", s[k-1]) >= 0 {
		k--
	}
	if k == from {
		return i
	}
	return k
}

// folderEnd is the backslash behind the name of a folder whose first blank is at
// i, as in C:\Program Files (x86)\: a few words, not in small letters. It is i
// if there is none.
func folderEnd(s string, i int) int {
	const longest = 32
	if s[i] != ' ' {
		return i
	}
	for k := i + 1; k < len(s) && k < i+longest; k++ {
		switch c := s[k]; {
		case c == '\\' && s[k-1] != ' ':
			return k
		case s[k-1] == ' ' && !IsUpper(c) && !IsDigit(c) && c != '(':
			return i
		case IsWordByte(c), c == ' ', strings.IndexByte(".-()", c) >= 0:
		default:
			return i
		}
	}
	return i
}

// MatchFile reads a path without a root, or a file's name. Two words with a
// slash (and/or) are none: there must be an extension, a digit, a sign, three
// parts and more, or a name (isSlashName).
func MatchFile(s string, i int) int {
	end := joinedEnd(s, i)
	if At(s, end) != '/' {
		if hasExtension(s[i:end]) {
			return lineEnd(s, end)
		}
		return i
	}
	end = pathEnd(s, i)
	p := s[i:end]
	slashes := strings.Count(p, "/")
	if slashes == 0 || strings.Contains(p, "//") {
		return i
	}
	if hasExtension(p) {
		return lineEnd(s, end)
	}
	digits, smalls := 0, 0
	for k := range len(p) {
		switch {
		case IsDigit(p[k]):
			digits++
		case IsLower(p[k]):
			smalls++
		}
	}
	if smalls == 0 {
		return i // KX-20991/B, TCP/IP, 1/2
	}
	last := p[strings.LastIndexByte(p, '/')+1:]
	switch {
	case slashes == 1 && isDevice(p, last):
		return end
	case slashes == 1 && strings.Trim(last, "0123456789.") == "":
		return i // agent/1.2
	case slashes == 1 && isUnitName(p):
		return i
	case IsDigit(p[0]) && slashes == 1 && !strings.ContainsAny(p, "._"):
		return i
	case slashes >= 2 || digits > 0 || strings.ContainsAny(p, "._") || isSlashName(p):
		return end
	}
	return i
}

// isDevice reports whether a path of two parts is a device or system such as
// pts/0 and z/VM.
func isDevice(p, last string) bool {
	first := p[:len(p)-len(last)-1]
	if len(first) == 1 && IsLower(first[0]) {
		return len(last) > 1 && strings.Trim(last, "ABCDEFGHIJKLMNOPQRSTUVWXYZ") == ""
	}
	return devices[first] && strings.Trim(last, "0123456789") == ""
}

// devices are those that are written with a slash before their number.
var devices = SetOf("pts tty vc eth gi ge xe fa te hu")

// isUnitName reports whether p is a unit such as km/h.
func isUnitName(p string) bool {
	end, _, _ := value.UnitEnd(p, 0)
	return end == len(p)
}

// MatchPair reads two plain words with a slash, which are a path where they
// stand alone in quotation marks.
func MatchPair(s string, i int) int {
	if WordLen(s, i) == 0 {
		return i
	}
	end := pathEnd(s, i)
	if k := strings.IndexByte(s[i:end], '/'); k <= 0 || k == end-i-1 {
		return i
	}
	return end
}

var extensions = SetOf(`asm avi awk bak bash bat bib bin bmp bz2 c cc cfg cgi class cmake cmd conf cpp crt cs css csv cxx
dat db deb diff dll docx doc dockerfile dylib ejs elf env eps epub erl exe ex exs fs gem gif go gradle gz h hpp hs htm html
ico ini ipynb iso jar java jpeg jpg js json jsonl jsx key kt lock log lua lz4 m4 md mjs mk ml mod mov mp3 mp4 msi mts o
ods odt ogg otf out parquet patch pdf pem php pid pl png pot pptx ppt proto ps1 pub py pyc r rar rb rc rpm rs rst rtf
sass scala scss sh so sock sql sqlite srt sum svg swift sys tar tex tgz tif tiff tmp toml ts tsv tsx ttf txt vue wal
wasm wav webm webp whl woff woff2 xls xlsx xml xz yaml yml zig zip zst`)

// hasExtension reports whether a path ends like a file's name.
func hasExtension(p string) bool {
	dot := strings.LastIndexByte(p, '.')
	if dot <= 0 || p[dot-1] == '/' && dot == 1 {
		return false
	}
	ext := p[dot+1:]
	return len(ext) <= 10 && (extensions[ext] || extensions[strings.ToLower(ext)] && ext == strings.ToUpper(ext)) && !strings.HasPrefix(p, "e.g")
}

// MatchFlag reads -x, -name and --long-name, with the value of --name=value and
// -DNAME=value, and the number of -c 1. A hyphen that a wrap has added is part of
// it.
func MatchFlag(s string, i int) int {
	if s[i] != '-' || i > 0 && !IsSpace(s[i-1]) && strings.IndexByte("[({\"'`|,=;/", s[i-1]) < 0 {
		return i
	}
	k := i + 1
	if At(s, k) == '-' {
		k++
	}
	if !IsAlpha(At(s, k)) {
		return i
	}
	for {
		k = WordEnd(s, k)
		if strings.HasPrefix(s[k:], "\u2010") {
			if next := indentEnd(s, k, k+len("\u2010")); next > k && WordLen(s, next) > 0 {
				k = next
				continue
			}
		}
		if c := At(s, k); c != '-' && c != '.' || WordLen(s, k+1) == 0 {
			break
		}
		k++
	}
	if At(s, k) == '=' {
		return flagValueEnd(s, k)
	}
	const letter = 2
	if k-i == letter && At(s, k) == ' ' {
		if e := DigitsEnd(s, k+1); e > k+1 && e-k <= 3 && (At(s, e) == ' ' || At(s, e) == '\n' || At(s, e) == 0) {
			return e
		}
		if strings.HasPrefix(s[k+1:], "$((") {
			if e := strings.Index(s[k:min(len(s), k+40)], "))"); e > 0 {
				return k + e + 2
			}
		}
	}
	return k
}

// flagValueEnd is the end of the value behind the equals sign at k.
func flagValueEnd(s string, k int) int {
	const longest = 200
	from := k + 1
	if c := At(s, from); c == '\'' || c == '"' {
		if e := strings.IndexByte(s[from+1:min(len(s), from+longest)], c); e >= 0 && strings.IndexByte(s[from+1:from+1+e], '\n') < 0 {
			return from + e + 2
		}
		return k
	}
	end := from
	for end < len(s) && end < from+longest && s[end] > ' ' && strings.IndexByte("\"'`()[]<>|;", s[end]) < 0 {
		end++
	}
	for end > from && strings.IndexByte(".,:", s[end-1]) >= 0 {
		end--
	}
	if end == from {
		return k
	}
	return end
}

// SetOf is the set of the words of a string.
func SetOf(words string) map[string]bool {
	set := map[string]bool{}
	for _, w := range strings.Fields(words) {
		set[w] = true
	}
	return set
}
