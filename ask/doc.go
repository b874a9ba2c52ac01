// Package ask puts a question about documents before a model and returns one
// verified answer.
//
//	p, err := pack.Build(ctx, docs, renderer, pack.Options{Model: profile})
//	q, err := p.Ask("Who signed?")
//	answer, err := ask.Ask(ctx, q, client, ask.Options{OnText: show})
//
// It takes another way where a model refuses pages or has too short a context,
// and says so; it makes one answer where a pack takes several requests; it says
// what was counted before and what was billed. Answers are verified, not
// scored: that is package eval. What goes over the wire, with its retries and
// its cache, is package llm.
package ask
