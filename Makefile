# Every command of the project; `make` alone lists them.
PYTHON ?= python3
STAGE ?= dev
BIN := .venv/bin
NODE := $(shell node --version 2>/dev/null)
# Packages that another Node installed do not count.
NODE_STAMP := frontend/node_modules/.made-$(or $(NODE),without-node)
PAGE_SOURCES := $(wildcard frontend/*.json frontend/*.ts frontend/*.html frontend/scripts/*) \
	$(shell find frontend/src frontend/public -type f)

.DEFAULT_GOAL := help
.PHONY: help run dev model-off model-on test check fix e2e model readers bench proof package deploy destroy schema clean setup
.DELETE_ON_ERROR:

help: ## List the commands
	@awk -F ':.*## ' '/^[a-z0-9-]+:.*## / {printf "  make %-9s %s\n", $$1, $$2}' Makefile

run: .venv/made-local .venv-engine/made frontend/dist/index.html ## Serve the whole product on http://localhost:8000 (PORT)
	@$(BIN)/python -m devstack

dev: .venv/made-local .venv-engine/made $(NODE_STAMP) ## The same, reloading Python and page as they change
	@$(BIN)/python -m devstack --live

model-off: .venv/made-local ## Let a model take no new work (MODEL=3 REASON="…"); model-on undoes it
	@$(BIN)/python -m devstack.switch off "$(MODEL)" "$(REASON)"

model-on: .venv/made-local
	@$(BIN)/python -m devstack.switch on "$(MODEL)"

test: setup ## Run everything that must pass
	@$(BIN)/python -m tests.support.suite

check: .venv/made-tools $(NODE_STAMP) ## The fast part: lint, types, unit tests
	@$(BIN)/python -m tests.support.suite --fast

fix: .venv/made-tools $(NODE_STAMP) ## Format, and fix what can be fixed
	@$(BIN)/ruff check --fix .
	@$(BIN)/ruff format .
	@npm --prefix frontend run --silent fix

e2e: setup ## Package for production, deploy to the local AWS emulator, test from outside
	@$(BIN)/python -m pytest tests/e2e

model: .venv-model/made ## Test the container of an own model with a tiny real pipeline
	@.venv-model/bin/python -W ignore -m tests.model.tiny build/tiny-pipeline
	@CONTAINER=diffusers .venv-model/bin/python -m pytest -o python_files='test_*.py with_torch.py' tests/model

readers: .venv/made-tools .venv-readers/made ## Open exports with pandas, pyarrow and duckdb (330 MB)
	@$(BIN)/python -m pytest -s --show-capture=no -o python_files=with_readers.py tests/unit/batches

bench: setup ## Measure, and write bench/results/scorecard.json
	@$(BIN)/python -m bench

proof: setup ## Run the slow sets at full size, an hour or two (SETS="R1 S1")
	@$(BIN)/python -m tests.support.proof $(SETS)

package: .venv/made-tools ## Make build/STAGE/template.json and deployment.zip
	@$(BIN)/python -m deploy.package $(STAGE)

deploy: .venv/made-tools .venv-tools/made frontend/dist/index.html ## Put it on AWS, and print the address
	@$(BIN)/python -m deploy deploy $(STAGE)

destroy: .venv/made-tools .venv-tools/made ## Take it off AWS
	@$(BIN)/python -m deploy destroy $(STAGE)

schema: .venv/made-tools $(NODE_STAMP) ## Write the OpenAPI document, and the page's types from it
	@$(BIN)/python -m chalicelib.routes.openapi > frontend/openapi.json
	@npm --prefix frontend run --silent schema

clean: ## Remove what was installed and built; the data in DATA_DIR stays
	@rm -rf .venv .venv-engine .venv-model .venv-readers .venv-tools build frontend/dist frontend/node_modules

setup: .venv/made-tools .venv-engine/made .venv-tools/made frontend/dist/index.html

# Stamps lie in what they stand for; each is made again only when its list has changed.
.venv/bin/python:
	@echo "Making a Python environment …"
	@$(PYTHON) -c 'import sys; sys.exit("Python 3.11 or newer is needed; this is " + sys.version.split()[0] + ". Name another: make PYTHON=…") if sys.version_info < (3, 11) else None'
	@$(PYTHON) -m venv .venv

.venv/made-local: requirements-local.txt requirements.txt | .venv/bin/python
	@echo "Installing the Python packages …"
	@$(BIN)/python -m pip install -qq --disable-pip-version-check -r requirements-local.txt
	@touch $@

.venv/made-tools: requirements-dev.txt .venv/made-local | .venv/bin/python
	@echo "Installing the test and packaging tools …"
	@$(BIN)/python -m pip install -qq --disable-pip-version-check -r requirements-dev.txt
	@touch $@

.venv-engine/made: requirements-engine.txt | .venv/bin/python
	@echo "Installing the AWS emulator …"
	@$(BIN)/python -m venv .venv-engine
	@.venv-engine/bin/python -m pip install -qq --disable-pip-version-check -r requirements-engine.txt
	@touch $@

.venv-model/made: model/requirements-test.txt model/requirements.txt | .venv/bin/python
	@echo "Installing torch and diffusers; without a wheel for processors alone that is some gigabytes …"
	@$(BIN)/python -m venv .venv-model
	@.venv-model/bin/python -m pip install -qq --disable-pip-version-check -r model/requirements-test.txt
	@touch $@

.venv-readers/made: requirements-readers.txt | .venv/bin/python
	@echo "Installing libraries of data …"
	@$(BIN)/python -m venv .venv-readers
	@.venv-readers/bin/python -m pip install -qq --disable-pip-version-check -r requirements-readers.txt
	@touch $@

.venv-tools/made: requirements-tools.txt | .venv/bin/python
	@echo "Installing the AWS command line …"
	@$(BIN)/python -m venv .venv-tools
	@.venv-tools/bin/python -m pip install -qq --disable-pip-version-check -r requirements-tools.txt
	@touch $@

$(NODE_STAMP): frontend/package-lock.json
	@$(PYTHON) -c 'import re, sys; sys.exit("Node.js 20.19 or newer is needed; this is " + (sys.argv[1] or "none") + ".") if tuple(map(int, re.findall(r"\d+", sys.argv[1])))[:2] < (20, 19) else None' '$(NODE)'
	@echo "Installing the page's packages …"
	@npm --prefix frontend ci --loglevel=error --no-audit --no-fund
	@touch $@

frontend/dist/index.html: $(NODE_STAMP) $(PAGE_SOURCES)
	@echo "Building the page …"
	@npm --prefix frontend run --silent build
	@touch $@
