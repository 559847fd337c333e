# The one list of commands, for people and CI alike. Every target may be repeated: what is done is not done twice.
SHELL := bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
MAKEFLAGS += --no-print-directory

DATA := $(or $(DIAODU_DATA),data)

BEGAN := $(shell date +%s)
TOOLS := .venv/bin
# Four for two cores: the one with the services waits most of its time (tests/conftest.py, docs/decisions/0047).
PYTEST := $(TOOLS)/pytest -n 4 --dist loadfile --no-loadscope-reorder
FACE := build/faces/FandolFang-Regular.otf
ENVIRONMENT := .venv/installed
VERSION := $(shell sed -n 's/^version = "\(.*\)"/\1/p' pyproject.toml)
DEMO := $(DATA)/demo-made
RIVALS := build/bench/installed
MONTHS := 2025-01 2025-02 2025-03 2025-04 2025-05 2025-06

# WeasyPrint draws with Pango, and subsets faces six times faster with HarfBuzz's own subsetter.
PACKAGES := libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0
# Tests fill workbooks in as an office does, and look at pages.
TEST_PACKAGES := libreoffice-calc poppler-utils
# Prefect's page is photographed in a browser.
PICTURE_PACKAGES := chromium
# Debian leaves venv out of its Python.
PACKAGES += $(shell python3.11 -c 'import ensurepip' 2>/dev/null || python3 -c 'import ensurepip' 2>/dev/null || echo python3 python3-venv)

.PHONY: help ready demo up down test test-unit proof desk-proof mutants bench check pictures lock lock-proof audit install wheelhouse offline-proof packages test-packages picture-packages clean

help: ## list these commands
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-13s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

demo: ready $(DEMO) ## install, then make January to June 2025 from sample workbooks and say where June's bulletin lies
	@echo "June's bulletin: $$(find $(DATA)/reports/2025-06 -name '*.pdf' | sort | head -n 1)"
	@echo "Its runs, step by step: make up, then open the page that it names."
	@echo "Done in $$(( $$(date +%s) - $(BEGAN) )) s."

up: ready ## install, then start Prefect's server, its worker and the watch; prints the page's address
	@$(TOOLS)/diaodu up

down: ## end what `make up` started, and nothing else
	@$(TOOLS)/diaodu down

test: ready test-packages ## install, then run the tests (about twenty minutes on two cores)
	@echo "Installed after $$(( $$(date +%s) - $(BEGAN) )) s; now the tests."
	@$(PYTEST) -m "not proof"

test-unit: ready ## only the tests that lay out no page, take in no workbooks and start no service (a minute and a half)
	@$(PYTEST) -m unit

proof: ready test-packages ## the long tests before a release: processes killed at random, the manual's pages run, a simulated year
	@$(PYTEST) -m proof

mutants: ready ## change one token at a time in figures, ladders, calendar and checks, and see that a test notices: docs/evidence/mutants.md (an hour)
	@$(TOOLS)/python -m bench.mutants

check: ready ## format, style, types, the order of imports, SQL
	@$(TOOLS)/ruff check --quiet .
	@$(TOOLS)/ruff format --check --quiet .
	@$(TOOLS)/mypy
	@$(TOOLS)/lint-imports --no-cache
	@$(TOOLS)/sqlfluff lint --nocolor sql

install: ready ## system packages, faces and locked Python packages, and diaodu on the PATH with bash completion
	@bin/command-line

ready: packages $(FACE) $(ENVIRONMENT)

bench: ready test-packages picture-packages $(RIVALS) ## measure the speed, side by side with others: docs/evidence/benchmark.md; BENCH="month rollup" for some
	@bin/system-packages libreoffice-writer
	@$(TOOLS)/python -m bench $(BENCH)

