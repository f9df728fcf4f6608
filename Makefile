# Everything that a developer or a host does begins with one of these targets; `make help` lists them.

SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help

# Tools are installed in a directory of their own, by version, apart from the tools of other projects.
CACHE := $(or $(XDG_CACHE_HOME),$(HOME)/.cache)/vouch
CARGO_LEPTOS := $(CACHE)/cargo-leptos-0.3.10
# The command-line tool of wasm-bindgen must have exactly the version of the library.
WASM_BINDGEN_VERSION := $(shell sed -n '/^name = "wasm-bindgen"$$/{n;s/version = "\(.*\)"/\1/p}' Cargo.lock)
WASM_BINDGEN := $(CACHE)/wasm-bindgen-$(WASM_BINDGEN_VERSION)
# For fuzzing the API; see end2end/fuzz.
SCHEMATHESIS := $(CACHE)/$(shell sed -n 's/^\(schemathesis\)==/\1-/p' end2end/fuzz/requirements.txt)
CARGO_DENY := $(CACHE)/cargo-deny-0.20.2
CARGO_FUZZ := $(CACHE)/cargo-fuzz-0.13.2
CARGO_CYCLONEDX := $(CACHE)/cargo-cyclonedx-0.5.9
LIGHTHOUSE := end2end/bench/lighthouse/node_modules/.package-lock.json
NPM_PACKAGES := end2end/node_modules/.package-lock.json

export PATH := $(CARGO_LEPTOS)/bin:$(WASM_BINDGEN)/bin:$(CURDIR)/end2end/node_modules/.bin:$(HOME)/.cargo/bin:$(PATH)

TARGET := $(or $(CARGO_TARGET_DIR),target)
VOUCH := $(TARGET)/release/vouch
# Marks when the files for the browser were built. They are in this folder, whatever CARGO_TARGET_DIR says.
SITE := target/site.built
# The code of the admin pages is a build of its own, so that members do not load it.
ADMIN_FRONT := LEPTOS_OUTPUT_NAME=admin LEPTOS_SITE_ROOT=target/site-admin
LIMIT := $(TARGET)/bench-limit/release/vouch-limit
# The release before this one, as a commit: two servers may be one release apart, and the attacks try that. At each release
# this becomes the one before.
BEFORE := 867c3293f1
VOUCH_BEFORE := $(TARGET)/before/$(BEFORE)/vouch
SOURCES := Cargo.toml Cargo.lock $(shell find src style public migrations -type f)

.PHONY: help
help: ## List the targets
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 14

.PHONY: run
run: build ## Install what is missing, build the release and serve it on http://127.0.0.1:3000
	@exec $(VOUCH)

.PHONY: build
build: $(VOUCH) ## Build the release: one executable that contains everything

# The files for the browser are built, hashed and compressed first, and then embedded in the server. What is made has the
# time when its build began: sources may have changed since.
$(VOUCH): $(SITE)
	@echo "vouch: building the release (5 to 10 minutes the first time, later about 2)"
	@mkdir -p $(@D) && touch $@.began
	$(COMMIT) LEPTOS_HASH_FILES=true cargo leptos build --release --server-only
	@touch -r $@.began $@

$(SITE): $(SOURCES) | setup
	@echo "vouch: building the files for the browser (4 minutes the first time, later about 1)"
	@mkdir -p $(@D) && touch $@.began
	$(WITHOUT_PATHS) LEPTOS_HASH_FILES=true $(ADMIN_FRONT) cargo leptos build --release --precompress --frontend-only --lib-features admin
	$(WITHOUT_PATHS) LEPTOS_HASH_FILES=true cargo leptos build --release --precompress --frontend-only
	@mv $@.began $@

# What `vouch --version` says beside the number. Sources that are no clone of a repository have no commit.
COMMIT = VOUCH_COMMIT="$$(packaging/commit.sh)"
# Panics name files of dependencies. Without this, their names would begin with the folders of whoever builds.
WITHOUT_PATHS = RUSTFLAGS="$${RUSTFLAGS-} $$(packaging/without-paths.sh --remap-path-prefix $(abspath $(TARGET)))"

