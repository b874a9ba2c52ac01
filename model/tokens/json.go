package tokens

import (
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"strings"

	"github.com/glyphkit/glyph/internal/limit"
)

// maxTokenizerFile is the size in bytes of the largest tokenizer.json that is
// read. The largest known, of 262,144 tokens, has 33 MB.
const maxTokenizerFile = 64 << 20

// FromTokenizerJSON returns a counter that follows a tokenizer.json of the
// Hugging Face tokenizers library, as open models come with. It counts as
// encoding without special tokens does: markers that stand in the text are one
// token each, markers that a chat template would add are not counted.
//
// Supported are byte-level BPE models, as of Qwen, GLM-4, DeepSeek, Llama 3 and
// 4, Mistral (Tekken) and GPT-2: pre-tokenizers ByteLevel, Split, Digits and
// sequences of them, normalizers NFC and none. Anything else is an error that
// names it, and so is a file of over [maxTokenizerFile] bytes. A Split by an
// expression that is none of these models' works ten times slower, and on texts
// Of up to 64 MiB. The package comment says which files were compared.
//
// The name of the counter is "tokenizer.json@" and the first 12 hexadecimal
// digits of the file's SHA-256.
func FromTokenizerJSON(path string) (Counter, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("loading tokenizer: %w", err)
	}
	defer f.Close()
	data, err := limit.ReadAll(f, maxTokenizerFile, "the file")
	if err != nil {
		return nil, fmt.Errorf("loading tokenizer %q: %w", path, err)
	}
	t, err := parseTokenizer(data)
	if err != nil {
		return nil, fmt.Errorf("loading tokenizer %q: %w", path, err)
	}
	return &exact{
		name: fmt.Sprintf("tokenizer.json@%.6x", sha256.Sum256(data)),
		load: func() *tokenizer { return t },
	}, nil
}

const supportedModel = "byte-level BPE"

// maxSealed is the length in bytes of the longest text that is split by an
// expression whose safe places are not known: its memory is ten times that.
const maxSealed = 64 << 20

// unsupported is the error for what a file may have but we cannot follow.
func unsupported(what, got, supported string) error {
	return fmt.Errorf("%s %q is not supported: only %s", what, got, supported)
}

func parseTokenizer(data []byte) (*tokenizer, error) {
	var file struct {
		Model        *jsonModel      `json:"model"`
		Normalizer   json.RawMessage `json:"normalizer"`
		PreTokenizer json.RawMessage `json:"pre_tokenizer"`
		AddedTokens  []addedToken    `json:"added_tokens"`
	}
	err := json.Unmarshal(data, &file)
	if m := file.Model; m != nil && m.Type != "" && m.Type != "BPE" {
		return nil, unsupported("model type", m.Type, supportedModel) // its vocabulary has another form
	}
	if err != nil {
		return nil, fmt.Errorf("not a tokenizer.json: %w", err)
	}
	if file.Model == nil {
		return nil, errors.New(`not a tokenizer.json: it has no "model"`)
	}
	t := new(tokenizer)
	if t.compose, err = parseNormalizer(file.Normalizer); err != nil {
		return nil, err
	}
	if err := t.parsePreTokenizer(file.PreTokenizer); err != nil {
		return nil, err
	}
	if t.model, err = file.Model.build(); err != nil {
		return nil, err
	}
	var raw, after []addedToken
	for _, a := range file.AddedTokens {
		if !a.Normalized {
			raw = append(raw, a)
			continue
		}
		if t.compose {
			a.Content = string(nfc([]byte(a.Content)))
		}
		after = append(after, a)
	}
	t.raw, t.after = newAddedTokens(raw), newAddedTokens(after)
	return t, nil
}

