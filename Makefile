# Python 3.11+ and make are enough: every target builds .venv first and finds it ready the next time.
# .venv belongs to this file. Why it is built as it is: docs/adr/0004-environments.md.

.DEFAULT_GOAL := help
.PHONY: help env python serve example test coverage check messages docs lock bench wheel clean

VENV := .venv
BIN := $(VENV)/bin
EXAMPLE := examples/intakes/oily_t_zone_student.toml

# Sets $$py to the first Python >= 3.11; without uv it must be able to make a virtual environment as well.
define FIND_PYTHON
py=''; bare=''; \
for name in $(or $(PYTHON),python3 python3.11 python3.12 python3.13 python3.14 python); do \
    exe=$$("$$name" -c 'import sys; print(sys.executable if sys.version_info >= (3, 11) else "")' 2>/dev/null) || continue; \
    test -n "$$exe" || continue; \
    if command -v uv >/dev/null || "$$exe" -c 'import ensurepip, venv' 2>/dev/null; then py=$$exe; break; fi; \
    bare=$$exe; \
done; \
if test -z "$$py" && test -n "$$bare"; then \
    echo "$$bare can't make virtual environments: its venv module is not installed." >&2; \
    echo "On Debian or Ubuntu: apt install python3-venv. Or install uv. Then run make again." >&2; exit 1; \
elif test -z "$$py"; then \
    echo "Pellucid needs Python 3.11 or newer, and none was found as $(or $(PYTHON),python3 or python3.11 to python3.14)." >&2; \
    echo "Install one (Debian, Ubuntu: apt install python3 python3-venv; macOS: brew install python)," >&2; \
    echo "or say where it is: make PYTHON=/path/to/python3 $(MAKECMDGOALS)" >&2; exit 1; \
fi
endef

help: ## list the targets
	@echo "make TARGET, where TARGET is"
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  %-8s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

# The stamp holds what .venv was built from, written line by line as each part is done: (1) the lock and this
# folder, (2) pyproject.toml. Another lock or folder builds .venv anew; another pyproject.toml only installs
# Pellucid again, which needs no network. Python compiles what it imports by itself: pip would compile all, used or not.
env: ## build .venv from requirements.lock, if it is not up to date
	@set -eu; stamp=$(VENV)/.stamp; python=$(BIN)/python; \
	lock="$$(cksum < requirements.lock) $$PWD"; project=$$(cksum < pyproject.toml); \
	has_lock=$$(sed -n 1p $$stamp 2>/dev/null || true); has_project=$$(sed -n 2p $$stamp 2>/dev/null || true); \
	if test "$$lock" = "$$has_lock" && $$python -c '' 2>/dev/null; then \
	    if test "$$project" = "$$has_project"; then exit 0; fi; \
	    if ! command -v uv >/dev/null && ! $$python -m pip --version >/dev/null 2>&1; then has_lock=''; fi; \
	else \
	    has_lock=''; \
	fi; \
	if test -z "$$has_lock"; then \
	    $(FIND_PYTHON); \
	    rm -rf $(VENV); \
	    if command -v uv >/dev/null; then \
	        echo "Building $(VENV) with uv and $$py ..."; \
	        uv venv --quiet --python "$$py" $(VENV); \
	        uv pip install --quiet --python $$python --require-hashes -r requirements.lock; \
	    else \
	        echo "Building $(VENV) with pip and $$py (about half a minute) ..."; \
	        "$$py" -m venv $(VENV); \
	        $$python -m pip install -qq --disable-pip-version-check --no-input --no-deps --no-compile \
	            --require-hashes -r requirements.lock; \
	    fi; \
	    echo "$$lock" > $$stamp; \
	fi; \
	echo "Installing Pellucid into $(VENV) ..."; \
	if command -v uv >/dev/null; then \
	    uv pip install --quiet --offline --python $$python --no-deps --no-build-isolation -e .; \
	else \
	    $$python -m pip install -qq --disable-pip-version-check --no-input --no-index --no-deps \
	        --no-build-isolation -e .; \
	fi; \
	{ echo "$$lock"; echo "$$project"; } > $$stamp

python: # say which Python would be used; for .ci/run
	@$(FIND_PYTHON); echo "$$py"

serve: env ## run the demo clinic on http://localhost:8000, with its data in var/
	@PELLUCID_DEMO=1 exec $(BIN)/python manage.py serve

example: env ## write the report of an example intake and say where it is
	@$(BIN)/pellucid consult $(EXAMPLE) --out build/example
	@echo "The report: $(CURDIR)/build/example/report.html"

# worksteal: neighbours share what they worked out, so they stay in one process as long as both are busy.
test: check ## check, then run every test
	$(BIN)/pytest -n auto --dist worksteal

# Apart from the tests: following every line makes them three to four times as slow.
coverage: env ## run every test and say which lines and branches none of them reaches
	$(BIN)/pytest -n auto --dist worksteal --cov

check: env ## lint, formatting, types, layers, knowledge, reference pages
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/lint-imports --no-logo
	$(BIN)/pellucid knowledge check
	$(BIN)/pellucid knowledge coverage
	$(BIN)/python docs/generate.py --check
	$(BIN)/python docs/messages.py --check

messages: env ## add sentences that have no Chinese yet to the .po files, and compile them
	$(BIN)/python docs/messages.py --write

docs: env ## write the reference pages again
	$(BIN)/python docs/generate.py

lock: ## resolve requirements.lock again with the newest versions (needs the network)
	@set -eu; uv=$$(command -v uv) || { \
	    $(FIND_PYTHON); tmp=$$(mktemp -d); trap 'rm -rf "$$tmp"' EXIT; trap 'exit 1' INT TERM; \
	    "$$py" -m venv "$$tmp"; \
	    "$$tmp/bin/python" -m pip install -qq --disable-pip-version-check uv; uv=$$tmp/bin/uv; \
	}; \
	"$$uv" pip compile pyproject.toml --group dev --universal --python-version 3.11 --upgrade --quiet \
	    --generate-hashes --no-emit-index-url --no-emit-find-links \
	    --custom-compile-command "make lock" --output-file requirements.lock; \
	echo "requirements.lock is resolved; run make test with it."

bench: env ## run every benchmark; each prints one line of JSON a figure
	@set -eu; for file in benchmarks/*.py; do \
	    test -e "$$file" || continue; echo "$$file" >&2; $(BIN)/python "$$file"; \
	done

wheel: env ## build dist/pellucid-*.whl
	@$(BIN)/hatchling build --target wheel --directory dist

clean: ## remove what was built and the tools' caches; .venv stays, so that no network is needed
	rm -rf build dist out htmlcov .coverage .coverage.* .hypothesis .import_linter_cache .mypy_cache \
	    .pytest_cache .ruff_cache
	find src tests benchmarks docs -type d -name __pycache__ -prune -exec rm -rf {} +
