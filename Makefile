# Each target sets up what it needs; nothing else has to be installed first but Python and make.

PYTHON ?= python3
BIN := .venv/bin
export DJANGO_SETTINGS_MODULE ?= dadashop.settings

.PHONY: run test check bench messages clean

run: .venv/runtime
	@exec $(BIN)/python manage.py runlocal

test: .venv/dev
	@$(BIN)/python -m tests.run

check: .venv/dev
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python manage.py check
	$(BIN)/python manage.py makemigrations --check --dry-run
	@$(BIN)/python -m tests.deploy_check
	@$(BIN)/python -m tests.audit

bench: .venv/dev
	@$(BIN)/python -m benchmarks

# The English catalogue, after its .po was edited.
messages: .venv/dev
	$(BIN)/pybabel compile --domain django --directory verifications/locale --use-fuzzy
	$(BIN)/pybabel compile --domain django --directory dadashop/locale --use-fuzzy

clean:
	rm -rf .venv build var

.venv/bin/python:
	$(PYTHON) -m venv .venv

.venv/runtime: requirements.txt | .venv/bin/python
	$(BIN)/pip install --quiet --disable-pip-version-check --requirement requirements.txt
	@touch $@

.venv/dev: requirements.txt requirements-dev.txt | .venv/bin/python
	$(BIN)/pip install --quiet --disable-pip-version-check --requirement requirements-dev.txt
	@touch $@ .venv/runtime
