# Everything a newcomer needs: `make run` starts the market, `make test` proves it. `make help` lists the rest.
PYTHON ?= python3
PY := .venv/bin/python

.PHONY: help run test check stress bench demo messages clean

help:  ## this list
	@grep -hE '^[a-z]+:.*##' Makefile | sed 's/:.*##/	/'

run:  ## start the market on http://localhost:8000 (PORT=8001 for another port)
	@$(PYTHON) -m tools.run --check-port
	@$(PYTHON) -m tools.venv
	@$(PY) -m tools.prepare
	@exec $(PY) -m tools.run

test:  ## every test, on SQLite, PostgreSQL and in a browser
	@$(PYTHON) -m tools.venv --tests
	@exec $(PY) -m tools.run_tests

check:  ## what takes less than a minute: style, templates, imports, migrations, translations
	@$(PYTHON) -m tools.venv --tests
	@exec $(PY) -m tools.check

stress:  ## the races again and again (ROUNDS=10)
	@$(PYTHON) -m tools.venv --tests
	@STRESS=1 exec $(PY) -m tools.run_tests concurrency --rounds $(or $(ROUNDS),10)

bench:  ## how fast the pages are
	@$(PYTHON) -m tools.venv --tests
	@exec $(PY) -m tools.run_tests bench

demo:  ## load the sample shop again (keeps what was changed)
	@$(PYTHON) -m tools.venv
	@$(PY) -m tools.prepare
	@exec $(PY) -m tools.manage load_demo

messages:  ## collect new strings into locale/ and compile
	@$(PYTHON) -m tools.venv --tests
	@$(PY) -m tools.check_translations --write
	@exec $(PY) -m tools.compile_messages

clean:  ## remove what make built; the database and the uploads stay
	@rm -rf .venv .state .static .test-cache .pytest_cache .ruff_cache .import_linter_cache .hypothesis
	@find shop cms tests tools locale -name __pycache__ -type d -prune -exec rm -rf {} +
	@find locale -name '*.mo' -delete
