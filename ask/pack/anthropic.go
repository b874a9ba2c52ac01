package pack

// AnthropicRequest is the part of a request to Anthropic's Messages API that a
// pack fills. Model, max_tokens and the like are the caller's.
type AnthropicRequest struct {
	System   string             `json:"system"`
	Messages []AnthropicMessage `json:"messages"`
}

// AnthropicMessage is a message of the Messages API.
type AnthropicMessage struct {
	Role    string           `json:"role"`
	Content []AnthropicBlock `json:"content"`
}

// AnthropicBlock is a content block: text, or an image.
type AnthropicBlock struct {
	Type   string           `json:"type"`
	Text   string           `json:"text,omitempty"`
	Source *AnthropicSource `json:"source,omitempty"`
}

// AnthropicSource is the data of an image. Data is base64 in JSON.
type AnthropicSource struct {
	Type      string `json:"type"`
	MediaType string `json:"media_type"`
	Data      []byte `json:"data"`
}

// Anthropic returns the request for Anthropic's Messages API. It shares the
// pages with the pack.
func (r *Request) Anthropic() AnthropicRequest {
	var blocks []AnthropicBlock
	for _, c := range r.contents[1:] {
		if c.kind == pageContent {
			blocks = append(blocks, AnthropicBlock{Type: "image", Source: &AnthropicSource{Type: "base64", MediaType: mediaType, Data: c.png}})
		} else {
			blocks = append(blocks, AnthropicBlock{Type: "text", Text: c.text})
		}
	}
	return AnthropicRequest{
		System:   r.contents[0].text,
		Messages: []AnthropicMessage{{Role: "user", Content: blocks}},
	}
}
