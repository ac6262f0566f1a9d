# Everything is reached from here. `make help` lists the targets.

PYTHON ?= python3
HOST ?= 127.0.0.1
PORT ?= 8000
# `make test BROWSER=no` leaves the tests that drive a real browser out, and says so.
BROWSER ?= yes
# `make lock UPGRADE=--upgrade` chooses the newest packages anew.
UPGRADE ?=
# Arguments handed on to pytest: `make test ARGS='-k claim'`.
ARGS ?=

# A LANG whose locale was never generated makes PostgreSQL's initdb fail.
export LC_ALL := C.UTF-8
export PYTHONUTF8 := 1

BIN := .venv/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --no-input --quiet
INSTALL := $(PIP) install --root-user-action=ignore
UV := $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
      --no-annotate --no-header --no-emit-index-url --no-emit-find-links
# PostgreSQL's socket and lock need a short temporary folder of our own, without spaces.
OWN_TMP := TMPDIR=$$(mktemp -d /tmp/tsikl.XXXXXX) && export TMPDIR && trap 'rm -rf "$$TMPDIR"' EXIT

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help setup run pictures test quick lint types arch diagrams words bench bench-web lock all clean

help: ## List the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  %-10s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

setup: .venv/.dev $(if $(filter yes,$(BROWSER)),.venv/.browser) ## Make .venv with everything that running and testing need

run: .venv/.run ## Serve the demo on HOST:PORT (127.0.0.1:8000); made on the first run
	@$(BIN)/tsikl demo --host $(HOST) --port $(PORT)

test: setup lint types arch ## Check everything: style, types, layers, then all tests
	@$(if $(filter yes,$(BROWSER)),,echo 'BROWSER=no: the browser tests are left out.';) \
	$(OWN_TMP); TSIKL_CHROMIUM="$$(cat .venv/.browser 2>/dev/null)" \
	$(BIN)/pytest -n 2 $(if $(filter yes,$(BROWSER)),,-m 'not browser') $(ARGS)

quick: .venv/.dev ## Run the tests that need neither PostgreSQL nor a browser nor patience
	@$(OWN_TMP); $(BIN)/pytest -m 'not slow and not browser and not postgres and not faults' $(ARGS)

lint: .venv/.dev ## Check style, format and spelling
	@$(BIN)/ruff check
	@$(BIN)/ruff format --check
	@$(BIN)/codespell

types: .venv/.dev ## Check the types (mypy --strict)
	@$(BIN)/mypy

arch: .venv/.dev ## Check who imports whom
	@$(BIN)/lint-imports --no-cache

diagrams: .venv/.run ## Check every diagram, decision table and form in bpmn/
	@$(BIN)/tsikl check-diagrams

words: .venv/.dev ## Renew the catalogues of other languages; says what is left to translate
	@$(BIN)/python -m web.translations

bench: .venv/.dev ## Measure the engine; prints JSON lines
	@$(OWN_TMP); $(BIN)/python -m bench $(ARGS)

bench-web: .venv/.dev .venv/.browser ## Measure the pages, on the server and on a phone; prints JSON lines
	@$(OWN_TMP); $(BIN)/python -m bench.pages --chromium "$$(cat .venv/.browser)" $(ARGS)

pictures: setup ## Take the pictures in docs/pictures anew, from the demo
	@$(OWN_TMP); TSIKL_CHROMIUM="$$(cat .venv/.browser 2>/dev/null)" \
	$(BIN)/pytest --pictures tests/journeys/test_demo_pages.py

lock: .venv/.made ## Lock what pyproject.toml asks for (UPGRADE=--upgrade: the newest)
	@$(INSTALL) uv
	@$(UV) $(UPGRADE) --group build pyproject.toml --output-file requirements.lock
	@$(UV) $(UPGRADE) --group build --group dev pyproject.toml --constraint requirements.lock \
	    --output-file requirements-dev.lock

all: test diagrams ## Everything that is checked before a release

clean: ## Remove what `make` made; the databases in var/ stay
	@rm -rf .venv build dist .coverage htmlcov .hypothesis .mypy_cache .pytest_cache .ruff_cache \
	    .import_linter_cache
	@find engine web migrations tests bench -name __pycache__ -prune -exec rm -rf {} + 2>/dev/null || true

# Each stamp is written last, so a step that was interrupted is done again.

.venv/.made:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	    { echo 'Python 3.11 or newer is needed; name it with: make PYTHON=python3.12 ...' >&2; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || \
	    { echo 'Python cannot make environments here; type: apt install python3-venv' >&2; exit 1; }
	@echo 'Making .venv'
	@$(PYTHON) -m venv --clear .venv
	@touch $@

# Debian 12's pip refuses an editable install together with hashes: hence two steps.
.venv/.run: .venv/.made requirements.lock pyproject.toml
	@echo 'Installing what running needs'
	@$(INSTALL) --require-hashes --requirement requirements.lock
	@$(INSTALL) --no-deps --no-build-isolation --editable .
	@touch $@

.venv/.dev: .venv/.run requirements-dev.lock
	@echo 'Installing what testing needs'
	@$(INSTALL) --require-hashes --requirement requirements-dev.lock
	@touch $@

# The stamp holds the browser's path; it is empty when Playwright keeps its own.
.venv/.browser: .venv/.dev .ci/chromium
	@.ci/chromium $(BIN)/python > $@.part
	@mv $@.part $@