// parseNormalizer says whether text is composed.
func parseNormalizer(data json.RawMessage) (compose bool, err error) {
	var n *struct {
		Type        string            `json:"type"`
		Normalizers []json.RawMessage `json:"normalizers"`
	}
	if err := json.Unmarshal(orNull(data), &n); err != nil {
		return false, fmt.Errorf("normalizer: %w", err)
	}
	switch {
	case n == nil:
		return false, nil
	case n.Type == "NFC":
		return true, nil
	case n.Type == "Sequence":
		for _, one := range n.Normalizers {
			c, err := parseNormalizer(one)
			if err != nil {
				return false, err
			}
			compose = compose || c
		}
		return compose, nil
	}
	return false, unsupported("normalizer", n.Type, "NFC and none")
}

// parsePreTokenizer sets how t splits.
func (t *tokenizer) parsePreTokenizer(data json.RawMessage) error {
	var steps chain
	byteLevel := false
	var parse func(json.RawMessage) error
	parse = func(data json.RawMessage) error {
		var p *struct {
			Type             string            `json:"type"`
			Pretokenizers    []json.RawMessage `json:"pretokenizers"`
			AddPrefixSpace   *bool             `json:"add_prefix_space"`
			UseRegex         *bool             `json:"use_regex"`
			IndividualDigits bool              `json:"individual_digits"`
			Behavior         string            `json:"behavior"`
			Invert           bool              `json:"invert"`
			Pattern          struct {
				Regex  *string
				String *string
			} `json:"pattern"`
		}
		if err := json.Unmarshal(orNull(data), &p); err != nil {
			return fmt.Errorf("pre_tokenizer: %w", err)
		}
		const supported = "ByteLevel, Split, Digits and a Sequence of them that ends with ByteLevel"
		switch {
		case p == nil:
			return unsupported("pre_tokenizer", "null", supported)
		case byteLevel:
			return unsupported("pre_tokenizer", p.Type+" after ByteLevel", supported)
		case p.Type == "Sequence":
			for _, one := range p.Pretokenizers {
				if err := parse(one); err != nil {
					return err
				}
			}
		case p.Type == "ByteLevel":
			byteLevel = true
			if p.AddPrefixSpace == nil || *p.AddPrefixSpace {
				return unsupported("ByteLevel with add_prefix_space", "true", "false")
			}
			if p.UseRegex == nil || *p.UseRegex {
				steps = append(steps, gpt2{classes()})
			}
		case p.Type == "Digits":
			limit := 0
			if p.IndividualDigits {
				limit = 1
			}
			steps = append(steps, isolate{classes(), number, limit})
		case p.Type == "Split":
			if p.Pattern.Regex == nil {
				return unsupported("Split by pattern", "String", "Regex")
			}
			known := splitters()[*p.Pattern.Regex]
			// Pieces are matches, and what stands between them. The words family
			// leaves nothing between, so that it may as well be dropped.
			_, all := known.(words)
			if b := p.Behavior; (b != "Isolated" || p.Invert) && !(b == "Removed" && p.Invert && all) {
				return unsupported("Split with behavior", fmt.Sprintf("%s, invert %t", b, p.Invert), "Isolated, not inverted")
			}
			if known == nil {
				re, err := compile(*p.Pattern.Regex)
				if err != nil {
					return err
				}
				known, t.sealed = re, maxSealed
			}
			steps = append(steps, known)
		default:
			return unsupported("pre_tokenizer", p.Type, supported)
		}
		return nil
	}
	if err := parse(data); err != nil {
		return err
	}
	if !byteLevel || len(steps) == 0 {
		return errors.New("pre_tokenizer does not split, or is not byte-level: that is not supported")
	}
	t.split = steps
	return nil
}

func orNull(data json.RawMessage) json.RawMessage {
	if len(data) == 0 {
		return json.RawMessage("null")
	}
	return data
}

// jsonModel is the model of a tokenizer.json.
type jsonModel struct {
	Type                    string            `json:"type"`
	Dropout                 float64           `json:"dropout"`
	ContinuingSubwordPrefix string            `json:"continuing_subword_prefix"`
	EndOfWordSuffix         string            `json:"end_of_word_suffix"`
	ByteFallback            bool              `json:"byte_fallback"`
	IgnoreMerges            bool              `json:"ignore_merges"`
	Vocab                   map[string]uint32 `json:"vocab"`
	Merges                  []jsonMerge       `json:"merges"`
}

