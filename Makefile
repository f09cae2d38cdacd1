# `make` lists the targets. The first one that needs it makes .venv and installs requirements.lock; after that a run
# is offline and starts at once. Every recipe works in a folder whose path has spaces.

SHELL := /bin/sh
.DEFAULT_GOAL := help
.SUFFIXES:
.PHONY: help study test lab lint notebooks lock bench clean ready check

PYTHONS := python3.13 python3.12 python3.11 python3
NOTEBOOKS := $(sort $(wildcard notebooks/*.ipynb))
BENCHMARKS := $(sort $(wildcard benchmarks/bench_*.py))
# The first page of `make lab`, once there is one
FRONT := $(firstword $(wildcard notebooks/00-*.ipynb notebooks/index.ipynb))
# What `make study` reads: only from the command line, and unexpanded, for a file name may hold $ or '
ifeq ($(origin SOURCE),command line)
export STUDY_SOURCE := $(value SOURCE)
endif

help:  ## this list
	@echo 'usage: make TARGET'
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  %-10s %s\n", $$1, $$2 }' Makefile

study: ready  ## the whole study into reports/; SOURCE=article.txt takes your own copy or another roundup
	@.venv/bin/expert-roundup study $${STUDY_SOURCE:+"$$STUDY_SOURCE"} --out reports --overwrite

test: ready check  ## format, lint and types; then the tests, the docstrings' examples and the notebooks
	@.venv/bin/pytest tests expert_roundup $(NOTEBOOKS) -n logical --dist loadfile --no-loadscope-reorder \
	    --nbval --nbval-current-env --nbval-sanitize-with tests/nbval_sanitize.cfg $(ARGS)

lab: ready  ## open the notebooks in JupyterLab
	@.venv/bin/jupyter lab $(or $(FRONT),notebooks) $(if $(filter 0,$(shell id -u)),--allow-root) $(ARGS)

lint: ready  ## mend format and imports, then check lint and types
	@.venv/bin/ruff check --fix --exit-zero --quiet
	@.venv/bin/ruff format
	@.venv/bin/ruff check
	@.venv/bin/mypy

notebooks: ready  ## run every notebook and store its outputs (NOTEBOOKS=notebooks/01-... for one)
	@for notebook in $(NOTEBOOKS); do \
	    .venv/bin/jupyter nbconvert --to notebook --execute --inplace \
	        --ExecutePreprocessor.record_timing=False --ExecutePreprocessor.store_widget_state=False "$$notebook" || exit 1; \
	done

lock: ready  ## resolve requirements.lock from pyproject.toml (ARGS=--upgrade for newer versions)
	@.venv/bin/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header --all-extras \
	    $(ARGS) pyproject.toml --output-file requirements.lock

bench: ready  ## run the benchmarks, each beside its peers (BENCHMARKS=benchmarks/bench_... for one)
	@for benchmark in $(BENCHMARKS); do \
	    echo "== $$benchmark" && .venv/bin/python "$$benchmark" || exit 1; \
	done

clean:  ## remove results and caches, keep .venv (rm -r .venv starts from nothing)
	@rm -rf reports dist .pytest_cache .mypy_cache .ruff_cache .hypothesis
	@find . -name .venv -prune -o -type d \( -name __pycache__ -o -name .ipynb_checkpoints \) -prune -exec rm -rf {} +

ready:
	@scripts/make-venv.sh $(PYTHON) $(PYTHONS)

check: ready
	@.venv/bin/ruff check --quiet
	@.venv/bin/ruff format --check --quiet
	@.venv/bin/mypy --no-error-summary
