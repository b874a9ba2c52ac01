// Package reader puts a reader behind the wire protocol of OpenAI's chat
// completions, so that what talks to a vision-language model can be tried end
// to end over HTTP, with real pages and without a model.
//
// A server reads the images of a request with an [eval.Reader] and answers
// with their transcript, or with what a solver makes of it and of the
// question. It is no model: it follows no instructions, and the tokens that it
// counts are a rule of its own. The client of the protocol is the sibling
// package ask/llm.
package reader
