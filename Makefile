# Two commands do all set-up on a fresh Debian or Ubuntu machine:
#   make demo   install what is missing, load two demo organisations, serve on port 8000
#   make test   install what is missing, run every test on SQLite, and on PostgreSQL again what
#               another database can change

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
ADDRESS ?= 127.0.0.1:8000
POSTGRES ?= postgres://postgres@127.0.0.1:5432/bcp
export PIP_DISABLE_PIP_VERSION_CHECK = 1

# What the plans are drawn and printed with, and what the tests look at them with.
RUN_PACKAGES := graphviz libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 tzdata \
	fonts-inter fonts-sil-charis fonts-noto-core fonts-dejavu-core fonts-liberation \
	fonts-droid-fallback fonts-symbola poppler-utils
TEST_PACKAGES := chromium curl gettext

.DEFAULT_GOAL := help
.PHONY: help demo run worker migrate test test-sqlite test-postgres lint format lock \
	system-packages system-test-packages

help:
	@echo "make demo    two demo organisations on http://$(ADDRESS), with a worker"
	@echo "make run     the same without loading demo data"
	@echo "make test    every test on SQLite, and on PostgreSQL what that can change"
	@echo "make lint    style, types, missing migrations"
	@echo "make lock    renew the hashed locks in requirements/ from pyproject.toml"

demo: $(VENV)/.base system-packages
	@echo "== Migrating and loading the demo organisations"
	@$(BIN)/python manage.py migrate --verbosity 0
	@$(BIN)/python manage.py load_demo
	@$(MAKE) --no-print-directory serve

run: $(VENV)/.base system-packages migrate
	@$(MAKE) --no-print-directory serve

migrate: $(VENV)/.base
	@$(BIN)/python manage.py migrate --verbosity 0

# One web process with threads and one worker; both end together.
.PHONY: serve
serve:
	@echo "== Serving on http://$(ADDRESS) (stop with Ctrl-C)"
	@trap 'kill 0' EXIT INT TERM; \
	$(BIN)/celery -A bcp.config.celery worker --concurrency 1 --loglevel WARNING \
		--without-gossip --without-mingle --without-heartbeat & \
	$(BIN)/gunicorn bcp.config.wsgi --bind $(ADDRESS) --workers 1 --threads 8 --log-level warning

test: $(VENV)/.test system-packages system-test-packages
	@scripts/run_tests

lint: $(VENV)/.test
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/python manage.py makemigrations --check --dry-run

format: $(VENV)/.test
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

lock: $(VENV)/.test
	$(BIN)/uv pip compile --quiet --generate-hashes pyproject.toml -o requirements/base.txt
	$(BIN)/uv pip compile --quiet --generate-hashes --extra test pyproject.toml \
		-o requirements/test.txt

$(VENV)/bin/pip:
	@echo "== Making a Python environment in $(VENV)/"
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
		|| { echo "Python 3.11 or newer is needed"; exit 1; }
	@$(PYTHON) -m venv $(VENV) || { scripts/install_packages python3-venv; $(PYTHON) -m venv $(VENV); }

$(VENV)/.base: requirements/base.txt | $(VENV)/bin/pip
	@echo "== Installing Python packages (hashes checked)"
	@$(BIN)/pip install --quiet --require-hashes -r requirements/base.txt
	@touch $@

$(VENV)/.test: requirements/test.txt | $(VENV)/bin/pip
	@echo "== Installing Python packages for tests (hashes checked)"
	@$(BIN)/pip install --quiet --require-hashes -r requirements/test.txt
	@touch $@ $(VENV)/.base

system-packages:
	@scripts/install_packages $(RUN_PACKAGES)

system-test-packages:
	@scripts/install_packages $(TEST_PACKAGES)
