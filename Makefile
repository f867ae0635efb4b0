# Two commands matter: `make demo` and `make test`. `make help` lists the rest.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PORT ?= 8000
export PIP_DISABLE_PIP_VERSION_CHECK := 1

.PHONY: help demo demo-full test test-sides lint translations clean-demo clean

help:  ## List what can be made
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/'

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "Python 3.11 or newer is needed; 需要 Python 3.11 以上. Try: make PYTHON=python3.12"; exit 1; }
	@$(PYTHON) -m venv $(VENV)

# uv installs several times faster; pip is the way where uv cannot be had.
$(VENV)/.installed: pyproject.toml build_assets.py package-lock.json | $(BIN)/python
	@echo "Installing / 正在安装 …"
	@$(BIN)/pip install --quiet uv && $(BIN)/uv pip install --quiet --compile-bytecode --python $(BIN)/python -e . \
	  || $(BIN)/pip install --quiet -e .
	@touch $@

$(VENV)/.tested: $(VENV)/.installed
	@$(BIN)/uv pip install --quiet --python $(BIN)/python --group dev || $(BIN)/pip install --quiet --group dev
	@sh tests/system_packages.sh
	@touch $@

demo: $(VENV)/.installed  ## Load a demonstration fair, rank it, serve it on PORT (8000)
	@PORT=$(PORT) $(BIN)/jobfair demo

demo-full: $(VENV)/.installed  ## The same with 110,000 seekers
	@PORT=$(PORT) $(BIN)/jobfair demo --full

test: $(VENV)/.tested  ## Run the tests on SQLite and PostgreSQL, in a browser too
	@$(BIN)/python build_assets.py
	@$(BIN)/python -m compileall -q jobfair tests
	@$(BIN)/pytest -n 3 --dist loadfile --no-loadscope-reorder

test-sides: $(VENV)/.tested  ## Run every test on both databases, every journey in both languages and widths
	@$(BIN)/python build_assets.py
	@$(BIN)/python -m compileall -q jobfair tests
	@EVERY_SIDE=1 $(BIN)/pytest -n 3 --dist loadfile --no-loadscope-reorder

lint: $(VENV)/.tested  ## Style, types, import contracts
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports --no-cache

translations: $(VENV)/.installed  ## Compile the Chinese catalogue
	@$(BIN)/python build_assets.py

clean-demo:  ## Forget the demonstration
	@rm -rf data/demo

clean: clean-demo  ## Forget the environment and what was built
	@rm -rf $(VENV) static/vendor build dist node_modules
