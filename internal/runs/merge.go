package runs

import (
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
)

// Merge makes dir, which must be new or empty, a run of the shards of one run.
// The journals are put one after the other, and so are the files and
// directories with the names in own. What is missing, because a shard is
// unfinished or not given, the run asks when it is opened next. It is an error
// if the directories are not different shards of one run, or if a process works
// on one of them.
func Merge(dir string, shards []string, limit int, own []string) error {
	if err := merge(dir, shards, limit, own); err != nil {
		return fmt.Errorf("merging shards into %q: %w", dir, err)
	}
	return nil
}

func merge(dir string, shards []string, limit int, own []string) error {
	dir = filepath.Clean(dir)
	if len(shards) == 0 {
		return errors.New("no shards; accepted: the directories of one or more")
	}
	if entries, err := os.ReadDir(dir); err == nil && len(entries) > 0 {
		return errors.New("it is not empty; accepted: an empty or new directory")
	} else if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	if err := os.MkdirAll(filepath.Dir(dir), 0o777); err != nil {
		return err
	}
	whole, err := sameRun(shards)
	if err != nil {
		return err
	}
	building := filepath.Join(filepath.Dir(dir), unfinished+rand.Text())
	if err := os.Mkdir(building, 0o777); err != nil {
		return err
	}
	defer os.RemoveAll(building) // after the rename it is not there
	if err := build(building, shards, whole, limit, own); err != nil {
		return err
	}
	if err := os.Remove(dir); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err // something has appeared in it
	}
	return os.Rename(building, dir)
}

// sameRun returns run.json of the run that all shards are parts of.
func sameRun(shards []string) ([]byte, error) {
	var whole []byte
	from := map[Shard]string{}
	for _, dir := range shards {
		data, err := os.ReadFile(filepath.Join(dir, IdentityFile))
		if err != nil {
			return nil, err
		}
		var params json.RawMessage
		id := Identity{Params: &params}
		if err := json.Unmarshal(data, &id); err != nil {
			return nil, fmt.Errorf("reading the run %q: %w", dir, err)
		}
		switch {
		case id.Shard.Of == 0:
			return nil, fmt.Errorf("%q is a whole run; accepted: shards, begun with --shard I/N", dir)
		case from[id.Shard] != "":
			return nil, fmt.Errorf("%q and %q are both shard %s; accepted: different ones", from[id.Shard], dir, id.Shard)
		}
		for other := range from {
			if other.Of != id.Shard.Of {
				return nil, fmt.Errorf("%q is shard %s and %q shard %s; accepted: shards of as many parts", from[other], other, dir, id.Shard)
			}
		}
		from[id.Shard] = dir
		id.Shard = Shard{}
		now, err := id.encode()
		if err != nil {
			return nil, err
		}
		if whole == nil {
			whole = now
		} else if err := compare(whole, now); err != nil {
			return nil, fmt.Errorf("%q and %q: %w", shards[0], dir, err)
		}
	}
	return whole, nil
}

func build(dir string, shards []string, whole []byte, limit int, own []string) error {
	journal, err := os.Create(filepath.Join(dir, JournalFile))
	if err != nil {
		return err
	}
	for _, shard := range shards {
		if err := copyJournal(journal, shard, limit); err != nil {
			return errors.Join(fmt.Errorf("reading the run %q: %w", shard, err), journal.Close())
		}
		for _, name := range own {
			if err := copyTree(filepath.Join(shard, name), filepath.Join(dir, name)); err != nil {
				return errors.Join(err, journal.Close())
			}
		}
	}
	if err := errors.Join(journal.Sync(), journal.Close()); err != nil {
		return err
	}
	return WriteFile(filepath.Join(dir, IdentityFile), whole)
}

func copyJournal(to io.Writer, dir string, limit int) error {
	write := func(line []byte) error {
		_, err := to.Write(line)
		return err
	}
	log, err := OpenLog(filepath.Join(dir, JournalFile), limit, write) // holds the shard meanwhile
	if err != nil {
		return err
	}
	return log.Close()
}

// copyTree copies a file or a directory. What is there already stays: files
// with one name have one content, but for answers to one question, of which any
// will do.
func copyTree(from, to string) error {
	return filepath.WalkDir(from, func(path string, e fs.DirEntry, err error) error {
		if errors.Is(err, fs.ErrNotExist) && path == from {
			return nil
		}
		if err != nil {
			return err
		}
		rel, err := filepath.Rel(from, path)
		if err != nil {
			return err
		}
		target := filepath.Join(to, rel)
		if e.IsDir() {
			return os.MkdirAll(target, 0o777)
		}
		if !e.Type().IsRegular() {
			return fmt.Errorf("%q is no file", path)
		}
		if _, err := os.Lstat(target); err == nil {
			return nil
		}
		data, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		return WriteFile(target, data)
	})
}
