// Package pack makes of documents and a question what is sent to a
// vision-language model: pages with their labels, the legend, a fact sheet of
// the exact strings on them, instruction and question, priced and split into
// requests that the model's limits allow.
//
//	p, err := pack.Build(ctx, docs, renderer, pack.Options{Model: model})
//	q, err := p.Ask("Who signed?")
//	for _, r := range q.Requests {
//		send(r.OpenAI()) // or r.Anthropic(), r.Gemini()
//	}
//	report, err := q.Verify(ctx, answer)
//
// A [Pack] is documents that are drawn once; any number of a [Question] can be
// asked about it. It makes no connection: package ask sends. Its sibling render writes the
// same pages to a directory.
//
// # What a request holds
//
// In this order: as system text a preamble that makes pages quoted data; each
// page behind a label (document, page, lines), or the text itself between two
// lines with a code that does not occur in it; the legend of the newline
// marker; the fact sheet; the instruction; the question. The question is last,
// so that all before it is the same for every question and may be cached.
//
// # How documents are split
//
// Pages and text parts keep their order, and each is in exactly one request. A
// request takes as many as fit. A document that would so be cut starts a new
// request if it otherwise took more requests than it does alone. Preamble,
// legend, instruction and question are repeated in each request; a fact sheet
// has the strings of the pages beside it only.
//
// # Memory
//
// A pack holds the text of its documents (at most [MaxText] bytes in all), the
// encoded pages (3 to 6 times as many bytes as the text with the preset
// dense-bitmap, 10 times with glyph-en, whose letters have grey edges) and about
// 100 bytes for every exact string. OpenAI copies the pages of one request as
// base64; Anthropic and Gemini share them.
package pack
