package llm

import (
	"context"
	"sync"
	"time"
)

// pace bounds how many attempts are under way and how many begin in a minute.
type pace struct {
	slots    chan struct{}
	interval time.Duration // between beginnings; 0 is no bound
	clock    clock

	mu   sync.Mutex
	next time.Time // when one may begin
}

func newPace(parallel int, perMinute float64, clock clock) *pace {
	p := &pace{slots: make(chan struct{}, parallel), clock: clock}
	if perMinute > 0 {
		p.interval = time.Duration(min(float64(time.Minute)/perMinute, float64(24*time.Hour)))
	}
	return p
}

// begin waits until an attempt may begin. End is to be called after it.
func (p *pace) begin(ctx context.Context) (end func(), err error) {
	select {
	case p.slots <- struct{}{}:
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	end = func() { <-p.slots }
	if err := p.clock.Sleep(ctx, p.turn()); err != nil {
		end()
		return nil, err
	}
	return end, nil
}

// turn takes the next beginning and returns the time until then.
func (p *pace) turn() time.Duration {
	if p.interval == 0 {
		return 0
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	now := p.clock.Now()
	if p.next.Before(now) {
		p.next = now
	}
	wait := p.next.Sub(now)
	p.next = p.next.Add(p.interval)
	return wait
}