# What is shipped is linked with musl, and so contains its C library: it runs on any Linux with the same kind of processor.
ARCH := $(shell uname -m)
TRIPLE := $(ARCH)-unknown-linux-musl
VERSION := $(shell sed -n '0,/^version = /s/^version = "\(.*\)"/\1/p' Cargo.toml)
DIST := $(TARGET)/dist
EXECUTABLE := $(DIST)/vouch-$(VERSION)-$(ARCH)-linux
DEB := $(DIST)/vouch_$(VERSION)-1_$(patsubst x86_64,amd64,$(patsubst aarch64,arm64,$(ARCH))).deb
# On arm64, gcc would call functions for atomics that are in a library made for another C library.
MUSL = LEPTOS_BIN_TARGET_TRIPLE=$(TRIPLE) CC_$(subst -,_,$(TRIPLE))=musl-gcc CFLAGS_$(subst -,_,$(TRIPLE))="$(C_FLAGS)"
C_FLAGS = $$(packaging/without-paths.sh -ffile-prefix-map $(abspath $(TARGET)))$(if $(filter aarch64,$(ARCH)), -mno-outline-atomics)
# Files that are made get the time of the commit.
EPOCH = SOURCE_DATE_EPOCH="$$(git log -1 --format=%ct 2> /dev/null || date +%s)"

.PHONY: dist
dist: $(SITE) musl $(CARGO_CYCLONEDX) ## Build what is shipped: one executable for any Linux, its checksum, and what libraries are in it
	@echo "vouch: building the executable for any Linux (10 minutes the first time, later about 2)"
	$(COMMIT) $(WITHOUT_PATHS) $(MUSL) LEPTOS_HASH_FILES=true cargo leptos build --release --server-only
	@mkdir -p $(DIST)
	strip -o $(EXECUTABLE) $(TARGET)/$(TRIPLE)/release/vouch
	cd $(DIST) && sha256sum $(notdir $(EXECUTABLE)) > $(notdir $(EXECUTABLE)).sha256
	$(EPOCH) python3 -B packaging/contents.py $(CARGO_CYCLONEDX)/bin/cargo-cyclonedx $(EXECUTABLE) $(TRIPLE)

.PHONY: deb
deb: dist ## Build the Debian package of it
	$(EPOCH) packaging/deb.sh $(EXECUTABLE) $(DEB) $(VERSION)
	cd $(DIST) && sha256sum $(notdir $(DEB)) > $(notdir $(DEB)).sha256

.PHONY: watch
watch: setup ## Serve a debug build, and reload the browser at every change
	@rm -f $(SITE)  # a release needs other files in the same place
	$(ADMIN_FRONT) cargo leptos build --frontend-only --lib-features admin
	cargo leptos watch --hot-reload

.PHONY: test
test: lint deny monitoring test-rust test-fuzz test-bytes test-attack test-end2end test-dist ## Install what is missing, and run every check and test

.PHONY: lint
lint: setup ## Check the formatting, run clippy on both builds, check the links of the documentation and the types of the TypeScript tests
	cargo fmt --check
	cargo clippy --locked --all-targets --features ssr -- --deny warnings
	cargo clippy --locked --lib --target wasm32-unknown-unknown --features hydrate -- --deny warnings
	cargo clippy --locked --lib --target wasm32-unknown-unknown --features admin -- --deny warnings
	RUSTDOCFLAGS="--deny warnings" cargo doc --quiet --locked --no-deps --lib --features ssr --document-private-items
	cd end2end && tsc --noEmit

# The list of known vulnerabilities is on GitHub. If it cannot be reached, the rest is checked and a message says so.
.PHONY: deny
deny: $(CARGO_DENY) ## Check the dependencies: licences, duplicates, origins, known vulnerabilities
	$(CARGO_DENY)/bin/cargo-deny --log-level error check --hide-inclusion-graph licenses bans sources
	@if git ls-remote --exit-code https://github.com/RustSec/advisory-db HEAD > /dev/null 2>&1; then \
		$(CARGO_DENY)/bin/cargo-deny check advisories; \
	else \
		echo "vouch: known vulnerabilities were NOT CHECKED: their list (github.com/RustSec/advisory-db) cannot be reached"; \
	fi

