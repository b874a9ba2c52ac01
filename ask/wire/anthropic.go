package wire

// Anthropic is the part of a request to Anthropic's Messages API that messages
// fill. Model, max_tokens and the like are the caller's. It shares the images
// with the messages.
type Anthropic struct {
	System   string             `json:"system,omitempty"`
	Messages []anthropicMessage `json:"messages"`
}

type anthropicMessage struct {
	Role    role             `json:"role"`
	Content []anthropicBlock `json:"content"`
}

type anthropicBlock struct {
	Type   string           `json:"type"`
	Text   string           `json:"text,omitempty"`
	Source *anthropicSource `json:"source,omitempty"`
}

type anthropicSource struct {
	Type      string `json:"type"`
	MediaType string `json:"media_type"`
	Data      []byte `json:"data"` // base64 in JSON
}

// AnthropicOf returns the body for messages. The API knows no system message:
// their texts are the system text.
func AnthropicOf(messages []Message) Anthropic {
	body := Anthropic{Messages: []anthropicMessage{}}
	for _, m := range messages {
		if m.Role == System {
			body.System = join(body.System, m)
			continue
		}
		blocks := []anthropicBlock{}
		for _, p := range m.Parts {
			if p.PNG == nil {
				blocks = append(blocks, anthropicBlock{Type: "text", Text: p.Checked.Text()})
				continue
			}
			blocks = append(blocks, anthropicBlock{Type: "image", Source: &anthropicSource{"base64", mediaType, p.PNG}})
		}
		body.Messages = append(body.Messages, anthropicMessage{m.Role, blocks})
	}
	return body
}

// join adds the texts of a system message to those before.
func join(before string, m Message) string {
	for _, p := range m.Parts {
		if before != "" {
			before += "\n\n"
		}
		before += p.Checked.Text()
	}
	return before
}
