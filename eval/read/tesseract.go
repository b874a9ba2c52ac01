package read

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"time"
)

const (
	// defaultScale suits type of about 9 px, as on 72-dpi pages.
	defaultScale = 3

	// maxScale makes type of 3 px, which nothing reads, 24 px high.
	maxScale = 8
)

// TesseractOptions are the settings of a Tesseract reader.
type TesseractOptions struct {
	// Scale is the factor from 1 to MaxScale by which pages are enlarged before
	// they are read; 0 is DefaultScale. It does best where an em becomes 18 to
	// 30 px; 9 px type read as it stands has 5.9 % errors in place of 0.12 %.
	Scale int
}

// tesseract reads pages with the OCR engine of that name, as installed on the
// machine, its LSTM model for English and a page layout of one block of text.
// It is safe for concurrent use: each Read runs one process on one thread, so
// that the caller decides how many cores are busy.
type tesseract struct {
	path    string
	version string
	scale   int
}

var _ Reader = (*tesseract)(nil)

// NewTesseract finds Tesseract on the PATH and asks for its version. The error
// says how to install it if it is not there, and wraps [exec.ErrNotFound].
func NewTesseract(ctx context.Context, o TesseractOptions) (*tesseract, error) {
	if o.Scale < 0 || o.Scale > maxScale {
		return nil, fmt.Errorf("scale %d of tesseract: want 1 to %d, or 0 for %d", o.Scale, maxScale, defaultScale)
	}
	if o.Scale == 0 {
		o.Scale = defaultScale
	}
	path, err := exec.LookPath("tesseract")
	if err != nil {
		return nil, fmt.Errorf("finding the reader tesseract: %w\ninstall Tesseract 5 with its English data: "+
			"`make deps` in this repository, `apt-get install tesseract-ocr tesseract-ocr-eng`, or `brew install tesseract`", err)
	}
	t := &tesseract{path: path, scale: o.Scale}
	out, err := t.run(ctx, nil, "--version")
	if err != nil {
		return nil, fmt.Errorf("asking tesseract for its version: %w", err)
	}
	line, _, _ := strings.Cut(out, "\n")
	version, ok := strings.CutPrefix(strings.TrimSpace(line), "tesseract ")
	if !ok {
		return nil, fmt.Errorf("asking tesseract for its version: %s answers %q: want \"tesseract 5.3.0\" or the like", path, line)
	}
	t.version = strings.TrimPrefix(version, "v") // as builds for Windows have it
	return t, nil
}

// Name is such as "tesseract 5.3.0 (eng, x3)": version, model and scale.
func (t *tesseract) Name() string {
	return fmt.Sprintf("tesseract %s (eng, x%d)", t.version, t.scale)
}

// Read implements [Reader]. When ctx ends, the process is killed.
func (t *tesseract) Read(ctx context.Context, page Page) (Reading, error) {
	pgm, err := enlarge(page.PNG, t.scale)
	if err != nil {
		return Reading{}, fmt.Errorf("enlarging a page for tesseract: %w", err)
	}
	// --psm 6 is one block of text: columns are not looked for.
	text, err := t.run(ctx, pgm, "stdin", "stdout", "-l", "eng", "--psm", "6", "--oem", "1")
	if err != nil {
		return Reading{}, fmt.Errorf("reading a page with tesseract: %w", err)
	}
	// A form feed ends the page.
	return Reading{Text: strings.TrimSuffix(text, "\f")}, nil
}

// run returns what tesseract writes to standard output.
func (t *tesseract) run(ctx context.Context, stdin []byte, args ...string) (string, error) {
	cmd := exec.CommandContext(ctx, t.path, args...)
	cmd.Stdin = bytes.NewReader(stdin)
	// A second thread does not read a page faster, it only takes a core away.
	cmd.Env = append(os.Environ(), "OMP_THREAD_LIMIT=1")
	// A child that outlives the killed process would keep the pipes open.
	cmd.WaitDelay = time.Second
	out, err := cmd.Output()
	if ctx.Err() != nil {
		return "", ctx.Err()
	}
	if exit, ok := errors.AsType[*exec.ExitError](err); ok {
		return "", fmt.Errorf("%w, saying %q", err, bytes.TrimSpace(exit.Stderr))
	}
	return string(out), err
}
