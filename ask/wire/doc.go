// Package wire has what goes to a model: messages of checked texts and page
// images, and the bodies that providers' APIs take.
//
//	body, err := json.Marshal(struct {
//		wire.Anthropic
//		Model     string `json:"model"`
//		MaxTokens int    `json:"max_tokens"`
//	}{wire.AnthropicOf(messages), "claude-opus-5", 2048})
//
// Every part of a message carries a secrets.Checked. It makes no connection:
// package ask/llm sends, and package ask/wire/openai gives the messages as the
// types of the go-openai client.
package wire
