// Package llm asks a model one question over an OpenAI-style endpoint and
// says what that cost: OpenAI, OpenRouter, vLLM, SGLang, Ollama, LM Studio and
// others that stream POST {BaseURL}/chat/completions.
//
//	c, err := chat.New(chat.Options{BaseURL: url, Key: chat.Key(os.Getenv("GLYPH_API_KEY")), Model: "qwen3-vl"})
//	resp, err := c.Do(ctx, chat.Request{Messages: messages, MaxTokens: 512}, nil)
//
// What a call promises:
//
//   - It ends: in a response, or in an [*Error] that errors.Is tells apart.
//   - It makes at most Options.MaxAttempts attempts, and [Attempt.Billed] says of
//     each whether it cost something. One that may have been billed is never
//     repeated without that being said, and counts against the budget in full.
//   - With a cache no request is paid twice, in one process or in several runs.
//   - The key is sent to the endpoint and goes nowhere else: not into errors,
//     responses, streamed text or cache files, even if the endpoint echoes it.
//     A key of less than 8 bytes, as local servers have, is a word like any
//     other in what the endpoint says.
//
// The package knows no pages and verifies no answers; that is its sibling
// package ask. It is no general client: no tools, no audio, one choice.
package llm
