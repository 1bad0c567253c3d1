# make demo   build, make sample data, decide on it, explain one customer
# make test   every test, the service example and the independent check included
#
# Everything else: lint, bench, docs, build, install PREFIX=..., setup, clean.

SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c

SWIFT ?= swift
PREFIX ?= /usr/local
DESTDIR ?=

# The runtime is not linked in: with the streaming part that link fails for now (docs/decisions/0004).
RELEASE := --configuration release
EXPLAIN := .build/release/explain

# The same inputs on every machine, so that a failure is the change's own; other seeds are for hand.
FUZZ_SEED ?= 1

SAMPLE := sample
CUSTOMER := 334628087
RULES := rules/invoice-profile.rules rules/transfer-activity.rules rules/premium-offer.rules

.PHONY: all build demo test lint format bench docs install setup clean

all: build

setup:
	@Scripts/setup.sh

build: setup
	@echo "==> building explain (a few minutes the first time)"
	@$(SWIFT) build $(RELEASE) --product explain

demo: build
	@echo "==> writing sample data to $(SAMPLE)/"
	@$(EXPLAIN) sample $(SAMPLE)
	@echo "==> deciding on it; traces go to $(SAMPLE)/decisions"
	@rm -rf $(SAMPLE)/decisions $(SAMPLE)/decisions.jsonl
	@$(EXPLAIN) decide $(RULES) \
	  --input static=$(SAMPLE)/static.csv --input invoices=$(SAMPLE)/invoices.csv \
	  --input transfers=$(SAMPLE)/transfers.csv \
	  --log $(SAMPLE)/decisions --output $(SAMPLE)/decisions.jsonl
	@echo "==> explain --customer $(CUSTOMER) --log $(SAMPLE)/decisions"
	@$(EXPLAIN) --customer $(CUSTOMER) --log $(SAMPLE)/decisions

test: setup
	@echo "==> unit and golden tests"
	@$(SWIFT) build --build-tests
	@$(SWIFT) test --skip-build --parallel
	@echo "==> rules: checks and in-file tests"
	@FUZZ_SEED=$(FUZZ_SEED) Tests/Independent/rules.sh
	@echo "==> a minute of hostile rulesets"
	@EXPLAIN=.build/debug/explain Scripts/fuzz.sh 5000 $(FUZZ_SEED) --slowest 30
	@echo "==> a minute of hostile models"
	@EXPLAIN=.build/debug/explain Scripts/fuzz-pmml.sh 40000 $(FUZZ_SEED) --slowest 30
	@echo "==> the service example, as an outside package would link the library"
	@Examples/IngestService/check.sh
	@echo "==> every real customer against an independent computation"
	@Tests/Independent/check.sh

lint:
	@$(SWIFT) format lint --strict --recursive --parallel \
	  Package.swift Sources Tests Examples/IngestService/Package.swift \
	  Examples/IngestService/Sources Benchmarks/Package.swift Benchmarks/Sources

format:
	@$(SWIFT) format --in-place --recursive --parallel \
	  Package.swift Sources Tests Examples/IngestService/Package.swift \
	  Examples/IngestService/Sources Benchmarks/Package.swift Benchmarks/Sources

bench: build
	@$(SWIFT) build --configuration release --package-path Benchmarks
	@Benchmarks/.build/release/rationale-benchmarks $(ARGS)

docs: setup
	@Scripts/docs.sh .build/docs

install: build
	@install -D -m 755 $(EXPLAIN) "$(DESTDIR)$(PREFIX)/bin/explain"
	@echo "installed $(DESTDIR)$(PREFIX)/bin/explain"

clean:
	@rm -rf .build Benchmarks/.build Examples/IngestService/.build $(SAMPLE)
