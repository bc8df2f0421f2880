# Two commands matter: `make run` and `make test`. Each sets up everything that it needs.
PYTHON ?= python3
VENV   ?= .venv
BIN    := $(VENV)/bin
SUDO   := $(shell [ "$$(id -u)" = 0 ] || command -v sudo)
DEBIAN := postfix dovecot-imapd postgresql swaks chromium

.PHONY: run test check format bench soak clean
.DEFAULT_GOAL := run

run: $(VENV)/.run
	@$(BIN)/gateway run

test: $(VENV)/.test .debian
	$(BIN)/python -m pytest -n 4 --dist loadfile --no-loadscope-reorder -m "not soak" $(ARGS)

check: $(VENV)/.test
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy

format: $(VENV)/.test
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

bench: $(VENV)/.test .debian
	$(BIN)/python -m bench $(ARGS)

soak: $(VENV)/.fuzz .debian
	$(BIN)/python -m pytest -m soak --timeout 7200 $(ARGS)

# Debian's own Python has no pip in its virtual environments until python3-venv is there.
$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "Python 3.11 or later is needed; $(PYTHON) is older. Say which one: make PYTHON=/path/to/python3.11"; exit 1; }
	@$(PYTHON) -c 'import ensurepip' 2>/dev/null || \
	  { $(SUDO) apt-get update -q && $(SUDO) apt-get install -y -q python3-venv; }
	$(PYTHON) -m venv $(VENV)

$(VENV)/.run: pyproject.toml | $(VENV)/bin/python
	$(BIN)/pip install -q -e .
	@touch $@

$(VENV)/.test: pyproject.toml | $(VENV)/bin/python
	$(BIN)/pip install -q -e '.[test,check]'
	@touch $@ $(VENV)/.run

$(VENV)/.fuzz: pyproject.toml | $(VENV)/bin/python
	$(BIN)/pip install -q -e '.[test,check,fuzz]'
	@touch $@ $(VENV)/.test $(VENV)/.run

.PHONY: .debian
.debian:
	@sh tests/install_debian.sh $(SUDO) -- $(DEBIAN)

clean:
	rm -rf $(VENV) .pytest_cache .mypy_cache .ruff_cache .hypothesis
