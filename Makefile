# Two commands: `make run` and `make test`. The others are for those who work on Essor.

SHELL := /bin/bash
CARGO ?= cargo
.DEFAULT_GOAL := help
.PHONY: help tools run test test-long dev check bench build web generate drift

help:
	@echo "make run        set everything up, then Essor with the demo portfolio on http://127.0.0.1:7420"
	@echo "make test       set everything up, then every test"
	@echo "make test-long  the full fault list and scale"
	@echo "make dev        server and interface, rebuilt as you edit"
	@echo "make check      formats, lints, licences, generated files"
	@echo "make bench      measure; results in bench/RESULTS.md"

run: tools build
	./target/release/essor serve --demo

tools:
	@scripts/setup.sh rust node

build: web
	$(CARGO) build --release --locked

# The interface; rebuilt when a source changed.
web: web/dist/index.html

web/node_modules/.package-lock.json: web/package.json web/package-lock.json
	cd web && npm ci --no-audit --no-fund
	@touch $@

WEB_SOURCES := $(shell find web/src web/public web/index.html web/vite.config.ts web/tsconfig.json -type f 2>/dev/null)
web/dist/index.html: web/node_modules/.package-lock.json $(WEB_SOURCES)
	cd web && npm run build
	@touch $@

test:
	scripts/test.sh

test-long:
	ESSOR_TEST_LONG=1 scripts/test.sh

dev: web/node_modules/.package-lock.json
	scripts/dev.sh

# Writes the generated files; `drift` refuses when they differ from what is committed.
generate: web/node_modules/.package-lock.json
	scripts/generate.sh

drift:
	scripts/generate.sh --check

check: web/node_modules/.package-lock.json
	$(CARGO) fmt --all --check
	$(CARGO) clippy --workspace --all-targets --locked -- -D warnings
	scripts/setup.sh deny
	$(CARGO) deny --locked check bans licenses sources
	cd web && npm run check
	scripts/generate.sh --check

bench: build
	scripts/bench.sh
