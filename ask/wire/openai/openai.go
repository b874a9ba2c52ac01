// Package openai gives messages as the types of the go-openai client, for
// programs that send with it:
//
//	client.CreateChatCompletion(ctx, openai.ChatCompletionRequest{Model: name, Messages: wireopenai.Messages(request.Messages())})
//
// It stands apart because go-openai links an HTTP client, which nothing else
// before package ask/llm does.
package openai

import (
	"encoding/base64"

	openai "github.com/sashabaranov/go-openai"

	"github.com/glyphkit/glyph/ask/wire"
)

// Messages returns the messages of chat completions. Images are data: URLs,
// which copy them. A message that is a single text has it as Content. It does not
// ask whether parts were checked for secrets: wire.Check does.
func Messages(messages []wire.Message) []openai.ChatCompletionMessage {
	out := make([]openai.ChatCompletionMessage, len(messages))
	for i, m := range messages {
		out[i].Role = string(m.Role)
		if text, ok := m.OneText(); ok {
			out[i].Content = text
			continue
		}
		for _, p := range m.Parts {
			if p.PNG == nil {
				out[i].MultiContent = append(out[i].MultiContent, openai.ChatMessagePart{Type: openai.ChatMessagePartTypeText, Text: p.Checked.Text()})
				continue
			}
			out[i].MultiContent = append(out[i].MultiContent, openai.ChatMessagePart{
				Type: openai.ChatMessagePartTypeImageURL,
				ImageURL: &openai.ChatMessageImageURL{
					URL:    "data:image/png;base64," + base64.StdEncoding.EncodeToString(p.PNG),
					Detail: openai.ImageURLDetail(wire.OpenAIDetail(p.Detail)),
				},
			})
		}
	}
	return out
}
