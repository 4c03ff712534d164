# The verbs of the house. `make demo` and `make test` do all their set-up themselves.
PYTHON ?= python3
BIN := .venv/bin
ARGS ?=
BENCH ?= pipeline
WORKERS ?= 3

.PHONY: demo test soak lint fmt type bench lock clean

demo: .venv/.runtime ## three stories on real parts
	$(BIN)/reflexarc demo $(ARGS)

test: .venv/.dev ## everything but the long forms
	$(BIN)/pytest -m "not soak" -n $(WORKERS) --dist loadfile --no-loadscope-reorder $(ARGS)

soak: .venv/.dev ## the long forms of the fault tests
	$(BIN)/pytest -m soak -p no:randomly $(ARGS)

lint: .venv/.dev ## style of code and files
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

fmt: .venv/.dev ## mend what a machine can mend
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

type: .venv/.dev ## types, strictly
	$(BIN)/mypy
	$(BIN)/mypy tests bench

bench: .venv/.dev ## measure; asserts nothing; BENCH=transport is another bench
	$(BIN)/python -m bench.$(BENCH) $(ARGS)

lock: .venv/.dev ## pin dependencies anew
	$(BIN)/uv pip compile $(LOCK) -o requirements.lock pyproject.toml
	$(BIN)/uv pip compile $(LOCK) -c requirements.lock --group dev -o requirements-dev.lock pyproject.toml

LOCK := --upgrade --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-emit-find-links --no-header -q

.venv/.runtime: requirements.lock pyproject.toml
	$(PYTHON) -m venv .venv
	$(BIN)/pip install -q --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/pip install -q --disable-pip-version-check --no-deps -e .
	touch $@

.venv/.dev: requirements-dev.lock .venv/.runtime
	$(BIN)/pip install -q --disable-pip-version-check --require-hashes -r requirements-dev.lock
	touch $@

clean: ## forget everything that was built or downloaded here
	-$(BIN)/reflexarc dev down
	rm -rf .venv .reflexarc build *.egg-info
