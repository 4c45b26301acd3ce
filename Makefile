# The commands of the README and of .ci/run. `make` alone lists them.
#
#   PYTHON  interpreter that makes the environment, 3.11 or later      make test PYTHON=python3.13
#   VENV    where the environment lives                                make test VENV=.venv-3.13
#   ARGS    more arguments for pytest or for the measuring             make test ARGS="-k derivation"
#   WORKERS processes that run tests; one more than cores, four at     make test WORKERS=0 ARGS="-x --pdb"
#           most, when not given

PYTHON ?= python3
VENV ?= .venv
ARGS ?=
REPORT ?= report

# One more than cores: tests wait for services, workers and browsers that they started. Four at most: a container
# often sees more cores than it may use.
# nproc counts threads instead of cores where OMP_NUM_THREADS is set.
WORKERS ?= $(shell cores=$$(env -u OMP_NUM_THREADS nproc 2>/dev/null || getconf _NPROCESSORS_ONLN); echo $$((cores < 4 ? cores + 1 : 4)))

BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check
INSTALL := $(PIP) install --quiet --require-hashes --only-binary :all:
# One thread a process: the processes share the cores already.
PYTEST := OMP_NUM_THREADS=1 OPENBLAS_NUM_THREADS=1 $(BIN)/python -m pytest -n $(WORKERS) --dist worksteal
INITDB := $(shell command -v initdb || ls /usr/lib/postgresql/*/bin/initdb 2>/dev/null)
LOCK := $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
	--no-header --no-annotate --no-emit-index-url --no-emit-find-links $(UPGRADE) pyproject.toml

# The environment is the project's own: what the caller's shell points elsewhere stays out of it.
unexport PYTHONPATH PYTHONHOME VIRTUAL_ENV
# The tests start hundreds of processes; each would compile whatever it imports.
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := help
.PHONY: help run open demo test test-all test-pure test-training lint format bench bench-quick lock licences screenshots dist clean

help:
	@echo "make run          set everything up and examine the example claim"
	@echo "make open         open the page to drop photos on"
	@echo "make demo         start the demo: an invented shop with worked cases"
	@echo "make test         set everything up and run the tests: about 23 minutes on two cores"
	@echo "make test-all     the kill tests on SQLite as well, some minutes more"
	@echo "make test-pure    only what starts no service: tests/unit, property and hostile, about 2 minutes"
	@echo "make test-training  the tests of training/, which the others leave out"
	@echo "make lint         ruff and mypy"
	@echo "make format       let ruff rewrite what it can"
	@echo "make bench        measure everything (long); bench-quick: a small plan, then the accuracy gate"
	@echo "make lock         renew requirements/*.txt (UPGRADE=--upgrade for newer releases)"
	@echo "make licences     renew docs/reference/licences.md"
	@echo "make screenshots  take the pictures of docs/reference/pages.md anew, from the demo"
	@echo "make dist         build the wheel and the source archive into dist/"
	@echo "make clean        remove the environment and everything that was built"

run: $(VENV)/default.stamp
	$(BIN)/bixie examine examples/claim.jpg examples/honest.jpg --known examples/listing.jpg --report $(REPORT)
	@echo "Now your own photos: make open"

open: $(VENV)/default.stamp
	$(BIN)/bixie open

demo: $(VENV)/default.stamp
	$(BIN)/bixie demo

# Kill tests take minutes. What they hold does not depend on the database: they run on PostgreSQL where there is one.
test: ONCE := $(if $(INITDB),-m "not (chaos and sqlite)")
test test-all: $(VENV)/dev.stamp
	@echo "about 23 minutes on two cores, on $(WORKERS) processes; started at $$(date +%H:%M)"
	@test -n "$(INITDB)" || echo "note: no PostgreSQL found; the tests that need one are skipped"
	@command -v chromium >/dev/null || command -v google-chrome >/dev/null || \
		echo "note: no Chromium found; the tests that look at the report page in a browser are skipped"
	$(PYTEST) $(ONCE) $(ARGS)

test-pure: $(VENV)/dev.stamp
	$(PYTEST) tests/unit tests/property tests/hostile $(ARGS)

test-training: $(VENV)/dev.stamp
	$(PYTEST) training/tests $(ARGS)

lint: $(VENV)/dev.stamp
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

format: $(VENV)/dev.stamp
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

bench: $(VENV)/dev.stamp
	$(BIN)/python -m bench $(ARGS)

bench-quick: $(VENV)/dev.stamp
	$(BIN)/python -m bench --quick $(ARGS)
	$(BIN)/python -m bench ledger --quick
	$(BIN)/python -m bench service --quick

# Each lock is held to the one before it, so that an environment can grow from one to the next.
lock: $(VENV)/dev.stamp
	$(LOCK) --output-file requirements/default.txt
	$(LOCK) --extra all --constraint requirements/default.txt --output-file requirements/all.txt
	$(LOCK) --extra all --group build --group dev --constraint requirements/all.txt --output-file requirements/dev.txt
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header --no-annotate \
		--no-emit-index-url --no-emit-find-links --group build --constraint requirements/dev.txt \
		--output-file requirements/build.txt
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header --no-annotate \
		--no-emit-index-url --no-emit-find-links --constraint requirements/all.txt training/requirements.in \
		--output-file training/requirements.txt

licences: $(VENV)/dev.stamp
	$(BIN)/python requirements/licences.py docs/reference/licences.md

screenshots: $(VENV)/dev.stamp
	$(BIN)/python docs/screenshots.py $(ARGS)

# hatchling dates every file in the archives alike, so that equal sources give equal bytes.
dist: $(VENV)/default.stamp
	rm -rf dist
	$(BIN)/hatchling build

clean:
	rm -rf $(VENV) $(REPORT) build dist .mypy_cache .ruff_cache .pytest_cache .hypothesis
	find src tests bench training examples requirements -name __pycache__ -type d -prune -exec rm -rf {} +

$(VENV)/created.stamp:
	@command -v $(PYTHON) >/dev/null || { echo "$(PYTHON) was not found. Name one: make PYTHON=/path/to/python3.11"; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "Bixie needs Python 3.11 or later; $(PYTHON) is `$(PYTHON) --version 2>&1`. Name another: make PYTHON=python3.13"; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' || \
		{ echo "$(PYTHON) comes without venv. On Debian and Ubuntu: apt-get install python3-venv"; exit 1; }
	$(PYTHON) -m venv $(VENV)
	@touch $@

$(VENV)/default.stamp: requirements/build.txt requirements/default.txt pyproject.toml $(VENV)/created.stamp
	@echo "installing the locked packages into $(VENV) ..."
	@$(INSTALL) -r requirements/build.txt
	@$(INSTALL) -r requirements/default.txt
	@$(PIP) install --quiet --no-deps --no-build-isolation --editable .
	@touch $@

$(VENV)/dev.stamp: requirements/dev.txt $(VENV)/default.stamp
	@echo "installing the locked development tools into $(VENV) ..."
	@$(INSTALL) -r requirements/dev.txt
	@touch $@
