# Every command of the project; `make` alone lists them.
PYTHON ?= python3
STAGE ?= dev
BIN := .venv/bin
PAGE_SOURCES := $(wildcard frontend/*.json frontend/*.ts frontend/*.html frontend/scripts/*) \
	$(shell find frontend/src frontend/public -type f)

.DEFAULT_GOAL := help
.PHONY: help run dev test check fix e2e bench proof package deploy destroy schema clean setup
.DELETE_ON_ERROR:
.NOTPARALLEL:

help: ## List the commands
	@awk -F ':.*## ' '/^[a-z0-9]+:.*## / {printf "  make %-8s %s\n", $$1, $$2}' Makefile

run: .make/local .make/engine frontend/dist/index.html ## Serve the whole product on http://localhost:8000 (PORT)
	@$(BIN)/python -m devstack

dev: .make/local .make/engine .make/page ## The same, reloading Python and page as they change
	@$(BIN)/python -m devstack --live

test: setup ## Run everything that must pass
	@$(BIN)/python -m tests.support.suite

check: .make/tools .make/page ## The fast part: lint, types, unit tests
	@$(BIN)/python -m tests.support.suite --fast

fix: .make/tools .make/page ## Format, and fix what can be fixed
	@$(BIN)/ruff check --fix .
	@$(BIN)/ruff format .
	@npm --prefix frontend run --silent fix

e2e: setup ## Package for production, deploy to the local AWS emulator, test from outside
	@$(BIN)/python -m pytest tests/e2e

bench: setup ## Measure, and write bench/results/scorecard.json
	@$(BIN)/python -m bench

proof: setup ## Run the slow sets at full size, an hour or two (SETS="R1 S1")
	@$(BIN)/python -m tests.support.proof $(SETS)

package: .make/tools ## Make build/STAGE/template.json and deployment.zip
	@$(BIN)/python -m deploy.package $(STAGE)

deploy: .make/tools .make/aws frontend/dist/index.html ## Put it on AWS, and print the address
	@$(BIN)/python -m deploy deploy $(STAGE)

destroy: .make/tools .make/aws ## Take it off AWS
	@$(BIN)/python -m deploy destroy $(STAGE)

schema: .make/tools .make/page ## Write the OpenAPI document, and the page's types from it
	@$(BIN)/python -m chalicelib.routes.openapi > frontend/openapi.json
	@npm --prefix frontend run --silent schema

clean: ## Remove what was installed and built; the data in DATA_DIR stays
	@rm -rf .make .venv .venv-engine .venv-tools build frontend/dist frontend/node_modules

setup: .make/tools .make/engine .make/aws frontend/dist/index.html

# Stamps: each is made again only when its list has changed.
.venv/bin/python:
	@echo "Making a Python environment …"
	@$(PYTHON) -c 'import sys; sys.exit("Python 3.11 or newer is needed; this is " + sys.version.split()[0] + ". Name another: make PYTHON=…") if sys.version_info < (3, 11) else None'
	@$(PYTHON) -m venv .venv

.make/local: requirements-local.txt requirements.txt | .venv/bin/python
	@echo "Installing the Python packages …"
	@$(BIN)/python -m pip install -qq --disable-pip-version-check -r requirements-local.txt
	@mkdir -p .make && touch $@

.make/tools: requirements-dev.txt .make/local | .venv/bin/python
	@echo "Installing the test and packaging tools …"
	@$(BIN)/python -m pip install -qq --disable-pip-version-check -r requirements-dev.txt
	@mkdir -p .make && touch $@

.make/engine: requirements-engine.txt | .venv/bin/python
	@echo "Installing the AWS emulator …"
	@$(BIN)/python -m venv .venv-engine
	@.venv-engine/bin/python -m pip install -qq --disable-pip-version-check -r requirements-engine.txt
	@mkdir -p .make && touch $@

.make/aws: requirements-tools.txt | .venv/bin/python
	@echo "Installing the AWS command line …"
	@$(BIN)/python -m venv .venv-tools
	@.venv-tools/bin/python -m pip install -qq --disable-pip-version-check -r requirements-tools.txt
	@mkdir -p .make && touch $@

.make/page: frontend/package-lock.json
	@echo "Installing the page's packages …"
	@npm --prefix frontend ci --loglevel=error --no-audit --no-fund
	@mkdir -p .make && touch $@

frontend/dist/index.html: .make/page $(PAGE_SOURCES)
	@echo "Building the page …"
	@npm --prefix frontend run --silent build
	@touch $@
