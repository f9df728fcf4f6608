# Everything a developer or a host does starts here; `make help` lists it.

SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help

# Tools live in a cache of Vouch's own, by version, so that they meet no other project's.
CACHE := $(or $(XDG_CACHE_HOME),$(HOME)/.cache)/vouch
CARGO_LEPTOS := $(CACHE)/cargo-leptos-0.3.10
# The command-line half of wasm-bindgen must have the library's version to the last digit.
WASM_BINDGEN_VERSION := $(shell sed -n '/^name = "wasm-bindgen"$$/{n;s/version = "\(.*\)"/\1/p}' Cargo.lock)
WASM_BINDGEN := $(CACHE)/wasm-bindgen-$(WASM_BINDGEN_VERSION)
# Fuzzes the API; see end2end/fuzz.
SCHEMATHESIS := $(CACHE)/$(shell sed -n 's/^\(schemathesis\)==/\1-/p' end2end/fuzz/requirements.txt)
CARGO_DENY := $(CACHE)/cargo-deny-0.20.2
CARGO_FUZZ := $(CACHE)/cargo-fuzz-0.13.2
NPM_PACKAGES := end2end/node_modules/.package-lock.json

export PATH := $(CARGO_LEPTOS)/bin:$(WASM_BINDGEN)/bin:$(CURDIR)/end2end/node_modules/.bin:$(HOME)/.cargo/bin:$(PATH)

TARGET := $(or $(CARGO_TARGET_DIR),target)
VOUCH := $(TARGET)/release/vouch
SOURCES := Cargo.toml Cargo.lock $(shell find src style public migrations -type f)

.PHONY: help
help: ## List the targets
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 12

.PHONY: run
run: build ## Set up what is missing, build the release and serve it on http://127.0.0.1:3000
	@exec $(VOUCH)

.PHONY: build
build: $(VOUCH) ## Build the release: one executable that holds everything

# The front is built, hashed and compressed first, then embedded in the server.
$(VOUCH): $(SOURCES) | setup
	@echo "vouch: building the release (the first time 5 to 10 minutes, later about 2)"
	@mkdir -p $(@D) && touch $@.began
	LEPTOS_HASH_FILES=true cargo leptos build --release --split --precompress
	@touch -r $@.began $@  # not now: sources may have changed meanwhile

.PHONY: watch
watch: setup ## Serve a debug build and reload the browser at every change
	cargo leptos watch --hot-reload --split

.PHONY: test
test: lint deny test-rust test-fuzz test-bytes test-attack test-end2end ## Set up what is missing and run every check and test

.PHONY: lint
lint: setup ## Check the formatting, and both builds with clippy
	cargo fmt --check
	cargo clippy --locked --all-targets --features ssr -- --deny warnings
	cargo clippy --locked --lib --target wasm32-unknown-unknown --features hydrate -- --deny warnings
	cd end2end && tsc --noEmit

# The list of known holes comes from GitHub; where that is out of reach, the rest is checked and this is said.
.PHONY: deny
deny: $(CARGO_DENY) ## Check the dependencies: licences, duplicates, where they come from, known holes
	$(CARGO_DENY)/bin/cargo-deny --log-level error check --hide-inclusion-graph licenses bans sources
	@if git ls-remote --exit-code https://github.com/RustSec/advisory-db HEAD > /dev/null 2>&1; then \
		$(CARGO_DENY)/bin/cargo-deny check advisories; \
	else \
		echo "vouch: the list of known holes (github.com/RustSec/advisory-db) cannot be reached: NOT CHECKED"; \
	fi

.PHONY: test-rust
test-rust: setup ## Run the unit, storage and HTTP tests
	cargo test --locked --lib --features ssr

.PHONY: test-end2end
test-end2end: build browser ## Run every journey in Chromium, with JavaScript and without
	cd end2end && VOUCH=$(abspath $(VOUCH)) playwright test

.PHONY: test-fuzz
test-fuzz: build $(SCHEMATHESIS) ## Fuzz the API from its own description, for a few minutes and always alike
	VOUCH=$(abspath $(VOUCH)) SCHEMATHESIS=$(SCHEMATHESIS)/bin/st end2end/fuzz/run.sh 200 --seed 1

# Fuzzing needs a nightly compiler; its seeds are in the repository, its finds in fuzz/artifacts.
.PHONY: test-bytes
test-bytes: ## Fuzz what parses strangers' bytes, a few seconds each, where a nightly compiler is at hand
	@if rustup toolchain list | grep -q ^nightly; then \
		$(MAKE) --no-print-directory fuzz-bytes SECONDS_EACH=5; \
	else \
		echo "vouch: there is no nightly compiler (rustup toolchain install nightly): the parsers were NOT FUZZED"; \
	fi

.PHONY: fuzz-bytes
fuzz-bytes: $(CARGO_FUZZ) ## Fuzz what parses strangers' bytes, for SECONDS_EACH=60 each (needs nightly Rust)
	fuzz/run.sh $(CARGO_FUZZ)/bin/cargo-fuzz $(or $(SECONDS_EACH),60)

