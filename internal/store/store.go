// Package store keeps results that cost money or time to make, such as what a
// model answered or what a reader read of a page, in memory or in files.
//
// A value is found by a [Key], a hash of all that it depends on. What is found
// is what was put there, whole: a file that is cut, changed or foreign is a
// miss. A store is bounded in bytes and drops what was used least recently.
package store

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"sync"
)

// Key is a SHA-256. It tells nothing of the texts that it is made of.
type Key [sha256.Size]byte

func (k Key) String() string { return hex.EncodeToString(k[:]) }

// KeyOf hashes parts. Each has its length before it, so that no two lists of
// parts have the same key.
func KeyOf(parts ...[]byte) (k Key) {
	h := sha256.New()
	for _, p := range parts {
		var length [8]byte
		binary.BigEndian.PutUint64(length[:], uint64(len(p)))
		h.Write(length[:])
		h.Write(p)
	}
	h.Sum(k[:0])
	return k
}

// Store keeps values as JSON. It is safe for concurrent use, and any number of
// processes may share a directory.
type Store struct {
	back backend

	mu      sync.Mutex
	flights map[Key]*flight
}

// backend keeps encoded values.
type backend interface {
	get(k Key) (data []byte, ok bool)
	put(k Key, data []byte) error
	usage() (entries int, bytes int64, err error)
	clear() error
}

// flight is a value being made, which others with the same key wait for.
type flight struct {
	done chan struct{}
	data []byte
	err  error
}

// KeepError says that a value could not be kept: it will have to be made, and
// perhaps paid, again.
type KeepError struct{ Err error }

func (e *KeepError) Error() string { return "keeping a result: " + e.Err.Error() }

// Unwrap returns the reason.
func (e *KeepError) Unwrap() error { return e.Err }

// Usage returns how many values the store holds, and in how many bytes.
func (s *Store) Usage() (entries int, bytes int64, err error) { return s.back.usage() }

// Clear removes all values, and nothing else that is in the directory.
func (s *Store) Clear() error { return s.back.clear() }

// Get returns the value of a key, and false if it is not there whole.
func Get[T any](s *Store, k Key) (v T, ok bool) {
	data, ok := s.back.get(k)
	if ok {
		v, ok = decode[T](data)
	}
	return v, ok
}

var errUnmade = errors.New("a result that others waited for was not made")

// Do returns the value of a key, or has it made and keeps it. Stored is true if
// this call did not make it: it was there, or another call with the same key
// was making it. The error of make is returned to all who wait, with its value
// to the one who called it; when it is the end of that one's context, the others
// try again. A value that cannot be kept comes with a [*KeepError].
func Do[T any](ctx context.Context, s *Store, k Key, make func() (T, error)) (v T, stored bool, err error) {
	for {
		s.mu.Lock()
		f, flying := s.flights[k]
		if !flying {
			f = &flight{done: newDone(), err: errUnmade}
			s.flights[k] = f
		}
		s.mu.Unlock()
		if !flying {
			return lead(s, k, f, make)
		}
		select {
		case <-f.done:
		case <-ctx.Done():
			return v, false, context.Cause(ctx)
		}
		if errors.Is(f.err, context.Canceled) || errors.Is(f.err, context.DeadlineExceeded) {
			continue
		}
		if f.err != nil {
			return v, false, f.err
		}
		v, stored = decode[T](f.data)
		if !stored {
			return v, false, errUnmade
		}
		return v, true, nil
	}
}

func newDone() chan struct{} { return make(chan struct{}) }

// lead makes a value for itself and for those who wait.
func lead[T any](s *Store, k Key, f *flight, make func() (T, error)) (v T, stored bool, err error) {
	defer func() {
		s.mu.Lock()
		delete(s.flights, k)
		s.mu.Unlock()
		close(f.done)
	}()
	if data, ok := s.back.get(k); ok {
		if v, ok = decode[T](data); ok {
			f.data, f.err = data, nil
			return v, true, nil
		}
	}
	if v, f.err = make(); f.err != nil {
		return v, false, f.err
	}
	if f.data, f.err = json.Marshal(v); f.err != nil {
		return v, false, fmt.Errorf("encoding a result: %w", f.err)
	}
	if err := s.back.put(k, f.data); err != nil {
		return v, false, &KeepError{err}
	}
	return v, false, nil
}

func decode[T any](data []byte) (v T, ok bool) {
	d := json.NewDecoder(bytes.NewReader(data))
	d.DisallowUnknownFields()
	if err := d.Decode(&v); err != nil {
		var none T
		return none, false
	}
	return v, true
}
