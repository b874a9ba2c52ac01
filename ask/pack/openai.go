package pack

import (
	"encoding/base64"

	"github.com/sashabaranov/go-openai"
)

// OpenAI returns the request as messages of OpenAI-style chat completions: the
// preamble as system message, all else as one user message of several parts,
// pages as data: URLs. Where the model's profile names a level of detail that
// the API knows ("low", "high", "original"), every page asks for it.
func (r *Request) OpenAI() []openai.ChatCompletionMessage {
	detail := openaiDetail(r.pack.o.Model.Detail)
	var parts []openai.ChatMessagePart
	for _, c := range r.contents[1:] {
		if c.kind != pageContent {
			parts = append(parts, openai.ChatMessagePart{Type: openai.ChatMessagePartTypeText, Text: c.text})
			continue
		}
		parts = append(parts, openai.ChatMessagePart{
			Type: openai.ChatMessagePartTypeImageURL,
			ImageURL: &openai.ChatMessageImageURL{
				URL:    "data:" + mediaType + ";base64," + base64.StdEncoding.EncodeToString(c.png),
				Detail: detail,
			},
		})
	}
	return []openai.ChatCompletionMessage{
		{Role: openai.ChatMessageRoleSystem, Content: r.contents[0].text},
		{Role: openai.ChatMessageRoleUser, MultiContent: parts},
	}
}

const mediaType = "image/png"

func openaiDetail(level string) openai.ImageURLDetail {
	switch level {
	case "low", "high", "original":
		return openai.ImageURLDetail(level)
	}
	return ""
}
