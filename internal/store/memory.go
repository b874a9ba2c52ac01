package store

import (
	"container/list"
	"fmt"
	"sync"
)

// Memory returns a store of at most so many bytes that ends with the process.
func Memory(limit int64) *Store {
	return &Store{back: &memory{limit: limit, at: map[Key]*list.Element{}}, flights: map[Key]*flight{}}
}

type memory struct {
	limit int64

	mu   sync.Mutex
	size int64
	at   map[Key]*list.Element
	used list.List // of kept, the most recently used first
}

type kept struct {
	key  Key
	data []byte
}

func (m *memory) get(k Key) ([]byte, bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	e, ok := m.at[k]
	if !ok {
		return nil, false
	}
	m.used.MoveToFront(e)
	return e.Value.(kept).data, true
}

func (m *memory) put(k Key, data []byte) error {
	size := entrySize(data)
	if size > m.limit {
		return tooLarge(size, m.limit)
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	if e, ok := m.at[k]; ok {
		m.drop(e)
	}
	m.at[k] = m.used.PushFront(kept{k, data})
	for m.size += size; m.size > m.limit; {
		m.drop(m.used.Back())
	}
	return nil
}

func (m *memory) drop(e *list.Element) {
	old := m.used.Remove(e).(kept)
	delete(m.at, old.key)
	m.size -= entrySize(old.data)
}

func (m *memory) usage() (int, int64, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	return len(m.at), m.size, nil
}

func (m *memory) clear() error {
	m.mu.Lock()
	defer m.mu.Unlock()
	clear(m.at)
	m.used.Init()
	m.size = 0
	return nil
}

func entrySize(data []byte) int64 { return int64(headerSize + len(data)) }

func tooLarge(size, limit int64) error {
	return fmt.Errorf("it has %d bytes; accepted: at most %d", size, limit)
}