.PHONY: monitoring
monitoring: prerequisites ## Check the alerts, their tests and the board of docs/monitoring with promtool, if it is installed
	@if [ "$(CI)" = true ] && [ "$$(id -u)" = 0 ] && ! command -v promtool > /dev/null; then \
		apt-get update > /dev/null && apt-get install --yes prometheus > /dev/null; \
	fi
	@python3 -B end2end/monitoring.py

.PHONY: test-rust
test-rust: setup ## Run the tests of the rules, the storage and the HTTP endpoints, on SQLite and on PostgreSQL
	end2end/with-postgres.sh true # installs it, or says what is not run
	cargo test --locked --lib --features ssr $$(end2end/postgres.sh bin > /dev/null || echo "-- --skip postgres")
	VOUCH_TEST_PLACE=postgres end2end/with-postgres.sh cargo test --locked --lib --features ssr

.PHONY: test-end2end
test-end2end: build browser ## Run every journey in Chromium, in both languages, with JavaScript and without, on SQLite and PostgreSQL; in English on two servers
	cd end2end && VOUCH=$(abspath $(VOUCH)) ./in-places.sh playwright test

.PHONY: test-fuzz
test-fuzz: build $(SCHEMATHESIS) ## Fuzz the API from its OpenAPI description, for a few minutes, with the same requests each time
	VOUCH=$(abspath $(VOUCH)) SCHEMATHESIS=$(SCHEMATHESIS)/bin/st end2end/fuzz/run.sh 200 --seed 1

# Fuzzing needs a nightly compiler. The seeds are in fuzz/seeds; inputs that fail are written to fuzz/artifacts.
.PHONY: test-bytes
test-bytes: ## Fuzz the parsers of bytes from strangers, 5 seconds each, if a nightly compiler is installed
	@if rustup toolchain list | grep -q ^nightly; then \
		$(MAKE) --no-print-directory fuzz-bytes SECONDS_EACH=5; \
	else \
		echo "vouch: the parsers were NOT FUZZED: no nightly compiler is installed (rustup toolchain install nightly)"; \
	fi

.PHONY: fuzz-bytes
fuzz-bytes: $(CARGO_FUZZ) ## Fuzz the parsers of bytes from strangers, each for SECONDS_EACH (60) seconds; needs a nightly compiler
	fuzz/run.sh $(CARGO_FUZZ)/bin/cargo-fuzz $(or $(SECONDS_EACH),60)

.PHONY: fuzz-api
fuzz-api: build $(SCHEMATHESIS) ## Fuzz the API for longer, with other requests each time
	VOUCH=$(abspath $(VOUCH)) SCHEMATHESIS=$(SCHEMATHESIS)/bin/st end2end/fuzz/run.sh 1000

# A debug build without the files for the browser does for the API, and shares its dependencies with the tests.
$(VOUCH_BEFORE): | prerequisites
	@echo "vouch: building the release before this one (only once; about 2 minutes)"
	@rm -rf $(@D) && mkdir -p $(@D)/source
	@git archive $(BEFORE) | tar --extract --directory $(@D)/source || { \
		echo "vouch: the history of the repository is needed (git fetch --unshallow)" >&2; exit 1; }
	cd $(@D)/source && CARGO_TARGET_DIR=$(abspath $(TARGET)) cargo build --quiet --locked --features ssr --bin vouch
	@cp $(TARGET)/debug/vouch $@ && rm -r $(@D)/source

.PHONY: test-attack
test-attack: build $(VOUCH_BEFORE) ## Run the attacks of SECURITY.md on the release in their short form (about 5 minutes)
	cd end2end && ATTACK=short VOUCH=$(abspath $(VOUCH)) VOUCH_TEST_BEFORE=$(abspath $(VOUCH_BEFORE)) ./in-places.sh playwright test --config attack.config.ts

.PHONY: attack
attack: build $(VOUCH_BEFORE) ## Run the attacks in their long form (40 minutes), and print the table that SECURITY.md contains
	cd end2end && ATTACK=long VOUCH=$(abspath $(VOUCH)) VOUCH_TEST_BEFORE=$(abspath $(VOUCH_BEFORE)) ./in-places.sh playwright test --config attack.config.ts

