# What `make test` needs beyond Go it installs itself; nothing is skipped.
GO ?= go
# A busy machine is no failure: Go's own limit of 10 minutes is for hangs.
TIMEOUT = -timeout 40m
STATICCHECK = honnef.co/go/tools/cmd/staticcheck@v0.8.2

.PHONY: build test deps check lint race fuzz generate cross long bench clean

build: ## the binary, in bin/
	CGO_ENABLED=0 $(GO) build -trimpath -o bin/glyph ./cmd/glyph

test: deps ## all tests
	$(GO) test $(TIMEOUT) ./...

deps: ## what tests need: tesseract and PP-OCR, real readers
	./scripts/test-deps

check: lint test race fuzz generate cross ## what CI runs

lint:
	@test -z "$$(gofmt -l .)" || { gofmt -l .; echo "gofmt: the files above are not formatted"; exit 1; }
	$(GO) vet ./...
	$(GO) run $(STATICCHECK) ./...

race: ## -short and -run leave out what is slow and has no goroutines
	$(GO) test $(TIMEOUT) -race -short . ./document ./fonts ./render/... ./ask/... ./eval/read ./internal/judge ./internal/examiner ./serve/... ./internal/runs ./internal/store ./internal/flock ./internal/fault ./internal/input ./internal/scratch
	$(GO) test $(TIMEOUT) -race -short -run 'Workers|Cancel|Resume|Recorded|Fail|Cached|HeldOut' ./search/...
	$(GO) test $(TIMEOUT) -race -run 'Workers|Faulty' ./eval
	$(GO) test $(TIMEOUT) -race -short -skip 'TestScripts/(ask|eval|examine|judge|search)|Calibrate|ServeReader|EvalReport|Secrets|Signal|Detail' ./internal/cli/...

fuzz: ## every fuzz target, 5000 inputs
	./scripts/fuzz 5000x

generate: ## committed files are what go generate makes
	$(GO) generate ./...
	git diff --exit-code

long: deps ## by hand: what is too long for CI
	./scripts/fuzz 100000x
	$(GO) test -timeout 4h -count 20 -run 'Killed' ./eval ./search/... ./internal/runs

cross: ## one binary for every platform, under 40 MB
	./scripts/cross

bench: ## the numbers of the README, cold caches
	$(GO) test -run '^$$' -bench . -benchtime 2s -count 6 ./render ./render/internal/...
	./scripts/bench-process

clean:
	rm -rf bin dist