.PHONY: fuzz-api
fuzz-api: build $(SCHEMATHESIS) ## Fuzz the API for longer, each time otherwise
	VOUCH=$(abspath $(VOUCH)) SCHEMATHESIS=$(SCHEMATHESIS)/bin/st end2end/fuzz/run.sh 1000

.PHONY: test-attack
test-attack: build ## Attack the release in the short form, for about a minute
	cd end2end && ATTACK=short VOUCH=$(abspath $(VOUCH)) playwright test --config attack.config.ts

.PHONY: attack
attack: build ## Attack the release in the long form (about 7 minutes); SECURITY.md holds the table it prints
	cd end2end && ATTACK=long VOUCH=$(abspath $(VOUCH)) playwright test --config attack.config.ts

.PHONY: screenshots
screenshots: build browser ## Take pictures of every view, in both colour schemes and two widths
	cd end2end && VOUCH=$(abspath $(VOUCH)) playwright test --config screenshots.config.ts

.PHONY: bench
bench: build ## Measure the first load's bytes, and requests per second of pages and API (needs wrk)
	VOUCH=$(abspath $(VOUCH)) end2end/bench.sh

.PHONY: prerequisites
prerequisites:
	@for tool in rustup git cc npm python3; do \
		command -v $$tool > /dev/null || { echo "vouch: $$tool is missing; README.md says what has to be there first" >&2; exit 1; }; \
	done

.PHONY: setup
setup: prerequisites $(CARGO_LEPTOS) $(WASM_BINDGEN) $(NPM_PACKAGES) ## Install what building needs: wasm target, cargo-leptos, wasm-bindgen, wasm-opt
	@rustup target list --installed | grep -qx wasm32-unknown-unknown || rustup target add wasm32-unknown-unknown

# An unoptimised cargo-leptos builds Vouch as fast as an optimised one, and is itself built in a third of the time.
$(CARGO_LEPTOS): | prerequisites
	@echo "vouch: installing cargo-leptos (once; 3 to 10 minutes, or seconds with cargo-binstall)"
	if command -v cargo-binstall > /dev/null; then \
		cargo binstall --no-confirm --root $@.part cargo-leptos@$(lastword $(subst -, ,$@)); \
	else \
		CARGO_PROFILE_DEV_DEBUG=0 CARGO_TARGET_DIR=$(CACHE)/tools-target \
			cargo install --debug --locked --root $@.part --version $(lastword $(subst -, ,$@)) cargo-leptos; \
	fi
	mv $@.part $@

# Not --locked: its lock file names crates that no longer resolve.
$(WASM_BINDGEN): | prerequisites
	@echo "vouch: installing wasm-bindgen $(WASM_BINDGEN_VERSION) (once; about 2 minutes)"
	if command -v cargo-binstall > /dev/null; then \
		cargo binstall --no-confirm --root $@.part wasm-bindgen-cli@$(WASM_BINDGEN_VERSION); \
	else \
		CARGO_PROFILE_DEV_DEBUG=0 CARGO_TARGET_DIR=$(CACHE)/tools-target \
			cargo install --debug --root $@.part --version $(WASM_BINDGEN_VERSION) wasm-bindgen-cli; \
	fi
	mv $@.part $@

$(CARGO_DENY) $(CARGO_FUZZ): | prerequisites
	@echo "vouch: installing $(notdir $@) (once; 1 to 3 minutes)"
	CARGO_PROFILE_DEV_DEBUG=0 CARGO_TARGET_DIR=$(CACHE)/tools-target cargo install --debug --locked --root $@.part \
		$(shell echo $(notdir $@) | sed 's/\(.*\)-\(.*\)/\1@\2/')
	mv $@.part $@

$(SCHEMATHESIS): end2end/fuzz/requirements.txt | prerequisites
	@echo "vouch: installing Schemathesis (once; about half a minute)"
	rm -rf $@ && python3 -m venv $@
	$@/bin/pip install --quiet --disable-pip-version-check --requirement $< || { rm -rf $@; exit 1; }
	@touch $@

$(NPM_PACKAGES): end2end/package.json end2end/package-lock.json | prerequisites
	@echo "vouch: installing npm packages (wasm-opt, Playwright and tools for the API; a few seconds)"
	cd end2end && npm ci --no-fund --no-audit
	@touch $@

.PHONY: browser
browser: $(NPM_PACKAGES) ## Install Chromium for the tests, unless there is one
	@end2end/find-chromium.sh > /dev/null || { \
		echo "vouch: installing Chromium for the tests (once; about a minute)"; \
		if [ "$$(id -u)" = 0 ] && command -v apt-get > /dev/null; then \
			apt-get update && apt-get install --yes chromium; \
		else \
			cd end2end && playwright install chromium; \
		fi; }

.PHONY: clean
clean: ## Delete what was built; tools and data stay
	rm -rf $(TARGET) target