# Without these tools there is nothing to test. That may be so on the machine of a developer, but not in CI.
.PHONY: test-dist
test-dist: ## Build what is shipped, and test it: the executable alone in an empty folder, the systemd unit, the Debian package
	@if command -v dpkg-deb > /dev/null && $(MAKE) --no-print-directory musl; then \
		$(MAKE) --no-print-directory check-dist; \
	else \
		echo "vouch: what is shipped was NOT TESTED: that needs dpkg-deb and musl-gcc"; [ -z "$${CI-}" ]; \
	fi

.PHONY: check-dist
check-dist: deb unit-tools
	end2end/dist/files.sh $(EXECUTABLE) $(abspath $(TARGET))
	end2end/dist/alone.sh $(EXECUTABLE)
	python3 -B end2end/dist/unit.py packaging/vouch.service $(EXECUTABLE)
	end2end/dist/deb.sh $(DEB)

.PHONY: screenshots
screenshots: build browser ## Take screenshots of every page, in both colour schemes, three widths and three languages
	cd end2end && VOUCH=$(abspath $(VOUCH)) playwright test --config screenshots.config.ts

.PHONY: bench
bench: build $(LIMIT) wrk ## Measure pages, API and wrong codes beside what the machine can do at most (7 minutes; needs wrk)
	python3 -B end2end/bench/bench.py $(VOUCH) $(LIMIT) $(TARGET)

.PHONY: bench-scale
bench-scale: build ## Measure requests with a thousand and with a million members (2 minutes the first time)
	python3 -B end2end/bench/scale.py $(VOUCH) $(TARGET)

.PHONY: bench-streams
bench-streams: build ## Measure what 10,000 open pages cost, and how soon they are told of an invitee (2 minutes)
	python3 -B end2end/bench/streams.py $(VOUCH) $(TARGET)

.PHONY: bench-servers
bench-servers: build wrk ## Measure one server on SQLite, one and two on PostgreSQL, in turns (3 minutes; needs wrk and haproxy)
	FSYNC=on end2end/with-postgres.sh python3 -B end2end/bench/servers.py $(VOUCH) $(TARGET)

.PHONY: bench-inside
bench-inside: setup ## Measure requests inside the process, without sockets (compiles for 7 minutes the first time)
	cargo bench --locked --features ssr --bench inside

.PHONY: bench-page
bench-page: build browser $(LIGHTHOUSE) ## Load pages on a slow phone, and let Lighthouse judge them (2 minutes)
	cd end2end && VOUCH=$(abspath $(VOUCH)) BENCH_FOLDER=$(abspath $(TARGET)) playwright test --config bench.config.ts

# Its 200 packages are needed by nothing else.
$(LIGHTHOUSE): end2end/bench/lighthouse/package.json end2end/bench/lighthouse/package-lock.json | prerequisites
	cd $(<D) && npm ci --ignore-scripts
	@touch $@

.PHONY: wrk
wrk:
	@command -v wrk > /dev/null || { echo "vouch: wrk is missing (Debian: apt-get install wrk)" >&2; exit 1; }

# A crate of its own, because with its dependencies all of Vouch would be compiled once more.
$(LIMIT): $(addprefix end2end/bench/limit/,Cargo.toml Cargo.lock src/main.rs) | prerequisites
	@echo "vouch: building the server that the bench compares with (about a minute)"
	CARGO_TARGET_DIR=$(abspath $(TARGET))/bench-limit cargo build --quiet --locked --release --manifest-path $<
	@touch $@

.PHONY: prerequisites
prerequisites:
	@for tool in rustup git cc npm python3; do \
		command -v $$tool > /dev/null || { echo "vouch: $$tool is missing; README.md lists what must be installed first" >&2; exit 1; }; \
	done

.PHONY: setup
setup: prerequisites $(CARGO_LEPTOS) $(WASM_BINDGEN) $(NPM_PACKAGES) ## Install what the build needs: wasm target, cargo-leptos, wasm-bindgen, wasm-opt
	@rustup target list --installed | grep -qx wasm32-unknown-unknown || rustup target add wasm32-unknown-unknown

