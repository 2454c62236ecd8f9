# `make` lists what there is to do. The first install takes a few minutes; afterwards it is skipped until
# pyproject.toml or constraints.txt changes. `make serve PYTHON=python3.12` chooses another Python,
# `make serve ARGS="--port 8600"` and `make test ARGS="-k fuse"` pass arguments on.

PYTHON ?= python3
# by far the largest download: moved on purpose, not by renewing the rest
TORCH := 2.13.0

BIN := .venv/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check

.DEFAULT_GOAL := help
.PHONY: help serve test check bench demo-server docs format package screenshot constraints clean
.NOTPARALLEL:

help: ## list these targets
	@sed -n 's/^\([a-z-]*\):.*## /\1@/p' Makefile | while IFS=@ read -r name what; do printf '  make %-12s %s\n' "$$name" "$$what"; done

serve: .venv/.serve ## open the app in the browser
	@$(BIN)/topics serve $(ARGS)

test: .venv/.test ## run every test
	@$(BIN)/python -m pytest --numprocesses logical --maxprocesses 4 --dist loadfile $(ARGS)

check: .venv/.dev ## format, lint, types, the import directions and the words of the code
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/python -m pytest --quiet --noconftest tests/test_imports.py tests/test_words.py

format: .venv/.dev ## rewrite the code in its format, mend what lint can mend
	$(BIN)/ruff check --fix-only .
	$(BIN)/ruff format .

bench: .venv/.serve ## measure speed and memory: make bench DATA=folder ARGS=--quick
	@$(BIN)/python -m benchmarks $(DATA) $(ARGS)

demo-server: .venv/.test ## two app servers and a worker on a PostgreSQL of their own
	@$(BIN)/python -m tests.demo_server

docs: .venv/.made ## write anew what is made from the code: the table of constants, the OpenAPI document
	@$(BIN)/python -m tests.constants
	@$(BIN)/python -m tests.openapi

package: ## install it into an environment of its own, ask from another folder: make package PYTHON=python3.13
	@folder=$$(mktemp -d) && trap 'rm -rf "$$folder"' EXIT && $(PYTHON) -m venv "$$folder/venv" \
	  && "$$folder/venv/bin/python" -m pip --disable-pip-version-check install --quiet -c constraints.txt . \
	  && cd "$$folder" && TOPICS_LIBRARY="$$folder/library" TOPICS_CACHE="$$folder/cache" venv/bin/topics ask "what is GitOps?" \
	  && echo "Installed into an empty environment, it answers: $$(venv/bin/python --version)."

screenshot: .venv/.test ## take the pictures of the app in docs/ anew
	@$(BIN)/python -m tests.screenshot

constraints: .venv/.made ## renew constraints.txt (with Python 3.11; torch is set in the Makefile)
	@$(BIN)/python -c 'import sys; sys.version_info[:2] == (3, 11) or sys.exit("Use PYTHON=python3.11 (and make clean): what it resolves installs on every newer Python.")'
	@echo "Resolving every version anew ..."
	@$(PIP) install --quiet --dry-run --ignore-installed --report .venv/report.json 'torch==$(TORCH)' hatchling -e '.[dev]'
	@{ grep '^#' constraints.txt; $(BIN)/python -c "$$PINS" < .venv/report.json; } > .venv/constraints.txt
	@mv .venv/constraints.txt constraints.txt

clean: ## remove .venv, caches and build outputs
	rm -rf .venv .mypy_cache .pytest_cache .ruff_cache .hypothesis build dist
	find app.py assistant index tests -name __pycache__ -prune -exec rm -rf {} +

# What is installed is remembered by an empty file, newer than what it was installed from.

.venv/.serve: EXTRA := [ui,eval,documents,api,mcp,llm]
.venv/.test: EXTRA := [test]
.venv/.dev: EXTRA := [dev]
.venv/.serve .venv/.test .venv/.dev: pyproject.toml constraints.txt | .venv/.made
	@echo "Installing topic-assistant$(EXTRA) into .venv (a few minutes the first time) ..."
	@$(PIP) install --quiet -c constraints.txt -e '.$(EXTRA)'
	@touch $@ $(if $(filter [test] [dev],$(EXTRA)),.venv/.serve) $(if $(filter [dev],$(EXTRA)),.venv/.test)

.venv/.made:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || { \
	  echo "Python 3.11 or newer is needed, and '$(PYTHON)' is not: name one, as in  make serve PYTHON=python3.12" >&2; exit 1; }
	@$(PYTHON) -m venv .venv
	@touch $@

define PINS
import json, sys
found = [package["metadata"] for package in json.load(sys.stdin)["install"]]
pins = [f"{one['name']}=={one['version'].partition('+')[0]}" for one in found if one["name"] != "topic-assistant"]
print(*sorted(pins, key=lambda pin: pin.lower().split('==')), sep="\n")
endef
export PINS
