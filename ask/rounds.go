package ask

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"sync/atomic"

	"github.com/glyphkit/glyph/ask/llm"
	"github.com/glyphkit/glyph/ask/pack"
)

// item is a request and, if it failed, what took its place.
type item struct {
	request *pack.Request
	way     way
	depth   int     // of replacements
	step    *step   // nil until it was sent
	into    []*item // in its place
	gone    bool    // its parts are in an item before it
}

func (it *item) answered() bool { return it.step != nil && it.step.err == nil }

// pending says that it is still to be sent.
func (it *item) pending() bool { return it.step == nil && it.into == nil && !it.gone }

// leaves are the items that make up the answer.
func (a *asker) leaves() []*item {
	return leavesOf(a.items, nil)
}

func leavesOf(items, out []*item) []*item {
	for _, it := range items {
		switch {
		case it.into != nil:
			out = leavesOf(it.into, out)
		case !it.gone:
			out = append(out, it)
		}
	}
	return out
}

// stepsOf are the calls that were made, in the order of the documents.
func stepsOf(items []*item, out []step) []step {
	for _, it := range items {
		if it.step != nil {
			out = append(out, *it.step)
		}
		out = stepsOf(it.into, out)
	}
	return out
}

// answered are the steps that make up the answer.
func (a *asker) answered() (steps []step) {
	for _, it := range a.leaves() {
		if it.answered() {
			steps = append(steps, *it.step)
		}
	}
	return steps
}

// maxDepth bounds how often a request is replaced: once by its text, and by
// halves down to 1/64 of the size.
const maxDepth = 7

// run sends requests and what takes their place until all are answered.
func (a *asker) run(ctx context.Context) error {
	for _, r := range a.question.Requests {
		a.items = append(a.items, &item{request: r, way: pages})
	}
	for {
		wave := a.next()
		if len(wave) == 0 {
			a.answer.Steps = stepsOf(a.items, a.answer.Steps)
			return a.join(ctx)
		}
		a.send(ctx, wave)
		if err := a.mend(ctx, wave); err != nil {
			a.answer.Steps = stepsOf(a.items, a.answer.Steps)
			a.partial(ctx)
			return err
		}
	}
}

// partial is what is known when the asking ends early.
func (a *asker) partial(ctx context.Context) {
	steps := a.answered()
	a.answer.Missing = len(a.leaves()) - len(steps)
	if len(steps) > 0 && ctx.Err() == nil {
		a.notice("%d of %d requests were answered; the answer is the list of these", len(steps), len(steps)+a.answer.Missing)
		a.answer.Text = a.list()
	}
}

// next are the items to send now: the largest alone as long as it is not known
// that the model answers requests of its way, else all.
func (a *asker) next() []*item {
	a.giveUpPages()
	var pending []*item
	alone := map[bool]*item{} // by whether it goes as text
	proven := map[bool]bool{}
	for _, it := range a.leaves() {
		text := it.way == text
		proven[text] = proven[text] || it.answered()
		if !it.pending() {
			continue
		}
		pending = append(pending, it)
		if most := alone[text]; most == nil || it.request.Tokens.Total > most.request.Tokens.Total {
			alone[text] = it
		}
	}
	for _, text := range []bool{false, true} {
		if it := alone[text]; it != nil && !proven[text] {
			return []*item{it}
		}
	}
	return pending
}

// enough is how many refusals, with no page answered, say that a model takes no
// pages. One may be about what a page says.
const enough = 2

// giveUpPages sends what is left as text if the model takes no pages.
func (a *asker) giveUpPages() {
	refused := 0
	var count func([]*item)
	count = func(items []*item) {
		for _, it := range items {
			if it.way != text && it.step != nil && errors.Is(it.step.err, llm.ErrRefused) {
				refused++
			}
			count(it.into)
		}
	}
	count(a.items)
	var left []*item
	var requests []*pack.Request
	for _, it := range a.leaves() {
		if it.way != text && it.answered() {
			return
		}
		if it.pending() {
			left, requests = append(left, it), append(requests, it.request)
		}
	}
	if refused < enough || !slices.ContainsFunc(left, func(it *item) bool { return it.way != text }) {
		return
	}
	texts, err := a.question.Recut(requests, pack.Cut{Text: true})
	if err != nil {
		return // what is left says the same when it is sent
	}
	a.notice("the model takes no pages; asking %s", describe(text, len(texts)))
	a.replace(left[0], texts, text)
	for _, it := range left[1:] {
		it.gone = true
	}
}

