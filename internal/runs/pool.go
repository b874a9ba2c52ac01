package runs

import (
	"context"

	"golang.org/x/sync/errgroup"
)

// Each calls f for 0 to n-1, at most workers at once and in that order. The
// first error ends the context of the others and is returned, when all have
// returned. So is the cause of the end of ctx.
func Each(ctx context.Context, n, workers int, f func(ctx context.Context, i int) error) error {
	g, inner := errgroup.WithContext(ctx)
	g.SetLimit(max(workers, 1))
	for i := range n {
		if inner.Err() != nil {
			break
		}
		g.Go(func() error {
			if inner.Err() != nil {
				return context.Cause(inner)
			}
			return f(inner, i)
		})
	}
	if err := g.Wait(); err != nil {
		return err
	}
	return context.Cause(ctx)
}
