SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
MAKEFLAGS += --no-builtin-rules --no-print-directory

VENV := .venv
BIN := $(VENV)/bin
STAMPS := $(VENV)/stamps
WEB := viewer_api/web
FONTS := reading_queue/report_pdf/fonts
WEB_SOURCES := $(shell find $(WEB) -type f -not -path '*/node_modules/*' -not -path '*/dist/*' -not -path '*/tests/*' 2>/dev/null)
# More than there are processors: many tests wait for a clock or a server.
PYTEST_WORKERS ?= $(shell expr 1 + "$$(nproc)")

export PIP_DISABLE_PIP_VERSION_CHECK := 1
# Many processes start here: where they may not keep their bytecode, each compiles the product anew.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: help install demo dev check test audit bench lock clean
.PHONY: check-style check-types check-imports check-house check-unit check-web test-parts

help: ## Show this list
	@printf 'County Reading (县域阅片中心)\n\n'
	@awk -F ':.*## ' '/^[a-z]+:.*## /{printf "  \033[1mmake %-8s\033[0m %s\n", $$1, $$2}' $(MAKEFILE_LIST)
	@printf '\nTwo commands to a running county: make install && make demo\n'

install: $(STAMPS)/run $(STAMPS)/fonts $(STAMPS)/web ## Make .venv with everything that the product needs, the web application included
	@$(if $(filter install,$(MAKECMDGOALS)),echo 'Installed. Next: make demo',:)

demo: install ## Start a demonstration county and open it in the browser; ARGS="--password PW --no-samples"
	@exec $(BIN)/countyread demo $(ARGS)

dev: $(STAMPS)/dev ## Add the developers' tools to .venv

check: $(STAMPS)/dev $(STAMPS)/fonts $(WEB)/node_modules/.stamp ## Style, types, imports, house rules and the quick unit tests
	@$(MAKE) --jobs=2 --output-sync=target --keep-going \
		check-unit check-web check-types check-style check-imports check-house

test: install $(STAMPS)/dev test-parts ## Install the test servers too, then check everything and run all the tests
	@$(MAKE) --jobs=2 --output-sync=target --keep-going check-web check-types check-style check-imports check-house
	@$(BIN)/python -m pytest --numprocesses=$(PYTEST_WORKERS) --dist=loadfile $(ARGS)

audit: $(STAMPS)/dev $(WEB)/node_modules/.stamp ## Ask the public databases whether a pinned package has a known fault
	@scripts/audit-packages

bench: install $(STAMPS)/dev test-parts ## Measure against the peers on this machine; ARGS="gateway"
	@$(BIN)/python -m bench $(ARGS)

lock: $(STAMPS)/dev ## Pin all packages anew, as pyproject.toml allows; ARGS=--upgrade for the newest
	@$(BIN)/python scripts/lock $(ARGS)

clean: ## Remove what these commands made, except stored data
	rm -rf $(VENV) $(WEB)/dist $(WEB)/node_modules build dist
	rm -f $(FONTS)/*.ttf $(FONTS)/OFL.txt $(FONTS)/.built-from
	rm -rf .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

check-style:
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .

check-types:
	@$(BIN)/mypy

check-imports:
	@$(BIN)/lint-imports --no-logo

check-house:
	@$(BIN)/python scripts/house_rules.py

check-unit:
	@$(BIN)/python -m pytest --quiet --numprocesses=2 -p no:schemathesis -m 'not thorough and not hypothesis' tests/unit

check-web: $(WEB)/node_modules/.stamp
	@scripts/with-node npm --prefix $(WEB) run --silent types
	@scripts/with-node npm --prefix $(WEB) run --silent test

test-parts:
	@scripts/install-test-parts

$(STAMPS)/venv: scripts/make-venv
	@scripts/make-venv $(VENV)
	@mkdir -p $(STAMPS) && touch $@

$(STAMPS)/run: $(STAMPS)/venv requirements/build.lock requirements/run.lock pyproject.toml
	@scripts/pip-install -r requirements/build.lock -r requirements/run.lock
	@scripts/pip-install --no-deps --no-build-isolation --editable .
	@touch $@

$(STAMPS)/dev: $(STAMPS)/run requirements/dev.lock
	@scripts/pip-install -r requirements/dev.lock
	@touch $@

$(STAMPS)/fonts: $(STAMPS)/venv $(FONTS)/package-lock.json scripts/build-fonts scripts/with-node
	@scripts/with-node $(BIN)/python scripts/build-fonts
	@touch $@

$(STAMPS)/web: scripts/build-web $(WEB)/node_modules/.stamp $(WEB_SOURCES)
	@scripts/build-web
	@touch $@

$(WEB)/node_modules/.stamp: $(STAMPS)/venv $(WEB)/package-lock.json requirements/web.lock scripts/with-node
	@scripts/with-node npm --prefix $(WEB) ci --ignore-scripts --no-audit --no-fund
	@touch $@

$(WEB)/package-lock.json:
	@printf 'The web application is missing: %s is not there. Is this a whole clone?\n' $@ >&2; exit 1
