package llm

import (
	"context"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// clock is what waits between attempts. It is safe for concurrent use.
type clock interface {
	Now() time.Time
	// Sleep returns after d, or with an error when ctx ends.
	Sleep(ctx context.Context, d time.Duration) error
}

type systemClock struct{}

func (systemClock) Now() time.Time { return time.Now() }

func (systemClock) Sleep(ctx context.Context, d time.Duration) error {
	if d <= 0 {
		return ctx.Err()
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

const (
	firstBackoff = 500 * time.Millisecond
	maxBackoff   = 30 * time.Second
	// maxRetryAfter bounds how long an endpoint can make a call wait between
	// two attempts.
	maxRetryAfter = 2 * time.Minute
)

// backoff is the wait after the nth attempt, from 1: doubled each time, of
// which the jitter in [0, 1) takes up to a half, so that clients that failed
// together do not come back together.
func backoff(n int, jitter float64) time.Duration {
	d := maxBackoff
	if n < 8 {
		d = min(maxBackoff, firstBackoff<<(n-1))
	}
	return d - time.Duration(jitter*float64(d)/2)
}

// retryAfter reads the header of RFC 9110, section 10.2.3: seconds or a date.
// It returns 0 if there is none or it cannot be read, at most MaxRetryAfter.
func retryAfter(h http.Header, now time.Time) time.Duration {
	value := strings.TrimSpace(h.Get("Retry-After"))
	if seconds, err := strconv.ParseFloat(value, 64); err == nil {
		if !(seconds > 0) {
			return 0
		}
		return time.Duration(min(seconds, maxRetryAfter.Seconds()) * float64(time.Second))
	}
	date, err := http.ParseTime(value)
	if err != nil {
		return 0
	}
	return min(max(date.Sub(now), 0), maxRetryAfter)
}
