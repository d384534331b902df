# Two commands matter: `make report` and `make test`. Both prepare what they need and then do only what changed.

VENV := .venv
BIN := $(VENV)/bin
# The newest Python on the path that is 3.11 or newer; `make PYTHON=/path/to/python` chooses another.
PYTHON ?= $(shell for p in python3 python3.14 python3.13 python3.12 python3.11 python; do \
	command -v $$p >/dev/null 2>&1 && $$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$p && break; done)
# Compiled modules halve the start of every command.
unexport PYTHONDONTWRITEBYTECODE
export PIP_DISABLE_PIP_VERSION_CHECK := 1

.PHONY: report gallery test chromium fuzz bench simulation results lock dist clean

# The program knows by their contents whether the pages still say what the files say.
report: $(VENV)/installed
	@$(BIN)/evisynth report -o build/report >/dev/null
	@echo "The report: $(CURDIR)/build/report/index.html"

# The report with a page of every layout and kind of plot beside it.
gallery: $(VENV)/installed
	@$(BIN)/evisynth report --gallery -o build/report >/dev/null
	@echo "The gallery: $(CURDIR)/build/report/gallery.html"

# The import contracts are among the tests. A process takes a core and about half a gigabyte.
test: $(VENV)/installed chromium
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/pytest --numprocesses auto --maxprocesses 8 --dist loadfile --no-loadscope-reorder

# The pages are tried in Chromium. Where there is none these tests are skipped, and pytest says so at its end.
chromium:
	@for name in chromium chromium-browser google-chrome; do command -v $$name >/dev/null && exit 0; done; \
	if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
		{ apt-get update -qq && apt-get install -y -qq chromium >/dev/null 2>&1; } || echo "Chromium could not be installed."; \
	else echo "No Chromium: pages are not tried in a browser. On Debian: sudo apt-get install chromium"; fi

bench: $(VENV)/installed build/bench-peers/installed
	@$(BIN)/python tests/bench/run.py --peers build/bench-peers/bin/python

build/bench-peers/installed: tests/bench/peers.txt
	@$(PYTHON) -m venv build/bench-peers
	@build/bench-peers/bin/pip install --quiet -r tests/bench/peers.txt
	@touch $@

# Kills at every point, then files with something wrong, other ones in every run, for an hour or as long as is said:
# make fuzz SECONDS=60
fuzz: $(VENV)/installed
	@EVISYNTH_KILLS=all $(BIN)/pytest -q tests/hostile/test_kills.py
	@PYTHONPATH=tests/support $(BIN)/python tests/hostile/fuzz.py $(or $(SECONDS),3600)

# How far each recovery can be trusted; LONG=1 for 4,000 trials a scenario. Writes tests/reference/simulation.
simulation: $(VENV)/installed
	@$(BIN)/python tests/simulation/run.py $(if $(LONG),--long)

# The wheel and the source archive, from what is committed; one commit gives the same bytes wherever they are made.
dist: $(VENV)/installed
	@rm -rf build/dist build/dist-source && mkdir -p build/dist-source
	@git archive HEAD | tar -x --no-same-permissions -C build/dist-source
	@umask 022 && cd build/dist-source && chmod -R u=rwX,go=rX . && \
		SOURCE_DATE_EPOCH=$$(git -C $(CURDIR) log -1 --format=%ct) $(abspath $(BIN))/python -m build \
		--no-isolation --outdir $(CURDIR)/build/dist . >$(CURDIR)/build/dist.log 2>&1 || { tail $(CURDIR)/build/dist.log; exit 1; }
	@$(BIN)/python tests/support/same_bytes.py build/dist/*.tar.gz $$(git log -1 --format=%ct)
	@ls build/dist/*

# Resolve the lock for every supported Python at once; what is in it stays, but for make lock UPGRADE="duckdb numpy".
# Needs uv.
lock:
	uv pip compile pyproject.toml $(addprefix --upgrade-package ,$(UPGRADE)) --all-extras --universal --python-version 3.11 --generate-hashes \
		--no-emit-index-url --no-emit-find-links --custom-compile-command "make lock" --output-file requirements.lock

clean:
	rm -rf build $(VENV) .mypy_cache .pytest_cache .ruff_cache .hypothesis .import_linter_cache

$(VENV)/installed: requirements.lock pyproject.toml
	@test -n "$(PYTHON)" || { echo "evisynth needs Python 3.11 or newer; none was found. Install one, or say: make PYTHON=/path/to/python3"; exit 1; }
	@rm -rf $(VENV)
	@$(PYTHON) -m venv $(VENV) >/dev/null 2>&1 || $(MAKE) --no-print-directory venv-from-debian
	@echo "Installing the locked dependencies into $(VENV) ..."
	@$(BIN)/pip install --quiet --require-hashes -r requirements.lock
	@$(BIN)/pip install --quiet --no-deps --no-build-isolation --editable .
	@touch $@

# Debian and Ubuntu ship Python without the part that makes virtual environments.
.PHONY: venv-from-debian
venv-from-debian:
	@rm -rf $(VENV)
	@if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
		apt-get update -qq && apt-get install -y -qq python3-venv >/dev/null; \
	else echo "Python's venv module is missing. On Debian or Ubuntu: sudo apt-get install python3-venv"; exit 1; fi
	@$(PYTHON) -m venv $(VENV)
