package llm

import (
	"context"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"sync"

	"github.com/glyphkit/glyph/internal/limit"
)

// cacheFormat names the format of an entry. It is part of the key.
const cacheFormat = "glyph-chat/1"

// maxEntry bounds an entry in bytes: log probabilities grow when written
// again.
const maxEntry = 4 * DefaultMaxResponse

// cache keeps responses in files named by the hash of what was asked.
type cache struct {
	dir string

	mu      sync.Mutex
	flights map[string]*flight
}

// flight is a call that others with the same request wait for.
type flight struct {
	done chan struct{}
	resp *Response
	err  error
}

type entry struct {
	Format   string    `json:"format"`
	Response *Response `json:"response"`
}

func newCache(dir string) (*cache, error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, fmt.Errorf("making the cache of responses: %w", err)
	}
	return &cache{dir: dir, flights: map[string]*flight{}}, nil
}

// cacheKey is the SHA-256 of all that an answer depends on. Each part has its
// length before it, so that no two lists of parts read alike.
func cacheKey(parts ...[]byte) string {
	h := sha256.New()
	for _, p := range parts {
		var length [8]byte
		binary.BigEndian.PutUint64(length[:], uint64(len(p)))
		h.Write(length[:])
		h.Write(p)
	}
	return hex.EncodeToString(h.Sum(nil))
}

func (c *cache) path(key string) string {
	return filepath.Join(c.dir, key[:2], key+".json")
}

// get returns nil if there is no entry. One that cannot be read is an error:
// to ask again would be to pay again.
func (c *cache) get(key string) (*Response, error) {
	path := c.path(key)
	f, err := os.Open(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("reading a cached response: %w", err)
	}
	defer f.Close()
	data, err := limit.ReadAll(f, maxEntry, "the file")
	if err != nil {
		return nil, fmt.Errorf("reading the cached response %q: %w; delete it to ask again", path, err)
	}
	resp, err := parseEntry(data)
	if err != nil {
		return nil, fmt.Errorf("reading the cached response %q: %w; delete it to ask again", path, err)
	}
	return resp, nil
}

func parseEntry(data []byte) (*Response, error) {
	var e entry
	if err := json.Unmarshal(data, &e); err != nil {
		return nil, err
	}
	if e.Format != cacheFormat || e.Response == nil {
		return nil, fmt.Errorf("format %q; accepted: %q with a response", e.Format, cacheFormat)
	}
	if u := e.Response.Usage; u.PromptTokens < 0 || u.CompletionTokens < 0 || u.CachedTokens < 0 {
		return nil, fmt.Errorf("usage %+v", u)
	}
	return e.Response, nil
}

// put writes an entry under another name first, so that there is never half of
// one.
func (c *cache) put(key string, resp *Response) (err error) {
	data, err := json.Marshal(entry{cacheFormat, resp})
	if err != nil {
		return err
	}
	dir := filepath.Dir(c.path(key))
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return err
	}
	f, err := os.CreateTemp(dir, ".new-*")
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			_ = os.Remove(f.Name()) // the first error is the one to tell
		}
	}()
	_, err = f.Write(append(data, '\n'))
	if err = errors.Join(err, f.Close()); err != nil {
		return err
	}
	return os.Rename(f.Name(), c.path(key))
}

// do answers from the cache, or by the flight of an identical call, or by
// ask, whose response it keeps.
func (c *cache) do(ctx context.Context, key string, ask func() (*Response, error)) (*Response, error) {
	for {
		c.mu.Lock()
		f := c.flights[key]
		if f == nil {
			f = &flight{done: make(chan struct{})}
			c.flights[key] = f
			c.mu.Unlock()
			c.fly(key, f, ask)
			return f.resp, f.err
		}
		c.mu.Unlock()
		select {
		case <-f.done:
		case <-ctx.Done():
			return nil, &Error{Kind: ctx.Err()}
		}
		// The end of the other caller's context is not ours.
		if errors.Is(f.err, context.Canceled) || errors.Is(f.err, context.DeadlineExceeded) {
			continue
		}
		if f.err != nil {
			return nil, f.err
		}
		copied := *f.resp
		copied.unpaid()
		return &copied, nil
	}
}

func (c *cache) fly(key string, f *flight, ask func() (*Response, error)) {
	defer func() {
		c.mu.Lock()
		delete(c.flights, key)
		c.mu.Unlock()
		close(f.done)
	}()
	f.resp, f.err = c.get(key)
	switch {
	case f.err != nil:
		return
	case f.resp != nil:
		f.resp.unpaid()
		return
	}
	f.err = ErrServer // unless ask returns: it may panic
	if f.resp, f.err = ask(); f.err == nil {
		if err := c.put(key, f.resp); err != nil {
			f.resp.CacheErr = fmt.Errorf("keeping a response: %w", err)
		}
	}
}
