package llm

import "sync"

// spent is what a client has used up so far.
type spent struct {
	Calls  int `json:"calls"`  // of Do
	Unpaid int `json:"unpaid"` // calls answered by the cache, or by an identical call at the same time
	Bill
}

// Spent returns what the client has used up so far.
func (c *Client) Spent() spent {
	c.calls.mu.Lock()
	defer c.calls.mu.Unlock()
	return spent{Calls: c.calls.all, Unpaid: c.calls.unpaid, Bill: c.ledger.Bill()}
}

// calls counts those of Do.
type calls struct {
	mu          sync.Mutex
	all, unpaid int
}

func (c *calls) count(unpaid bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.all++
	if unpaid {
		c.unpaid++
	}
}
