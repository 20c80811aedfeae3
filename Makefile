# The commands of Bottega. `make help` lists them. Each step leaves a stamp, so a second `make run` only starts.

SHELL := /bin/sh
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:

BIN := .venv/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet install
CATALOGUES := $(wildcard gateway/translations/*/LC_MESSAGES/*.po services/*/translations/*/LC_MESSAGES/*.po)
# The style sheet is cut down to what the templates use, so they are a source of it too.
ASSET_SOURCES := $(shell find gateway/assets.py gateway/frontend gateway/templates -type f \
	-not -path '*/node_modules/*' 2>/dev/null)

.PHONY: help
help: ## List these commands
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-14s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

.PHONY: run
run: install ## Start everything in one process with demo content; ARGS="--port 8080 --data DIR" are passed on
	@exec $(BIN)/bottega up --demo $(ARGS)

# -- installation

.PHONY: install
install: .venv/installed $(CATALOGUES:.po=.mo) $(if $(wildcard gateway/assets*),gateway/static/.built) ## Install the pinned dependencies, the project, translations and front-end assets

.venv/created:
	@python=$$(scripts/find-python) && echo "Making .venv with $$python" && "$$python" -m venv --clear .venv
	@touch $@

.venv/installed: .venv/created requirements/run.txt pyproject.toml
	@echo "Installing the dependencies"
	@$(PIP) --require-hashes --only-binary :all: -r requirements/run.txt
	@$(PIP) --no-deps --no-build-isolation --no-index --editable .
	@touch $@

.venv/installed-dev: .venv/installed requirements/dev.txt
	@echo "Installing what the tests need"
	@$(PIP) --require-hashes --only-binary :all: -r requirements/dev.txt
	@touch $@

%.mo: %.po .venv/installed
	@$(BIN)/pybabel --quiet compile --input-file $< --output-file $@

gateway/static/.built: .venv/installed $(ASSET_SOURCES)
	@echo "Building the front-end assets"
	@$(BIN)/python -m gateway.assets
	@mkdir -p $(@D) && touch $@

# -- tests

.PHONY: test
test: install .venv/installed-dev ## Everything that CI runs: lint, types, and the tests on private servers
	@scripts/test-programs
	@$(MAKE) --no-print-directory lint types
	@$(BIN)/python -m pytest --numprocesses 3 --dist loadfile --no-loadscope-reorder $(ARGS)

.PHONY: lint
lint: .venv/installed-dev ## Style and layout of the code (ruff), and who may import whom (import-linter)
	@$(BIN)/ruff check
	@$(BIN)/ruff format --check
	@$(BIN)/lint-imports --no-cache

.PHONY: types
types: .venv/installed-dev ## Types (mypy --strict)
	@$(BIN)/mypy

.PHONY: format
format: .venv/installed-dev ## Lay the code out and repair what ruff can
	@$(BIN)/ruff check --fix
	@$(BIN)/ruff format

.PHONY: benchmarks
benchmarks: install .venv/installed-dev ## Measure against the named peers, in this run, on private servers
	@scripts/test-programs
	@for benchmark in bus booking; do $(BIN)/python -m benchmarks.$$benchmark || exit; done

# -- running and changing it

.PHONY: run-services
run-services: install .venv/installed-dev ## A process for each service on private RabbitMQ and PostgreSQL servers
	@scripts/test-programs
	@exec $(BIN)/python -m tests.servers $(BIN)/honcho --env /dev/null start

.PHONY: contracts
contracts: install ## Write AsyncAPI and JSON Schemas from contracts/*.py
	@$(BIN)/python -m contracts.generate

.PHONY: migrate
migrate: install ## Bring the databases named by the environment up to date
	@$(BIN)/bottega migrate $(ARGS)

.PHONY: migration
migration: install ## Draft a migration: SERVICE=booking MESSAGE="Add a column"
	@$(BIN)/bottega migration $(SERVICE) "$(MESSAGE)"

.PHONY: lock
lock: .venv/installed-dev ## Write the locks again; ARGS=--upgrade takes the newest versions
	@scripts/lock $(ARGS)

.PHONY: env
env: ## Write .env with random secrets for docker-compose.yml, unless there is one
	@ops/make-env

.PHONY: clean
clean: ## Remove what `make install` made (not data/)
	@rm -rf .venv build gateway/static gateway/frontend/node_modules
	@find . -name '*.mo' -delete
