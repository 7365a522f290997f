# Switchroom. Needs Python 3.11+ and make; everything else is installed into .venv and web/node_modules.

PYTHON ?= python3
BIN := .venv/bin
ARGS ?=
WORKERS ?= 3

export UV_PYTHON_DOWNLOADS := never
export UV_PROJECT_ENVIRONMENT := .venv

.DEFAULT_GOAL := help
.PHONY: help install develop pages run test test-fast check check-web bench docs tools clean

help: ## Say what there is
	@grep -E '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## (.*)/  make \1@\2/' | column -t -s @

install: .venv/.synced ## Install into .venv what Switchroom needs to run

.venv/.synced: pyproject.toml uv.lock scripts/install
	@scripts/install $(PYTHON) --no-group dev
	@touch $@

develop: .venv/.developing ## Install into .venv also what tests and checks need: tools, Japanese speech, speech to text

.venv/.developing: pyproject.toml uv.lock scripts/install
	@scripts/install $(PYTHON) --all-extras
	@touch .venv/.synced $@

pages: install ## Build the pages into src/switchroom/web, unless they are up to date
	@$(BIN)/python scripts/build_pages.py

run: pages ## Start a demo contact centre on http://127.0.0.1:8080 (ARGS="--port 9000")
	@exec $(BIN)/switchroom up --demo $(ARGS)

test: develop pages tools ## Run every test (ARGS="-k chat")
	@$(BIN)/python scripts/build_pages.py --test
	@$(BIN)/pytest -n $(WORKERS) --dist loadfile $(ARGS)

test-fast: develop ## Run the tests that start no browser, no server, no PostgreSQL and no NATS
	@$(BIN)/pytest -n $(WORKERS) --dist loadfile -m "not browser and not process and not engine" $(ARGS)

check: develop ## Lint, types, floors
	@$(BIN)/ruff check
	@$(BIN)/ruff format --check
	@$(BIN)/mypy
	@$(BIN)/lint-imports --no-logo
	@$(BIN)/python scripts/long_files.py

check-web: pages ## Lint and types of the pages
	@$(BIN)/python scripts/build_pages.py --check

bench: develop ## Measure against floors and peers in the same run (ARGS="door")
	@scripts/install $(PYTHON) --all-extras --group bench
	@$(BIN)/python -m bench $(ARGS)

docs: install ## Generate the parts of docs/ that are computed
	@$(BIN)/python scripts/build_docs.py

tools: develop ## Install what only the tests need (Chromium, telephones)
	@scripts/install-test-tools
	@scripts/install $(PYTHON) --all-extras --group interop

clean: ## Remove what was built, not what was installed
	rm -rf src/switchroom/web dist .mypy_cache .ruff_cache .pytest_cache .import_linter_cache
