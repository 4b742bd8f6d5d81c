# Yinling 银龄. `make run` and `make test` need nothing but Python 3.11 or newer.

BIN := .venv/bin
JOBS ?= auto
# Whoever starts processes and kills them mostly waits: three of such tests keep two cores busy.
LONG_JOBS ?= 3
BROWSERS ?= 3
SOAK_SECONDS ?= 600
LOCK := --quiet --upgrade --generate-hashes --universal --python-version 3.11 --no-header --no-annotate --no-emit-index-url

# Tests and servers start many processes: none of them should compile everything again.
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := help
.PHONY: help setup dev run test long journeys soak lint fix lock migrate revision seed docs bench browser

help: ## Show this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-12s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

setup: ## Make .venv and install what the platform needs to run
	@sh infra/environment.sh run

dev: ## The same, with the tools for tests and lint
	@sh infra/environment.sh dev

run: setup ## Start everything with the demo city on http://127.0.0.1:8000
	@exec $(BIN)/yinling serve --with-demo

test: dev ## Run every test that needs no browser and no patience
	@$(BIN)/python -m pytest -n $(JOBS) --durations=15 -m "not soak and not browser and not long"

long: dev ## Run the tests that start processes, make cities, race, walk every route, or try whole histories
	@$(BIN)/python -m pytest -n $(LONG_JOBS) --durations=25 -m "long and not soak and not browser $(BUT)"

journeys: dev browser ## Run the tests in a real browser: journeys and elder rules
	@$(BIN)/python -m pytest -n $(BROWSERS) --durations=25 -m "browser and not soak" tests/browser

soak: dev ## Run the long tests; SOAK_SECONDS=600 says how long they last
	@SOAK_SECONDS=$(SOAK_SECONDS) $(BIN)/python -m pytest -m soak tests/soak

lint: dev ## Check style, types, layers, templates and catalogues
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/lint-imports
	@if [ -n "$$(find admin -name '*.html' -print -quit)" ]; then \
		echo $(BIN)/djlint admin --lint; $(BIN)/djlint admin --lint; fi
	$(BIN)/python -m infra.catalogue_check

fix: dev ## Mend what lint can mend by itself
	$(BIN)/ruff check --fix
	$(BIN)/ruff format

lock: dev ## Resolve the dependencies of pyproject.toml again and write both locks
	$(BIN)/uv pip compile $(LOCK) pyproject.toml -o requirements.lock
	$(BIN)/uv pip compile $(LOCK) --extra dev pyproject.toml -o requirements-dev.lock

migrate: setup ## Bring the database of this clone up to date
	@$(BIN)/yinling migrate

revision: dev ## Write a new migration: make revision m="stay hold lapses"
	@test -n "$(m)" || { echo 'Say what it does: make revision m="stay hold lapses"'; exit 2; }
	@$(BIN)/python -m infra.new_migration "$(m)"

seed: setup ## Load the demo city into an empty database
	@$(BIN)/yinling demo

docs: setup ## Write the pages of infra/docs that come from the code
	@$(BIN)/python -m infra.reference_docs

bench: dev ## Measure booking and menu beside their floors and print the table
	@$(BIN)/python -m infra.bench

browser:
	@sh infra/browser.sh
