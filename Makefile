# What `make test` needs beyond Go it installs itself; nothing is skipped.
GO ?= go
STATICCHECK = honnef.co/go/tools/cmd/staticcheck@v0.8.2

.PHONY: build test deps check lint race fuzz generate cross bench clean

build: ## the binary, in bin/
	CGO_ENABLED=0 $(GO) build -trimpath -o bin/glyph ./cmd/glyph

test: deps ## all tests
	$(GO) test ./...

deps: ## what tests need: tesseract and PP-OCR, real readers
	./scripts/test-deps

check: lint test race fuzz generate cross ## what CI runs

lint:
	@test -z "$$(gofmt -l .)" || { gofmt -l .; echo "gofmt: the files above are not formatted"; exit 1; }
	$(GO) vet ./...
	$(GO) run $(STATICCHECK) ./...

race: ## -short and -run leave out what is slow and has no goroutines
	$(GO) test -race -short ./render/... ./fonts ./eval ./ask/llm ./ask ./serve/reader ./internal/judge ./internal/examiner
	$(GO) test -race -short -run 'Workers|Cancel|Resume|Recorded|Fail|Cached|HeldOut' ./search
	$(GO) test -race -run 'Workers|Faulty' ./eval
	$(GO) test -race -short -skip 'TestScripts/(ask|eval|examine|judge|search)|Calibrate|ServeReader|EvalReport' ./cmd/...

fuzz: ## every fuzz target, 5000 inputs
	./scripts/fuzz 5000x

generate: ## committed files are what go generate makes
	$(GO) generate ./...
	git diff --exit-code

cross: ## one binary for every platform, under 40 MB
	./scripts/cross

bench: ## the numbers of the README, cold caches
	$(GO) test -run '^$$' -bench . -benchtime 2s -count 6 ./render ./render/internal/...
	./scripts/bench-process

clean:
	rm -rf bin dist
