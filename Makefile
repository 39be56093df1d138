# make quickstart   build, verify and look at a first dataset
# make test         the fast tests            make slow      the slow ones
# make review-test  the tests with the real review server (Argilla, in an environment of its own)
# make lint         ruff and mypy             make package   sdist, wheel, a bare install
# make coverage     the fast tests, with what they leave out
# make constraints  rewrite constraints.txt from what is installed

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
# Wheels first: without one, jsonschema-rs would want a Rust compiler.
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check --prefer-binary -c constraints.txt
DATA := out/quickstart

.DEFAULT_GOAL := help
.PHONY: help quickstart test slow review-test lint package coverage constraints clean
.DELETE_ON_ERROR:

help:
	@sed -n '/^# make/s/^# //p' Makefile

# ---------------------------------------------------------------- environment
# The stamps remember what is installed; they age when a file that names packages changes.

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
	  || { echo "callwright needs Python 3.11 or newer: make PYTHON=python3.11 ..."; exit 1; }
	@$(PYTHON) -m venv $(VENV) \
	  || { rm -rf $(VENV); echo "no venv; on Debian: apt-get install python3-venv"; exit 1; }

$(VENV)/.base: pyproject.toml constraints.txt | $(BIN)/python
	@echo "installing callwright into $(VENV) (once, about a minute)"
	@$(PIP) -e .
	@touch $@

$(VENV)/.dev: pyproject.toml constraints.txt | $(BIN)/python
	@echo "installing callwright and its test tools into $(VENV) (once, about a minute)"
	@$(PIP) -e '.[dev]'
	@touch $(VENV)/.base $@

# ----------------------------------------------------------------------- uses

quickstart: $(VENV)/.base
	@$(BIN)/callwright build examples/quickstart.yaml -o $(DATA) --force
	@$(BIN)/callwright verify $(DATA)
	@$(BIN)/callwright show $(DATA) --random
	@echo
	@echo "The data: $(DATA)/data   its manifest: $(DATA)/manifest.json"
	@echo "Next:     $(BIN)/callwright --help"

test: $(VENV)/.dev
	-@$(BIN)/python benchmarks/qwen.py  # real tokenizers; without them their tests say so and skip
	$(BIN)/python -m pytest -n 2

slow: $(VENV)/.dev
	$(BIN)/python -m pytest -m slow

review-test: $(VENV)/.dev
	$(BIN)/python -m pytest -m argilla -n 2 --dist loadfile  # a file starts its servers once

package: $(VENV)/.dev
	$(BIN)/python -m pytest -m slow tests/test_install.py

coverage: $(VENV)/.dev
	$(BIN)/python -m pytest -n 2 --cov

lint: $(VENV)/.dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy -p callwright

constraints: $(BIN)/python
	@{ sed '/^[^#]/,$$d' constraints.txt; $(BIN)/python -m pip freeze --exclude-editable; } > $(VENV)/freeze
	@mv $(VENV)/freeze constraints.txt

clean:
	rm -rf $(VENV) build dist out