pictures: ready test-packages picture-packages $(DEMO) ## take the pictures of README and manual: the demo's own documents, and Prefect's page in a browser, from a copy of its data
	@mkdir -p docs/pictures && rm -rf build/pictures && cp -r $(DATA) build/pictures
	@DIAODU_DATA=build/pictures $(TOOLS)/diaodu notices 2025-06 --on 2025-07-08
	@DIAODU_DATA=build/pictures $(TOOLS)/diaodu forms 2025-07
	@pdftoppm -r 64 -png -singlefile -f 1 -l 1 build/pictures/reports/2025-06/monthly_dispatch/*.pdf docs/pictures/monthly-first-page
	@pdftoppm -r 64 -png -singlefile -f 1 -l 1 build/pictures/reports/2025-06/notices/*-kailu/*.pdf docs/pictures/reminder
	@bin/workbook-pages build/pictures/forms/2025-07/开鲁县2025年7月月报.xlsx docs/pictures/blank-form
	@$(TOOLS)/python -m tests.submissions.marked_example build/marked.xlsx
	@bin/workbook-pages build/marked.xlsx docs/pictures/marked-workbook
	@$(TOOLS)/python bin/page-pictures build/pictures docs/pictures

desk-proof: ready picture-packages build/desk/stamp ## work the desk in a real browser, every role, with accessibility and load: docs/evidence/desk.md (some minutes)
	@PYTHONPATH=build/desk/site $(TOOLS)/python -m bench.desk_browser --pictures

build/desk/stamp: bench/desk-requirements.txt | $(ENVIRONMENT)
	@rm -rf $(@D) && mkdir -p $(@D)
	@$(TOOLS)/python -m pip install --quiet --disable-pip-version-check --no-deps --target $(@D)/site -r $<
	@touch $@

# Libraries that the program is compared with, beside the environment and never in it.
$(RIVALS): bench/requirements.txt | $(ENVIRONMENT)
	@rm -rf $(@D) && mkdir -p $(@D)
	@$(TOOLS)/python -m pip install --quiet --disable-pip-version-check --no-deps --target $(@D)/site -r $<
	@touch $@

lock: ready ## resolve the dependencies again, for every Python at once, and write requirements.lock
	@$(TOOLS)/uv pip compile --quiet --extra dev --universal --fork-strategy fewest --generate-hashes \
	  --custom-compile-command "make lock" --output-file requirements.lock pyproject.toml

audit: $(ENVIRONMENT) ## compare the locked packages with known vulnerabilities, by a database file: AUDIT=audit/osv-pypi.zip; says so where there is none
	@$(TOOLS)/python bin/audit $(AUDIT)

lock-proof: packages $(FACE) ## install the lock on Python 3.11, 3.12 and 3.13 and make a bulletin with each (five minutes)
	@for python in python3.11 python3.12 python3.13; do \
	  folder=build/lock-proof/$$python; rm -rf $$folder; bin/environment $$folder $$python; \
	  export DIAODU_DATA=$$folder/data; \
	  for line in "sample 2025 --months 1-1" intake "monthly 2025-01"; do $$folder/bin/diaodu $$line; done; \
	done

wheelhouse: ready ## pack this commit, its packages and a Python of its own for a machine without internet, whatever Linux it has; MACHINE=aarch64 for that
	@bin/wheelhouse $(MACHINE)

offline-proof: ## demo on a bare Debian 12 and 13, then install its pack with the network cut (root, debootstrap, 20 minutes)
	@for suite in bookworm trixie; do bin/offline-proof $$suite; done

clean: ## remove what make built (.venv, build), never data
	@bin/command-line --remove
	@rm -rf .venv build *.egg-info

packages:
	@bin/system-packages $(PACKAGES)

picture-packages:
	@bin/system-packages $(PICTURE_PACKAGES)

test-packages:
	@bin/system-packages $(TEST_PACKAGES)
	@bin/dovecot

$(FACE): | packages
	@bin/faces build/faces

$(ENVIRONMENT): requirements.lock pyproject.toml bin/environment | packages
	@bin/environment
	@touch $@

# Made again when anything that shapes a document has changed.
$(DEMO): $(ENVIRONMENT) $(FACE) $(shell find flows sql templates plan -type f -not -path '*/__pycache__/*' 2>/dev/null)
	@$(TOOLS)/diaodu sample 2025 --months 1-6
	@$(TOOLS)/python bin/demo $(MONTHS)
	@touch $@
