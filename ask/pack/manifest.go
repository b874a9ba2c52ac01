package pack

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"

	"github.com/glyphkit/glyph/document"
	"github.com/glyphkit/glyph/exact/secrets"
	"github.com/glyphkit/glyph/internal/value"
	"github.com/glyphkit/glyph/internal/version"
	"github.com/glyphkit/glyph/render"
)

// manifestVersion names the format of a Manifest. A change that a reader of the
// old format would misunderstand gets a new number.
const manifestVersion = "glyph-pack/1"

// Manifest says what the requests of a question hold, by hashes and ranges, without the texts. It
// is a function of documents, config, options and versions: it holds no time
// and no path of the machine, and no secret.
type Manifest struct {
	Version string `json:"version"` // ManifestVersion
	Tool    struct {
		Name    string `json:"name"`
		Version string `json:"version"`
	} `json:"tool"`
	Config       json.RawMessage    `json:"config"`
	ConfigSHA256 string             `json:"config_sha256"`
	Budget       Budget             `json:"exact_budget"`
	MaxTokens    int64              `json:"max_tokens"` // 0 if requests have no bound
	Legend       string             `json:"legend"`
	Question     document.Sum       `json:"question"`
	Secrets      secrets.Report     `json:"secrets"`
	Documents    []manifestDocument `json:"documents"`
	LeftOut      []render.LeftOut   `json:"left_out"`
	Requests     []manifestRequest  `json:"requests"`
	Price        Price              `json:"price"`
}

// manifestDocument is a document of the pack. Its content and all ranges are of
// the text as it was sent, secrets masked if that was asked for.
type manifestDocument struct {
	Name     string            `json:"name"`
	Label    string            `json:"label"`
	Encoding document.Encoding `json:"encoding"`
	document.Sum
	Gate  *render.Decision `json:"gate,omitempty"`
	Parts []packedPart     `json:"parts"`
}

// packedPart is a page or a text.
type packedPart struct {
	Kind      string `json:"kind"` // "pages" or "text"
	Start     int64  `json:"start"`
	End       int64  `json:"end"`
	FirstLine int    `json:"first_line"`
	LastLine  int    `json:"last_line"`
	Tokens    int64  `json:"tokens"`

	// Invalid counts the bytes of a text that are not UTF-8 and were sent as
	// \xHH. For pages see Substituted.
	Invalid int `json:"invalid,omitempty"`

	Page *manifestPage `json:"page,omitempty"`
}

// manifestPage is what a page has beyond a text.
type manifestPage struct {
	Number int `json:"number"`
	Width  int `json:"width"`  // px
	Height int `json:"height"` // px
	document.Sum
	Lines       [][2]int64    `json:"lines"`
	Dropped     []render.Note `json:"dropped"`
	Substituted []render.Note `json:"substituted"`
}

// manifestRequest is a request of the pack.
type manifestRequest struct {
	FirstPart int            `json:"first_part"` // from 1, over all documents
	Parts     int            `json:"parts"`
	Strings   int            `json:"strings"`         // exact strings on its pages; 0 if no sheet was asked for
	Sheet     *manifestSheet `json:"sheet,omitempty"` // where there is one
	Tokens    Tokens         `json:"tokens"`
}

// manifestSheet is the fact sheet of a request.
type manifestSheet struct {
	document.Sum
	Left map[value.Kind]int `json:"left"` // distinct strings that did not fit, by kind
}

// Manifest returns the manifest of the question and its pack.
func (q *Question) Manifest() *Manifest {
	m := &Manifest{
		Version:      manifestVersion,
		Config:       q.config.Canonical(),
		ConfigSHA256: q.config.Hash(),
		Budget:       q.o.ExactBudget,
		MaxTokens:    q.maxTokens,
		Legend:       q.Legend,
		Question:     contentOf([]byte(q.Text)),
		Secrets:      q.Secrets,
		LeftOut:      orEmpty(q.LeftOut),
		Price:        q.Price,
	}
	m.Tool.Name, m.Tool.Version = "glyph", version.Module()
	if m.Budget == "" {
		m.Budget = DefaultBudget
	}
	for _, d := range q.Documents {
		md := manifestDocument{
			Name: d.Name, Label: d.Label, Encoding: d.Encoding,
			Sum: contentOf([]byte(d.Text)), Gate: d.Gate,
		}
		for _, part := range d.Parts {
			md.Parts = append(md.Parts, manifestPart(part))
		}
		m.Documents = append(m.Documents, md)
	}
	first := 1
	for _, r := range q.Requests {
		mr := manifestRequest{FirstPart: first, Parts: len(r.Parts), Strings: r.Strings, Tokens: r.Tokens}
		if r.Sheet != nil {
			mr.Sheet = &manifestSheet{contentOf([]byte(r.Sheet.Text())), r.Sheet.Left}
		}
		m.Requests = append(m.Requests, mr)
		first += len(r.Parts)
	}
	return m
}

func manifestPart(p *Part) packedPart {
	m := packedPart{
		Kind: "text", Start: p.Start, End: p.End,
		FirstLine: p.FirstLine, LastLine: p.LastLine, Tokens: p.Tokens,
	}
	if p.Page == nil {
		_, m.Invalid = escapeInvalid(p.text())
		return m
	}
	m.Kind = "pages"
	m.Page = &manifestPage{
		Number: p.Page.Number, Width: p.Page.Width, Height: p.Page.Height,
		Sum:   contentOf(p.Page.PNG),
		Lines: p.Page.Ranges(), Dropped: p.Page.Dropped(), Substituted: p.Page.Substituted(),
	}
	return m
}

func contentOf(b []byte) document.Sum {
	sum := sha256.Sum256(b)
	return document.Sum{Bytes: int64(len(b)), SHA256: hex.EncodeToString(sum[:])}
}

// orEmpty makes JSON write [] for an empty list.
func orEmpty[T any](s []T) []T {
	if s == nil {
		return []T{}
	}
	return s
}
