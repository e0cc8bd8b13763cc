# Each target sets up what it needs; nothing else has to be installed first but Python and make.

PYTHON ?= python3
BIN := .venv/bin

ADVISORIES = https://pypi.org/pypi/django/5.2/json

# As little as production needs; `manage.py check --deploy` says what is missing or unsafe.
PRODUCTION = DADASHOP_DEBUG=0 DADASHOP_ALLOWED_HOSTS=sms.example.com \
	DADASHOP_SECRET_KEY=$$($(BIN)/python -c "import secrets; print(secrets.token_urlsafe(50))") \
	DATABASE_URL=postgres://dadashop@db/dadashop REDIS_URL=redis://redis:6379/0 \
	CLOOPEN_ACCOUNT_SID=sid CLOOPEN_AUTH_TOKEN=token CLOOPEN_APP_ID=app

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
	$(PRODUCTION) $(BIN)/python manage.py check --deploy --fail-level WARNING
	@if $(BIN)/python -c "import requests; requests.get('$(ADVISORIES)', timeout=5).raise_for_status()" 2>/dev/null; \
	then $(BIN)/pip-audit --strict --requirement requirements.txt; \
	else echo "pip-audit: not run, since $(ADVISORIES) is out of reach"; fi

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
