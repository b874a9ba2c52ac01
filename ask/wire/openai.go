package wire

import "encoding/base64"

// OpenAI is the part of a request for OpenAI-style chat completions that
// messages fill. Model and limits are the caller's. It shares the images with
// the messages.
type OpenAI struct {
	Messages []openAIMessage `json:"messages"`
}

type openAIMessage struct {
	Role    role `json:"role"`
	Content any  `json:"content"` // a string, or []openAIPart
}

type openAIPart struct {
	Type     string       `json:"type"`
	Text     string       `json:"text,omitempty"`
	ImageURL *openAIImage `json:"image_url,omitempty"`
}

type openAIImage struct {
	URL    dataURL `json:"url"`
	Detail string  `json:"detail,omitempty"`
}

// dataURL is a PNG that is written as data: URL.
type dataURL []byte

// MarshalText writes the URL.
func (d dataURL) MarshalText() ([]byte, error) {
	const prefix = "data:" + mediaType + ";base64,"
	out := make([]byte, 0, len(prefix)+base64.StdEncoding.EncodedLen(len(d)))
	return base64.StdEncoding.AppendEncode(append(out, prefix...), d), nil
}

// OpenAIOf returns the body for messages. One that is a single text has it as
// string, which endpoints without images take as well.
func OpenAIOf(messages []Message) OpenAI {
	body := OpenAI{Messages: []openAIMessage{}}
	for _, m := range messages {
		if text, ok := m.OneText(); ok {
			body.Messages = append(body.Messages, openAIMessage{m.Role, text})
			continue
		}
		parts := []openAIPart{}
		for _, p := range m.Parts {
			if p.PNG == nil {
				parts = append(parts, openAIPart{Type: "text", Text: p.Checked.Text()})
				continue
			}
			parts = append(parts, openAIPart{Type: "image_url", ImageURL: &openAIImage{p.PNG, OpenAIDetail(p.Detail)}})
		}
		body.Messages = append(body.Messages, openAIMessage{m.Role, parts})
	}
	return body
}

// OneText is the text of a message that holds nothing else.
func (m Message) OneText() (string, bool) {
	if len(m.Parts) != 1 || m.Parts[0].PNG != nil {
		return "", false
	}
	return m.Parts[0].Checked.Text(), true
}

// OpenAIDetail is a level of detail as OpenAI's API names it, "" for one that it
// does not know.
func OpenAIDetail(level string) string {
	switch level {
	case "low", "high", "original":
		return level
	}
	return ""
}
