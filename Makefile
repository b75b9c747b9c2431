# Clarion's two commands are `make run` and `make test`; `make help` lists the rest.
SHELL := /bin/sh
VENV := .venv
BIN := $(VENV)/bin
export UV_PYTHON_DOWNLOADS := never
PYTHON := $(shell for p in python3.12 python3.13 python3.11 python3 python; do \
	$$p -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))' >/dev/null 2>&1 && command -v $$p && break; done)
WORKERS ?= 2

.PHONY: help run test test-sqlite test-postgresql test-slow lint format check lock routes migration screenshots chromium bench clean

help: ## list these commands
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-16s %s\n", $$1, $$2}'

run: $(VENV)/run ## serve Clarion on http://127.0.0.1:8000, with demo data the first time
	@$(BIN)/clarion demo --if-empty
	@exec $(BIN)/clarion serve

test: test-sqlite test-postgresql ## every test but the long ones, on SQLite and on PostgreSQL

test-sqlite: $(VENV)/dev chromium
	$(BIN)/pytest -n $(WORKERS) --dist load -q -m "not slow" --database sqlite

test-postgresql: $(VENV)/dev chromium
	$(BIN)/pytest -n $(WORKERS) --dist load -q -m "not slow" --database postgresql

test-slow: $(VENV)/dev chromium ## the long kill, race and simulation tests
	$(BIN)/pytest -n $(WORKERS) --dist load -q -m slow --database sqlite
	$(BIN)/pytest -n $(WORKERS) --dist load -q -m slow --database postgresql

lint: $(VENV)/dev ## format, lint, types, import contracts, dead code, dependencies, templates
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/deptry .
	$(BIN)/vulture
	$(BIN)/djlint --lint --quiet app

check: lint test ## all that must be green at every commit

format: $(VENV)/dev ## put the code in order
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

routes: $(VENV)/dev ## write the list of addresses that the house test holds the application to
	$(BIN)/python -m scripts.write_routes

migration: $(VENV)/dev ## MESSAGE="add x": write the migration from models to tables, against PostgreSQL
	$(BIN)/python -m scripts.make_migration "$(MESSAGE)"

screenshots: $(VENV)/dev chromium ## play the story in a browser and keep its pictures in docs/screenshots
	$(BIN)/pytest -q tests/e2e -m "not slow" --screenshots docs/screenshots

bench: $(VENV)/dev ## time the search engine beside others, at 5,000, 50,000 and 200,000 documents (half an hour)
	$(BIN)/clarion bench speed

lock: $(VENV)/dev ## write the locked requirements anew
	cd requirements && ../$(BIN)/uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-header uv.in -o uv.txt
	cd requirements && ../$(BIN)/uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-header ../pyproject.toml build.in -o run.txt
	cd requirements && ../$(BIN)/uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-header --extra dev --extra bench ../pyproject.toml build.in -o dev.txt

chromium: # a real browser for the tests that need one: Debian's, where it may be installed
	@command -v chromium >/dev/null || command -v chromium-browser >/dev/null || command -v google-chrome >/dev/null || { \
	[ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null && apt-get update -qq >/dev/null 2>&1 \
	&& DEBIAN_FRONTEND=noninteractive apt-get install -y -qq chromium >/dev/null 2>&1; } || \
	echo "No browser: tests marked chromium are skipped. To run them: apt-get install chromium"

$(VENV)/bin/uv: requirements/uv.txt
	@test -n "$(PYTHON)" || { echo "Clarion needs Python 3.11, 3.12 or 3.13, and none was found."; exit 1; }
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/uv.txt
	@touch $@

$(VENV)/run: $(VENV)/bin/uv requirements/run.txt pyproject.toml
	$(BIN)/uv pip install --quiet --python $(BIN)/python --require-hashes -r requirements/run.txt
	$(BIN)/uv pip install --quiet --python $(BIN)/python --no-deps --no-build-isolation -e .
	@touch $@

$(VENV)/dev: $(VENV)/run requirements/dev.txt
	$(BIN)/uv pip install --quiet --python $(BIN)/python --require-hashes -r requirements/dev.txt
	@touch $@

clean: ## remove the environment and caches, never the instance
	rm -rf $(VENV) .pytest_cache .mypy_cache .ruff_cache .import_linter_cache *.egg-info
