# The commands of Bottega. `make help` lists them. Each step leaves a stamp, so a second `make run` only starts.

SHELL := /bin/sh
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:

BIN := .venv/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet install
CATALOGUES := $(wildcard gateway/translations/*/LC_MESSAGES/*.po services/*/translations/*/LC_MESSAGES/*.po)
# What the front-end assets are made from: the CSS is cut down to what the templates use.
ASSET_SOURCES := $(shell find gateway -type f \( -path '*assets*' -o -name '*.html' -o -name 'package*.json' \) \
	-not -path '*/static/*' -not -path '*/node_modules/*' -not -path '*/tests/*' -not -name '*.pyc' 2>/dev/null)

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
