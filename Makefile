# Every target is one command; anything longer is Python in ops/.
PYTHON ?= python3
CHAOS_MINUTES ?= 10
PROPERTY_COMMANDS ?= 10000000
.DEFAULT_GOAL := help
.PHONY: help setup demo test check unit integration long nightly property-long chaos simulate-long mutants gen pages site clean compose-smoke console-browser native lock

help: ## Show this list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 16

setup: ## Build .venv from requirements.lock; does nothing when it is up to date
	@$(PYTHON) ops/bootstrap.py

demo: native ## Start the local stack, run a day of traffic, compare every store (KEEP=1 leaves it up)
	@.venv/bin/ledgerctl demo

test: native ## Run check, then every tier of tests on the real servers, then the coverage floors
	@.venv/bin/python -m ops.gates test

check: setup ## Format, lint, types, contracts, drift, unit and architecture tests; some six minutes on two cores
	@.venv/bin/python -m ops.gates check

unit: setup ## Run the tests that need no server
	@.venv/bin/python -m ops.gates unit

integration: setup ## Run the tests that use the local stack
	@.venv/bin/python -m ops.gates integration

long: native ## What make test has no time for: a kill at every point, then 30 kills with a log of 5 million Decisions
	@.venv/bin/python -m ops.gates long

nightly: setup ## Run the property tests with 5,000 examples each
	@.venv/bin/python -m ops.gates nightly

property-long: native ## Hold every invariant against PROPERTY_COMMANDS (ten million) random commands
	@LEDGER_PROPERTY_COMMANDS=$(PROPERTY_COMMANDS) .venv/bin/python -m ops.gates property-long

chaos: native ## Break everything at random for CHAOS_MINUTES (10), then compare everything
	@.venv/bin/ledgerctl chaos --minutes $(CHAOS_MINUTES)

simulate-long: setup ## Simulate faults by seed on all cores, for SIMULATE_MINUTES (10)
	@.venv/bin/ledgerctl simulate --long

mutants: setup ## Plant every known bug in a copy and show which tier of tests finds it
	@.venv/bin/python -m tests.mutants $(MUTANTS)

gen: setup ## Regenerate schemas/messages from the Avro files
	@.venv/bin/python -m schemas.generate

pages: setup ## Draw the pages of docs/ again that are made from the tables of the core
	@.venv/bin/python -m ops.drawn

compose-smoke: setup ## Start docker-compose.yml and check it; needs a Docker engine
	@.venv/bin/python -m ops.gates compose-smoke

console-browser: setup ## Look at the console with a headless browser; needs the package chromium
	@.venv/bin/python -m ops.gates console-browser

site: setup ## Build the site of docs/ into .site, every link checked
	@.venv/bin/python -m ops.site

native: setup ## Compile the core for the workers where gcc and python3-dev are; no need of it
	@.venv/bin/python -m ops.native

lock: setup ## Refresh requirements.lock from pyproject.toml
	@.venv/bin/python -m ops.lock

clean: ## Remove .venv, caches, build output and the local stack's data
	@$(PYTHON) ops/clean.py