// send makes calls, none after one that failed for good.
func (a *asker) send(ctx context.Context, wave []*item) {
	var out *stream
	if len(a.leaves()) == 1 {
		out = &a.stream
	}
	// A request is held in memory from here on, not only on its way.
	slots := make(chan struct{}, a.client.MaxParallel())
	var stop atomic.Bool
	var wg sync.WaitGroup
	for _, it := range wave {
		slots <- struct{}{}
		if stop.Load() || ctx.Err() != nil && len(wave) > 1 {
			break
		}
		wg.Go(func() {
			defer func() { <-slots }()
			r := it.request
			step := &step{Way: it.way, Request: r.Number, Of: r.Of, Estimated: r.Tokens.Total}
			a.call(ctx, step, r.Messages(), int(r.Tokens.Total), out)
			it.step = step
			if step.err != nil && !mendable(step.err) {
				stop.Store(true)
			}
		})
	}
	wg.Wait()
}

func mendable(err error) bool {
	return errors.Is(err, llm.ErrRefused) || errors.Is(err, llm.ErrContextOverflow) || errors.Is(err, llm.ErrTooLarge)
}

// mend replaces items that failed. The error is that of one that cannot be
// replaced.
func (a *asker) mend(ctx context.Context, wave []*item) error {
	for _, it := range wave {
		if it.step != nil && it.step.err != nil && !mendable(it.step.err) {
			return it.step.err
		}
	}
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	for _, it := range wave {
		if it.step == nil || it.step.err == nil {
			continue
		}
		if err := a.other(it); err != nil {
			return err
		}
	}
	return nil
}

// other puts requests that may be answered in the place of one that failed.
func (a *asker) other(it *item) error {
	failed := it.step.err
	if it.depth == maxDepth {
		return failed
	}
	requests, way, err := a.anew(it)
	if err != nil {
		return fmt.Errorf("%w; no other way: %w", failed, err)
	}
	a.notice("%v; asking again %s", failed, describe(way, len(requests)))
	a.replace(it, requests, way)
	return nil
}

// anew are the requests in the place of one that failed.
func (a *asker) anew(it *item) ([]*pack.Request, way, error) {
	one := []*pack.Request{it.request}
	if errors.Is(it.step.err, llm.ErrRefused) {
		if it.way == text {
			return nil, "", errors.New("the documents were sent as text already")
		}
		texts, err := a.question.Recut(one, pack.Cut{Text: true})
		return texts, text, err
	}
	t := it.request.Tokens
	repeated := t.Instruction + t.Legend + t.Question // in every request
	var err error
	for _, most := range []int64{repeated + (t.Total-repeated)/2, t.Total - 1} {
		cut := pack.Cut{MaxTokens: max(most, 1)}
		var smaller []*pack.Request
		if smaller, err = a.question.Recut(one, cut); err == nil {
			a.splitOthers(it, cut)
			return smaller, it.way.split(), nil
		}
	}
	if it.way == text {
		return nil, "", err
	}
	texts, err := a.question.Recut(one, pack.Cut{Text: true})
	return texts, text, err
}

// split is the way of the parts of a request.
func (w way) split() way {
	if w == text {
		return text
	}
	return smaller
}

// splitOthers splits what would fail as an item has failed.
func (a *asker) splitOthers(failed *item, c pack.Cut) {
	for _, it := range a.leaves() {
		if !it.pending() || (it.way == text) != (failed.way == text) || it.request.Tokens.Total <= c.MaxTokens {
			continue
		}
		if requests, err := a.question.Recut([]*pack.Request{it.request}, c); err == nil {
			a.replace(it, requests, it.way.split())
		}
	}
}

func (a *asker) replace(it *item, requests []*pack.Request, way way) {
	for _, r := range requests {
		it.into = append(it.into, &item{request: r, way: way, depth: it.depth + 1})
	}
}

func describe(way way, requests int) string {
	as := "with smaller requests"
	if way == text {
		as = "with the documents as text"
	}
	if requests > 1 {
		as += fmt.Sprintf(", in %d requests", requests)
	}
	return as
}
