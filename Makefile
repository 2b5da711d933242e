# Needs Python 3.11 or newer, make and git. Everything else is fetched into .venv.

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help demo test tests check pure lint style types format bench guard weights soak pictures drawing messages sbom lock setup browser clean

# The first Python that is new enough and can make environments; `make test PYTHON=…` names another. The system's own comes
# first: it is built with all optimizations. Those that pyenv builds are not, and the tests take an eighth longer with them.
PYTHON ?= $(shell for one in /usr/bin/python3 python3.13 python3.12 python3.11 python3; do \
	$$one -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1 && echo $$one && break; \
	done)

BIN    := .venv/bin
STAMPS := .venv/stamps
PIP    := $(BIN)/python -m pip -qq --no-input --disable-pip-version-check
LOCK   := .uv/bin/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
	--no-header
CHAT   := schedules/otalk/2020-10-13-online-groups.toml
# Workers for the tests: six on two cores, because many tests mostly wait.
JOBS   ?= 6
TESTS  ?=
RUNS   ?= 300
# Where this is set, each of the tests' many processes would compile all modules anew.
unexport PYTHONDONTWRITEBYTECODE

help: ## what can be made (this list)
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-8s %s\n", $$1, $$2 }' Makefile

demo: $(STAMPS)/run ## rehearse a real chat in a minute; nothing leaves this machine
	@$(BIN)/convenor rehearse $(CHAT) --speed 60 --out out/demo

test: style browser ## every check and every test
	@$(MAKE) --no-print-directory -j2 types tests

tests: $(STAMPS)/dev
	@echo "Testing …"
	@$(BIN)/python -m pytest -n $(JOBS) --dist worksteal --durations=10 $(TESTS)

check: style ## style, types and the tests that need no process, browser or store: under a minute
	@$(MAKE) --no-print-directory -j2 types pure

pure: $(STAMPS)/dev
	@$(BIN)/python -m pytest -n 2 -m pure -q $(TESTS)

lint: style types ## style and types

style: $(STAMPS)/dev
	@echo "Checking style …"
	@$(BIN)/ruff check
	@$(BIN)/ruff format --check

types: $(STAMPS)/dev
	@echo "Checking types …"
	@$(BIN)/mypy

format: $(STAMPS)/dev ## put the code into its usual form
	@$(BIN)/ruff check --fix
	@$(BIN)/ruff format

bench: $(STAMPS)/dev ## what it costs, as ratios measured side by side
	@$(BIN)/python -m benchmarks

guard: $(STAMPS)/dev ## how well the confidentiality guard does on the labelled set, and what it costs
	@$(BIN)/python -m benchmarks.guard

weights: $(STAMPS)/dev ## learn again what words are worth to the guard, from the tune part of the labelled set
	@$(BIN)/python -m benchmarks.guard_weights

soak: $(STAMPS)/dev ## hundreds of short chats on three places with random faults (RUNS=300, half an hour)
	@$(BIN)/python -m tests.soak $(RUNS)

pictures: $(STAMPS)/dev ## the documentation's pictures, from a rehearsal (needs Chromium)
	@$(BIN)/python -m docs.photographs

drawing: $(STAMPS)/dev ## the picture of the parts, from the imports
	@$(BIN)/python -m docs.drawing

messages: $(STAMPS)/dev ## put new texts into the catalogues of translations, bot/translations/*.po
	@$(BIN)/python -m docs.translating

setup: $(STAMPS)/dev browser ## only fetch what the tests need

browser: $(STAMPS)/dev
	@sh tests/setup/browser

sbom: $(STAMPS)/dev ## what it is made of, as a bill of materials: out/sbom.json (CycloneDX)
	@mkdir -p out
	@$(BIN)/cyclonedx-py requirements --pyproject pyproject.toml --output-reproducible -o out/sbom.json requirements.txt
	@echo "out/sbom.json"

lock: .uv/bin/uv ## choose versions anew: make lock, or make lock UP=--upgrade
	@echo "Locking …"
	@$(LOCK) $(UP) pyproject.toml --group build -o requirements.txt
	@$(LOCK) $(UP) pyproject.toml --group dev -c requirements.txt -o requirements-dev.txt

clean: ## remove what was made here; the store and the settings stay
	@rm -rf .venv .uv .mypy_cache .ruff_cache .pytest_cache .hypothesis build dist out tests/browser/node_modules
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +

# Each step leaves a stamp, and is done again only when what it was made from has changed.

$(STAMPS)/venv:
	@test -n "$(PYTHON)" || { \
		echo "Convenor needs Python 3.11 or newer, with venv (on Debian: apt install python3 python3-venv)." >&2; \
		echo "If you have one elsewhere: make PYTHON=/path/to/python3 …" >&2; exit 2; }
	@echo "Setting up (once, about a minute): an environment in .venv …"
	@"$(PYTHON)" -m venv .venv
	@mkdir -p $(STAMPS) && touch $@

$(STAMPS)/run: $(STAMPS)/venv requirements.txt pyproject.toml
	@echo "Setting up: what Convenor runs on …"
	@$(PIP) install --require-hashes -r requirements.txt
	@$(PIP) install --no-build-isolation --no-deps --editable .
	@touch $@

$(STAMPS)/dev: $(STAMPS)/run requirements-dev.txt
	@echo "Setting up: what the tests need …"
	@$(PIP) install --require-hashes -r requirements-dev.txt
	@$(BIN)/mypy >/dev/null 2>&1 & \
		$(BIN)/python -m pytest --collect-only -qq >/dev/null 2>&1; \
		wait # what both keep is made once; else each worker would compile every test, at once
	@touch $@

.uv/bin/uv:
	@test -n "$(PYTHON)" || { echo "Convenor needs Python 3.11 or newer, with venv." >&2; exit 2; }
	@"$(PYTHON)" -m venv .uv
	@.uv/bin/python -m pip -qq --no-input --disable-pip-version-check install uv