// jsonMerge is a pair of tokens: "a b", or since 2024 ["a","b"].
type jsonMerge [2]string

func (m *jsonMerge) UnmarshalJSON(data []byte) error {
	if data[0] == '[' {
		var pair []string
		if err := json.Unmarshal(data, &pair); err != nil || len(pair) != 2 {
			return fmt.Errorf("merge %.60s: want two tokens", data)
		}
		*m = jsonMerge(pair)
		return nil
	}
	var s string
	if err := json.Unmarshal(data, &s); err != nil {
		return fmt.Errorf("merge %.60s: want two tokens", data)
	}
	a, b, ok := strings.Cut(s, " ")
	if !ok || strings.Contains(b, " ") {
		return fmt.Errorf("merge %.60q: want two tokens with a space between", s)
	}
	*m = jsonMerge{a, b}
	return nil
}

func (j *jsonModel) build() (*model, error) {
	switch {
	case j.Dropout != 0:
		return nil, unsupported("model with dropout", fmt.Sprint(j.Dropout), "0")
	case j.ByteFallback:
		return nil, unsupported("model with byte_fallback", "true", supportedModel+", not SentencePiece")
	case j.ContinuingSubwordPrefix != "" || j.EndOfWordSuffix != "":
		return nil, unsupported("model with a prefix or suffix of words", j.ContinuingSubwordPrefix+j.EndOfWordSuffix, "none")
	}
	m := &model{whole: j.IgnoreMerges, merges: make(map[uint64]uint64, len(j.Merges))}
	var text []byte
	start := []uint32{0}
	for name := range j.Vocab {
		n := len(text)
		var ok bool
		if text, ok = appendBytes(text, name); !ok || len(text) == n {
			text = text[:n] // no bytes merge to it: an added token
			continue
		}
		if len(text)-n > maxToken {
			return nil, fmt.Errorf("token %.20q… has %d bytes: at most %d are supported", name, len(text)-n, maxToken)
		}
		start = append(start, uint32(len(text)))
	}
	m.vocab = newTable(text, start)
	for b, token := range m.vocab.single {
		if token == none {
			return nil, fmt.Errorf("vocabulary has no token for byte %#02x: only %s is supported, which has all 256", b, supportedModel)
		}
	}
	var scratch [maxToken]byte
	for rank, pair := range j.Merges {
		both, okA := appendBytes(scratch[:0], pair[0])
		left := len(both)
		both, okB := appendBytes(both, pair[1])
		if !okA || !okB {
			continue // no bytes merge to these
		}
		a, b, ab := m.vocab.find(both[:left]), m.vocab.find(both[left:]), m.vocab.find(both)
		if a == none || b == none || ab == none {
			return nil, fmt.Errorf("merge %d, of %.60q and %.60q: these and what they make must be in the vocabulary", rank+1, pair[0], pair[1])
		}
		m.merges[uint64(a)<<32|uint64(b)] = uint64(rank)<<32 | uint64(ab)
	}
	return m, nil
}

// maxToken is the length of the longest token that is read, in bytes. The
// longest known are 1,024 spaces.
const maxToken = 4 << 10

// byteOf gives the byte that a character of a byte-level vocabulary stands for,
// or -1: printable Latin-1 stands for itself, other bytes for U+0100 and
// following.
var byteOf = func() (of [0x144]int16) {
	for i := range of {
		of[i] = -1
	}
	next := 0x100
	for b := range 256 {
		if b >= '!' && b <= '~' || b >= 0xa1 && b <= 0xac || b >= 0xae {
			of[b] = int16(b)
		} else {
			of[next] = int16(b)
			next++
		}
	}
	return of
}()

// appendBytes appends the bytes that a token of a byte-level vocabulary stands
// for. It reports false if the token has other characters.
func appendBytes(dst []byte, token string) ([]byte, bool) {
	for _, r := range token {
		if int(r) >= len(byteOf) || byteOf[r] < 0 {
			return dst, false
		}
		dst = append(dst, byte(byteOf[r]))
	}
	return dst, true
}
