//go:build linux

package cli

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/glyphkit/glyph/internal/cli/verb"
)

// A verb that waits for input that never comes ends with the first signal, and
// leaves nothing behind.
func TestOneSignalEndsEveryWait(t *testing.T) {
	for _, c := range []struct {
		name string
		args string // FIFO stands for a pipe without a writer, SILENT for one whose writer says nothing
	}{
		{"pipe without a writer", "compress FIFO -o out"},
		{"silent pipe", "compress SILENT -o out"},
		{"pipe in the planner", "compress FIFO -o out -m gpt-5.5"},
		{"price of a pipe", "price FIFO"},
		{"plan of a silent pipe", "plan SILENT -m gpt-5.5"},
		{"standard input", "compress - -o out"},
		{"fonts of standard input", "fonts coverage -"},
		{"price of standard input", "price"},
		{"config", "compress a.txt -o out -c ./FIFO"},
		{"profiles", "price a.txt --profiles FIFO"},
		{"tokenizer", "price a.txt -m gpt-5.5 --tokenizer FIFO"},
		{"labels", "judge calibrate FIFO -m x --base-url http://127.0.0.1:9/v1 --criteria c -o r.json"},
		{"criteria", "judge calibrate a.txt -m x --base-url http://127.0.0.1:9/v1 --criteria @FIFO -o r.json"},
		{"data of a task", "eval --task ruler/vt --data FIFO -o out"},
		{"documents of eval", "eval SILENT --task ocr -o out"},
		{"documents of search", "search --docs FIFO --reader tesseract -m qwen3-vl --budget calls=1 -o out"},
		{"genes", "search --docs a.txt --reader tesseract -m qwen3-vl --budget calls=1 -o out --genes FIFO"},
		{"documents of examine", "examine FIFO -m x --base-url http://127.0.0.1:9/v1"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			p := start(t, c.args)
			p.signal(t, syscall.SIGTERM)
			p.ends(t)
			if !strings.HasSuffix(p.stderr.String(), "glyph: interrupted\n") {
				t.Errorf("stderr %q", p.stderr.String())
			}
			p.leavesNothing(t)
		})
	}
}

// A second signal ends what the first one did not, without a directory that
// nobody wanted.
func TestTwoSignalsAtOnce(t *testing.T) {
	p := start(t, "compress SILENT -o out")
	for range 2 {
		p.signal(t, os.Interrupt)
	}
	p.ends(t)
	p.leavesNothing(t)
}

type process struct {
	*exec.Cmd
	stderr bytes.Buffer
	files  map[string]bool // that were there at the start
}

// start runs glyph in a directory of its own and waits until it waits for input.
func start(t *testing.T, args string) *process {
	t.Helper()
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "a.txt"), []byte("text\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"FIFO", "SILENT"} {
		if err := syscall.Mkfifo(filepath.Join(dir, name), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	p := &process{Cmd: exec.Command("glyph", strings.Fields(args)...), files: map[string]bool{}}
	p.Dir, p.Stderr = dir, &p.stderr
	p.Env = append(os.Environ(), "TMPDIR="+dir, "HOME="+dir, "XDG_CONFIG_HOME="+dir)
	stdin, err := p.StdinPipe() // silent until the end of the test
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range p.list(t) {
		p.files[name] = true
	}
	if err := p.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		stdin.Close()
		if p.ProcessState == nil {
			_ = p.Process.Kill()
			_ = p.Wait()
		}
	})
	if !strings.Contains(args, "SILENT") {
		p.until(t, func() bool { return p.waits(t) })
	} else {
		p.until(t, func() bool { // it fails until somebody reads
			f, err := os.OpenFile(filepath.Join(dir, "SILENT"), os.O_WRONLY|syscall.O_NONBLOCK, 0)
			if err == nil {
				t.Cleanup(func() { f.Close() })
			}
			return err == nil
		})
	}
	return p
}

// until waits for what happens in any case, for a time that no machine needs.
func (p *process) until(t *testing.T, happened func() bool) {
	t.Helper()
	for range 2000 {
		if happened() {
			return
		}
		time.Sleep(10 * time.Millisecond)
	}
	t.Fatalf("%q: nothing in 20 s; stderr %q", p.Args, p.stderr.String())
}

// waits reports whether a thread of the process is held by the system in an
// openat of a file or in a read of standard input.
func (p *process) waits(t *testing.T) bool {
	calls, err := filepath.Glob(fmt.Sprintf("/proc/%d/task/*/syscall", p.Process.Pid))
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range calls {
		call, _ := os.ReadFile(name) // the thread may have ended
		var number, first uint64
		if n, _ := fmt.Sscanf(string(call), "%d 0x%x", &number, &first); n == 2 &&
			(number == uint64(syscall.SYS_OPENAT) || number == uint64(syscall.SYS_READ) && first == 0) {
			return true
		}
	}
	return false
}

func (p *process) signal(t *testing.T, s os.Signal) {
	t.Helper()
	if err := p.Process.Signal(s); err != nil && !errors.Is(err, os.ErrProcessDone) {
		t.Fatal(err)
	}
}

func (p *process) ends(t *testing.T) {
	t.Helper()
	ended := make(chan error, 1)
	go func() { ended <- p.Wait() }()
	select {
	case <-ended:
	case <-time.After(time.Minute):
		t.Fatalf("%q goes on after the signal", p.Args)
	}
	if code := p.ProcessState.ExitCode(); code != verb.ExitInterrupted {
		t.Errorf("exit code %d (%s), stderr %q", code, p.ProcessState, p.stderr.String())
	}
}

func (p *process) list(t *testing.T) (names []string) {
	t.Helper()
	entries, err := os.ReadDir(p.Dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		names = append(names, e.Name())
	}
	return names
}

func (p *process) leavesNothing(t *testing.T) {
	t.Helper()
	for _, name := range p.list(t) {
		if !p.files[name] {
			t.Errorf("left behind: %s", name)
		}
	}
}
