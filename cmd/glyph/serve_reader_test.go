package main

import (
	"bufio"
	"context"
	"io"
	"net/http"
	"strings"
	"testing"
)

// TestServeReader starts a server, asks it for its model and interrupts it.
func TestServeReader(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	stderr, w := io.Pipe()
	cmd := newRoot()
	cmd.SetArgs([]string{"serve-reader", "--addr", "127.0.0.1:0"})
	cmd.SetErr(w)
	done := make(chan error, 1)
	go func() { done <- cmd.ExecuteContext(ctx) }()

	line, err := bufio.NewReader(stderr).ReadString('\n')
	if err != nil {
		t.Fatal(err)
	}
	name, url, ok := strings.Cut(strings.TrimSpace(line), " at ")
	if !ok {
		t.Fatalf("the server says %q, want where it is", line)
	}
	resp, err := http.Get(url + "/models")
	if err != nil {
		t.Fatal(err)
	}
	body, err := io.ReadAll(resp.Body)
	resp.Body.Close()
	if err != nil || !strings.Contains(string(body), name) {
		t.Errorf("the models are %s, error %v; want %q", body, err, name)
	}
	cancel()
	if err := <-done; err != nil {
		t.Errorf("an interrupted server ends with the error %v", err)
	}
}