# Debian's packages are installed by themselves only for root.
.PHONY: musl
musl: prerequisites
	@rustup target list --installed | grep -qx $(TRIPLE) || rustup target add $(TRIPLE)
	@command -v musl-gcc > /dev/null || { [ "$$(id -u)" = 0 ] && apt-get update && apt-get install --yes musl-tools; } || { \
		echo "vouch: musl-gcc is missing (Debian: apt-get install musl-tools)" >&2; exit 1; }

.PHONY: unit-tools
unit-tools:
	@{ command -v strace && command -v systemd-analyze; } > /dev/null || [ "$$(id -u)" != 0 ] || { \
		apt-get update && apt-get install --yes strace systemd; }

# A debug build of cargo-leptos builds Vouch as fast as a release build, and is itself built in a third of the time.
$(CARGO_LEPTOS): | prerequisites
	@echo "vouch: installing cargo-leptos (only once; 3 to 10 minutes, or a few seconds with cargo-binstall)"
	if command -v cargo-binstall > /dev/null; then \
		cargo binstall --no-confirm --root $@.part cargo-leptos@$(lastword $(subst -, ,$@)); \
	else \
		CARGO_PROFILE_DEV_DEBUG=0 CARGO_TARGET_DIR=$(CACHE)/tools-target \
			cargo install --debug --locked --root $@.part --version $(lastword $(subst -, ,$@)) cargo-leptos; \
	fi
	mv $@.part $@

# Not --locked: its lock file names versions of crates that can no longer be resolved.
$(WASM_BINDGEN): | prerequisites
	@echo "vouch: installing wasm-bindgen $(WASM_BINDGEN_VERSION) (only once; about 2 minutes)"
	if command -v cargo-binstall > /dev/null; then \
		cargo binstall --no-confirm --root $@.part wasm-bindgen-cli@$(WASM_BINDGEN_VERSION); \
	else \
		CARGO_PROFILE_DEV_DEBUG=0 CARGO_TARGET_DIR=$(CACHE)/tools-target \
			cargo install --debug --root $@.part --version $(WASM_BINDGEN_VERSION) wasm-bindgen-cli; \
	fi
	mv $@.part $@

$(CARGO_DENY) $(CARGO_FUZZ) $(CARGO_CYCLONEDX): | prerequisites
	@echo "vouch: installing $(notdir $@) (only once; 1 to 3 minutes)"
	CARGO_PROFILE_DEV_DEBUG=0 CARGO_TARGET_DIR=$(CACHE)/tools-target cargo install --debug --locked --root $@.part \
		$(shell echo $(notdir $@) | sed 's/\(.*\)-\(.*\)/\1@\2/')
	mv $@.part $@

$(SCHEMATHESIS): end2end/fuzz/requirements.txt | prerequisites
	@echo "vouch: installing Schemathesis (only once; about half a minute)"
	rm -rf $@ && python3 -m venv $@
	$@/bin/pip install --quiet --disable-pip-version-check --requirement $< || { rm -rf $@; exit 1; }
	@touch $@

$(NPM_PACKAGES): end2end/package.json end2end/package-lock.json | prerequisites
	@echo "vouch: installing npm packages (wasm-opt, Playwright and tools for testing the API; a few seconds)"
	cd end2end && npm ci --no-fund --no-audit
	@touch $@

.PHONY: browser
browser: $(NPM_PACKAGES) ## Install Chromium for the tests, if there is none
	@end2end/find-chromium.sh > /dev/null || { \
		echo "vouch: installing Chromium for the tests (only once; about a minute)"; \
		if [ "$$(id -u)" = 0 ] && command -v apt-get > /dev/null; then \
			apt-get update && apt-get install --yes chromium; \
		else \
			cd end2end && playwright install chromium; \
		fi; }

.PHONY: settings
settings: ## Write docs/settings.md from the texts of `vouch --help`
	WRITE_SETTINGS=1 cargo test --quiet --locked --lib --features ssr the_page_of_the_settings

.PHONY: clean
clean: ## Delete what was built, but not the tools and the data
	rm -rf $(TARGET) target
