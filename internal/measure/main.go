//go:build unix

// Command measure runs a command several times and prints its wall time and
// the most memory that was resident: the numbers of docs/benchmarks.
//
//	measure -n 5 -stdin text.txt -clean out -- glyph compress - -o out
//
// It is a tool of this repository and not part of the toolkit.
package main

import (
	"flag"
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"slices"
	"syscall"
	"time"
)

func main() {
	n := flag.Int("n", 5, "how often to run the command")
	stdin := flag.String("stdin", "", "file to give the command as standard input")
	clean := flag.String("clean", "", "directory to remove before each run")
	name := flag.String("name", "", "what to print before the numbers")
	flag.Parse()
	if err := run(*n, *name, *stdin, *clean, flag.Args()); err != nil {
		fmt.Fprintln(os.Stderr, "measure:", err)
		os.Exit(1)
	}
}

func run(n int, name, stdin, clean string, args []string) error {
	if len(args) == 0 || n < 1 {
		return fmt.Errorf("want a command behind --, and n of at least 1")
	}
	var walls []time.Duration
	var rss []int64
	for range n {
		if clean != "" {
			if err := os.RemoveAll(clean); err != nil {
				return err
			}
		}
		cmd := exec.Command(args[0], args[1:]...)
		cmd.Stderr = os.Stderr
		if stdin != "" {
			f, err := os.Open(stdin)
			if err != nil {
				return err
			}
			defer f.Close()
			cmd.Stdin = f
		}
		start := time.Now()
		if err := cmd.Run(); err != nil {
			return fmt.Errorf("running %q: %w", args, err)
		}
		walls = append(walls, time.Since(start))
		kib := cmd.ProcessState.SysUsage().(*syscall.Rusage).Maxrss
		if runtime.GOOS == "darwin" { // there it is bytes
			kib /= 1024
		}
		rss = append(rss, kib)
	}
	slices.Sort(walls)
	slices.Sort(rss)
	fmt.Printf("%-24s n=%d  wall median %.3f s (%.3f to %.3f)  resident median %.1f MB (max %.1f)\n",
		name, n, walls[n/2].Seconds(), walls[0].Seconds(), walls[n-1].Seconds(),
		float64(rss[n/2])*1024/1e6, float64(rss[n-1])*1024/1e6)
	return nil
}
