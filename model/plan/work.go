package plan

import (
	"io"
	"sync"
)

// work tells how far a solver has come, by the bytes that it lays out. A step is
// the search at one size of type, and steps are taken to cost the same.
type work struct {
	report func(done float64)
	docs   []Document // that count what is read of them

	mu            sync.Mutex
	size          int64 // bytes of the documents
	all, finished int   // steps
	read          int64 // bytes in this step
	told          float64
}

// stepLayouts is about how often a step reads the documents: the exact
// candidates, the reference, the measure of the whole and the samples.
const stepLayouts = exactCandidates + 3

func newWork(report func(float64), docs []Document) *work {
	w := &work{report: report, docs: docs}
	if report == nil {
		return w
	}
	w.docs = make([]Document, len(docs))
	for i, d := range docs {
		w.docs[i] = Document{d.Name, func() (io.ReadCloser, error) {
			rc, err := d.Open()
			if err != nil {
				return nil, err
			}
			return &counted{rc, w}, nil
		}}
	}
	return w
}

type counted struct {
	io.ReadCloser
	work *work
}

func (c *counted) Read(p []byte) (int, error) {
	n, err := c.ReadCloser.Read(p)
	c.work.add(n)
	return n, err
}

// counted ends the first reading, which tells the size.
func (w *work) counted() { w.size, w.read = w.read, 0 }

func (w *work) steps(n int) { w.all = n }

func (w *work) endStep() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.finished, w.read = w.finished+1, 0
	w.tell(0)
}

func (w *work) add(n int) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.read += int64(n)
	if w.size > 0 {
		w.tell(min(1, float64(w.read)/float64(w.size*stepLayouts)))
	}
}

// tell reports the finished steps and a part of the one under way.
func (w *work) tell(part float64) {
	if w.report == nil || w.all == 0 {
		return
	}
	w.told = max(w.told, min(1, (float64(w.finished)+part)/float64(w.all)))
	w.report(w.told)
}
