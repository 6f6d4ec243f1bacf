# make run | test | bench | check | demo | catalogs | lock | clean      (README.md says what each does)

PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
SHELL  := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
MAKEFLAGS += --no-builtin-rules
# The settings of the hub itself come from CEM_* variables; pip's from PIP_* as usual.
PYTEST_ARGS ?= -n 2

# Where the kernel can do it, a killed make takes the hub along.
FOLLOW := $(shell command -v setpriv >/dev/null && echo setpriv --pdeathsig TERM)
CATALOGS := $(patsubst %.po,%.mo,$(wildcard cem/translations/*/LC_MESSAGES/*.po))

.DEFAULT_GOAL := run
.PHONY: run test bench check demo catalogs lock clean

run: export CEM_DEMO ?= 1
run: $(VENV)/installed catalogs
	@exec $(FOLLOW) $(BIN)/cem up

test: $(VENV)/installed-tests catalogs
	@$(BIN)/python -m pytest $(PYTEST_ARGS)

# CHAOS=30: that many minutes of killed processes on each database, instead of the measurements.
bench: $(VENV)/installed-tests catalogs
	@exec $(FOLLOW) $(BIN)/python -m tests.bench $(if $(CHAOS),--chaos $(CHAOS))

check: $(VENV)/installed-tests catalogs
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/cem check

# REVIEWS=FILE: these texts instead of our own.
demo: $(VENV)/installed catalogs
	@exec $(FOLLOW) $(BIN)/cem demo $(if $(REVIEWS),--reviews "$(REVIEWS)")

catalogs: $(CATALOGS)

$(CATALOGS): %.mo: %.po | $(VENV)/installed
	@$(BIN)/pybabel --quiet compile -i $< -o $@

$(VENV)/installed: requirements/run.txt pyproject.toml requirements/install
	@requirements/install "$(PYTHON)" $(VENV) requirements/run.txt --with-project
	@touch $@

$(VENV)/installed-tests: requirements/test.txt requirements/install $(VENV)/installed
	@requirements/install "$(PYTHON)" $(VENV) requirements/test.txt
	@touch $@

# Resolve pyproject.toml anew in an empty environment and write down what came out (Debian 12: PYTHON=/usr/bin/python3).
lock:
	@requirements/lock "$(PYTHON)"

clean:
	rm -rf $(VENV) build dist *.egg-info .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache
	rm -f $(CATALOGS)
	find . -name __pycache__ -not -path './.git/*' -prune -exec rm -rf {} +
