# Each target sets up what it needs; nothing else has to be installed first but Python and make.

PYTHON ?= python3
DJANGO ?= 6
BIN := .venv/bin
INSTALL = $(BIN)/pip install --quiet --disable-pip-version-check --require-hashes

ADVISORIES = https://pypi.org/pypi/django/5.2/json

# As little as production needs; `manage.py check --deploy` says what is missing or unsafe.
PRODUCTION = DADASHOP_DEBUG=0 DADASHOP_ALLOWED_HOSTS=sms.example.com \
	DADASHOP_SECRET_KEY=$$($(BIN)/python -c "import secrets; print(secrets.token_urlsafe(50))") \
	DATABASE_URL=postgres://dadashop@db/dadashop REDIS_URL=redis://redis:6379/0 \
	CLOOPEN_ACCOUNT_SID=sid CLOOPEN_AUTH_TOKEN=token CLOOPEN_APP_ID=app \
	CLOOPEN_TEMPLATE_ID=1001 CLOOPEN_TEMPLATE_SHIPPED=1002 CLOOPEN_TEMPLATE_PICKUP_CODE=1003

# The charts of the operators' dashboard, from npm; docs/dashboard.md.
CHARTJS = chart.js-4.6.1
CHARTJS_SHA512 = 849ca78ae72c166abffc4bd762f27a73a99a84fa08de46b1763547f1ac13689fdf0cd59e4aaaaa02b8b13095a458d37a7dc62f3d4dc79de480345358b518bad6
CHARTS = verifications/static/verifications/vendor/chartjs

COMPILE = $(BIN)/uv --quiet pip compile --universal --python-version 3.11 --generate-hashes \
	--no-annotate --custom-compile-command "make requirements"

.PHONY: run test test-on check bench attack mutants messages requirements vendor clean

run: .venv/runtime
	@exec $(BIN)/python manage.py runlocal

test: .venv/dev
	@$(BIN)/python -m tests.run

# The app's own tests on another Python and Django: make test-on PYTHON=python3.13 DJANGO=6
test-on: .venv/dev
	@mkdir -p build && echo "django~=$(DJANGO).0" > build/django.txt
	$(BIN)/uv --quiet venv --clear --python $(PYTHON) build/on
	$(BIN)/uv --quiet pip install --python build/on --no-verify-hashes --requirement requirements-dev.txt --override build/django.txt
	build/on/bin/python -m pytest tests/verifications -n auto

check: .venv/dev
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/bandit --quiet --recursive --configfile pyproject.toml dadashop verifications sandbox
	$(BIN)/python manage.py check
	$(BIN)/python manage.py makemigrations --check --dry-run
	$(PRODUCTION) $(BIN)/python manage.py check --deploy --fail-level WARNING
	@if $(BIN)/python -c "import requests; requests.get('$(ADVISORIES)', timeout=5).raise_for_status()" 2>/dev/null; \
	then $(BIN)/pip-audit --strict --requirement requirements.txt; \
	else echo "pip-audit: not run, since $(ADVISORIES) is out of reach"; fi

bench: .venv/dev
	@$(BIN)/python -m benchmarks

# Attacks the product, on this machine alone, and tells what came through.
attack: .venv/dev
	@$(BIN)/python -m tests.attacks

# Changes the code in a copy, a little each time, and tells what no test noticed: MODULES="codes lua".
mutants: .venv/dev
	@$(BIN)/python -m tests.mutants $(MODULES)

# The English catalogue, after its .po was edited.
messages: .venv/dev
	$(BIN)/pybabel compile --domain django --directory verifications/locale --use-fuzzy
	$(BIN)/pybabel compile --domain django --directory dadashop/locale --use-fuzzy

vendor:
	rm -rf build/vendor && mkdir -p build/vendor
	cd build/vendor && npm pack --silent $(subst -,@,$(CHARTJS))
	cd build/vendor && echo "$(CHARTJS_SHA512)  $(CHARTJS).tgz" | sha512sum --check
	tar -xzf build/vendor/$(CHARTJS).tgz -C build/vendor package/LICENSE.md package/dist/chart.umd.min.js
	install -m 644 build/vendor/package/LICENSE.md $(CHARTS)/LICENSE.txt
	install -m 644 build/vendor/package/dist/chart.umd.min.js $(CHARTS)/
	cd $(CHARTS) && sha256sum --check SHA256SUMS

# All packages with all their hashes, after a .in was edited; UPGRADE=--upgrade takes the newest.
requirements: .venv/dev
	$(COMPILE) $(UPGRADE) requirements.in --output-file requirements.txt
	$(COMPILE) $(UPGRADE) requirements-otel.in --constraint requirements.txt --output-file requirements-otel.txt
	$(COMPILE) $(UPGRADE) requirements-dev.in --constraint requirements-otel.txt --output-file requirements-dev.txt

clean:
	rm -rf .venv build var

.venv/bin/python:
	$(PYTHON) -m venv .venv

.venv/runtime: requirements.txt | .venv/bin/python
	$(INSTALL) --requirement requirements.txt
	@touch $@

.venv/dev: requirements.txt requirements-dev.txt | .venv/bin/python
	$(INSTALL) --requirement requirements-dev.txt
	@touch $@ .venv/runtime
