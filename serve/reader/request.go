package reader

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"image/png"
	"strings"

	"github.com/glyphkit/glyph/render"
)

// maxPixels bounds an image, which is decoded to see that it is one: A4 at 600
// dpi.
const maxPixels = 36_000_000

// request is what is understood of a chat completion. Other fields of the
// protocol, such as temperature and seed, change nothing here, where the same
// request has the same answer.
type request struct {
	Messages            []message       `json:"messages"`
	Stream              bool            `json:"stream"`
	StreamOptions       *streamOptions  `json:"stream_options"`
	MaxTokens           int             `json:"max_tokens"`
	MaxCompletionTokens int             `json:"max_completion_tokens"`
	N                   int             `json:"n"`
	LogProbs            bool            `json:"logprobs"`
	Tools               json.RawMessage `json:"tools"`
}

type streamOptions struct {
	IncludeUsage bool `json:"include_usage"`
}

type message struct {
	Role    string  `json:"role"`
	Content content `json:"content"`
}

// content is a string or a list of parts.
type content []part

type part struct {
	Type     string `json:"type"`
	Text     string `json:"text"`
	ImageURL struct {
		URL string `json:"url"`
	} `json:"image_url"`
}

// UnmarshalJSON implements [json.Unmarshaler].
func (c *content) UnmarshalJSON(data []byte) error {
	var text string
	if json.Unmarshal(data, &text) == nil {
		*c = content{{Type: "text", Text: text}}
		return nil
	}
	var parts []part
	if err := json.Unmarshal(data, &parts); err != nil {
		return fmt.Errorf("content: want a string or a list of parts: %w", err)
	}
	*c = parts
	return nil
}

// prompt is a request that can be answered.
type prompt struct {
	pages     []*render.Page
	question  string // the last text of the last message of the user
	context   string // the other texts of that message
	texts     int    // bytes of all texts
	maxTokens int    // 0 is no limit
	stream    bool
	usage     bool // at the end of a stream
}

// parseRequest reads the body of a request.
func parseRequest(body []byte, maxImages int) (*prompt, *apiError) {
	var r request
	if err := json.Unmarshal(body, &r); err != nil {
		return nil, badRequest("", "the request is no chat completion in JSON: %v", err)
	}
	p := &prompt{stream: r.Stream, usage: r.StreamOptions != nil && r.StreamOptions.IncludeUsage}
	p.maxTokens = r.MaxCompletionTokens
	if p.maxTokens == 0 {
		p.maxTokens = r.MaxTokens
	}
	switch {
	case p.maxTokens < 0:
		return nil, badRequest("max_tokens", "max_tokens %d: want a positive number, or none", p.maxTokens)
	case r.N != 0 && r.N != 1:
		return nil, badRequest("n", "n %d: want 1, there is one answer", r.N)
	case r.LogProbs:
		return nil, badRequest("logprobs", "logprobs: a reader has none")
	case len(r.Tools) > 0 && string(r.Tools) != "null" && string(r.Tools) != "[]":
		return nil, badRequest("tools", "tools: a reader calls none")
	case len(r.Messages) == 0:
		return nil, badRequest("messages", "messages: want one or more")
	}
	for i, m := range r.Messages {
		if problem := p.add(i, m, maxImages); problem != nil {
			return nil, problem
		}
	}
	return p, nil
}

func (p *prompt) add(i int, m message, maxImages int) *apiError {
	param := fmt.Sprintf("messages[%d]", i)
	switch m.Role {
	case "system", "developer", "assistant", "user":
	default:
		return badRequest(param+".role", "the role %q of message %d: want system, developer, user or assistant", m.Role, i)
	}
	var texts []string
	for j, part := range m.Content {
		param := fmt.Sprintf("%s.content[%d]", param, j)
		switch part.Type {
		case "text":
			texts = append(texts, part.Text)
			p.texts += len(part.Text)
		case "image_url":
			if m.Role != "user" {
				return badRequest(param, "an image in a message of the role %q: want it in one of the user's", m.Role)
			}
			if len(p.pages) == maxImages {
				return badRequest(param, "more than %d images, which is the limit", maxImages)
			}
			page, err := parsePage(part.ImageURL.URL)
			if err != nil {
				return badRequest(param, "image %d: %v", len(p.pages)+1, err)
			}
			p.pages = append(p.pages, page)
		default:
			return badRequest(param, "a part of the type %q: want text or image_url", part.Type)
		}
	}
	if m.Role == "user" {
		p.question, p.context = "", ""
		if last := len(texts) - 1; last >= 0 {
			p.question, p.context = texts[last], strings.Join(texts[:last], "\n")
		}
	}
	return nil
}

// parsePage decodes a data URL of a PNG.
func parsePage(url string) (*render.Page, error) {
	data, isData := strings.CutPrefix(url, "data:")
	kind, data, hasData := strings.Cut(data, ",")
	switch {
	case !isData:
		return nil, fmt.Errorf("%s: want a data: URL, this server fetches nothing", shorten(url))
	case !hasData || kind != "image/png;base64":
		return nil, fmt.Errorf("%s: want data:image/png;base64,…", shorten(url))
	}
	file, err := base64.StdEncoding.DecodeString(data)
	if err != nil {
		return nil, fmt.Errorf("decoding base64: %w", err)
	}
	// The size is checked before anything as large as the page is allocated.
	config, err := png.DecodeConfig(bytes.NewReader(file))
	if err != nil {
		return nil, fmt.Errorf("decoding the PNG: %w", err)
	}
	if config.Width > maxPixels/config.Height {
		return nil, fmt.Errorf("%dx%d px: want at most %d px", config.Width, config.Height, maxPixels)
	}
	if _, err := png.Decode(bytes.NewReader(file)); err != nil {
		return nil, fmt.Errorf("decoding the PNG: %w", err)
	}
	return &render.Page{Number: 1, Width: config.Width, Height: config.Height, PNG: file}, nil
}

// shorten quotes the beginning of what may be long.
func shorten(s string) string {
	const most = 40
	if len(s) > most {
		return fmt.Sprintf("%q…", s[:most])
	}
	return fmt.Sprintf("%q", s)
}
