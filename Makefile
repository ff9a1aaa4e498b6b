# Needs Python 3.11 and nothing else. `make` alone says what there is.

PYTHON ?= python3
PORT ?= 8000
WORKERS ?= 2
WHO ?= tariq
EXAMPLES ?= 5000
PY := .venv/bin/python
TEMPLATES := $(wildcard */templates)
export PORT

.PHONY: help demo code test old soak check bench clean

help:
	@echo "make demo          a small believable world on http://127.0.0.1:8000/ (PORT=8123 for another port)"
	@echo "make code WHO=name the number that a member of the demo's staff types after the password"
	@echo "make test          every test, in a real browser too (ARGS='-k card' for some of them)"
	@echo "make old           the core of it in Chromium 90, as on the oldest phones"
	@echo "make soak          phones, a bad network and the server: 5000 examples (EXAMPLES=20000 for more)"
	@echo "make check         style, types, layers, migrations, settings, translations"
	@echo "make bench         how heavy and how quick pages are"
	@echo "make clean         remove everything that make has made"

demo:
	@$(PYTHON) deploy/prepare.py run
	@$(PY) deploy/demo.py

code:
	@$(PYTHON) deploy/prepare.py run
	@$(PY) deploy/demo.py code $(WHO)

test:
	@$(PYTHON) deploy/prepare.py test
	@$(PY) deploy/languages.py
	CHROMIUM="$$($(PY) deploy/chromium.py)" && export CHROMIUM && $(PY) -m pytest -n $(WORKERS) --dist loadgroup $(ARGS)

old:
	@$(PYTHON) deploy/prepare.py test
	@$(PY) deploy/languages.py
	CHROMIUM="$$($(PY) deploy/old_chromium.py)" && export CHROMIUM && \
	NODE_OPTIONS="--require ./tests/browser/old_chromium.cjs" $(PY) -m pytest tests/browser -m on_old_phones $(ARGS)

soak:
	@$(PYTHON) deploy/prepare.py test
	EXAMPLES=$(EXAMPLES) $(PY) -m pytest tests/lms/test_convergence.py $(ARGS)

check:
	@$(PYTHON) deploy/prepare.py test
	@$(PY) deploy/languages.py
	$(PY) -m ruff check .
	$(PY) -m ruff format --check .
	.venv/bin/ty check --python .venv
	.venv/bin/lint-imports --no-cache
	.venv/bin/djhtml --tabwidth 4 --check $(TEMPLATES)
	$(PY) deploy/requirements.py --check
	$(PY) deploy/languages.py --check
	DEMO=yes DATABASE_URL=sqlite:///:memory: $(PY) manage.py makemigrations --check --dry-run
	set -a && . deploy/production.env && $(PY) manage.py check --deploy --fail-level WARNING

bench:
	@$(PYTHON) deploy/prepare.py test
	@$(PY) deploy/languages.py
	CHROMIUM="$$($(PY) deploy/chromium.py)" && export CHROMIUM && $(PY) deploy/bench/run.py $(ARGS)

clean:
	rm -rf .venv .tools var node_modules .pytest_cache .ruff_cache .import_linter_cache .hypothesis
	find . -name .git -prune -o \( -name '*.mo' -o -name '*.pyc' \) -type f -exec rm -f {} +
	find . -name .git -prune -o -name __pycache__ -type d -empty -exec rmdir {} +
