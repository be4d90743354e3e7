# The commands of MLOps Ladder. `make help` lists them.

# Any Python from 3.11 on will do to start with: make demo PYTHON=python3.12
PYTHON := python3
VENV := .venv/installed
OURS := .venv/bin/python
# As many processes as there are cores, but not more than memory bears.
TEST := $(OURS) -m pytest --numprocesses auto --maxprocesses 4 --dist loadgroup
PIP := $(OURS) -m pip install -qq --disable-pip-version-check --require-hashes
TEMPLATE := {{cookiecutter.project_slug}}
DEMO := demo/flight-delays
HIGHEST := $(PYTHON) -c 'import json; print(json.load(open("cookiecutter.json"))["maturity_level"][-1])'

# Values a person types reach the programs through the environment, where no character is special.
export PROJECT LEVEL CLOUD REPO
# The project in demo/ is a stranger's: it gets uv from us, and no setting of this make.
ALONE := env -u MAKEFLAGS -u MAKELEVEL -u LEVEL -u PROJECT -u CLOUD -u REPO PATH="$(CURDIR)/.venv/only-uv:$$PATH" $(MAKE) --no-print-directory

.DEFAULT_GOAL := help
.PHONY: help demo test check lint bench newest locks upgrade assess docs clean

help: ## List the commands
	@grep -hE '^[a-z]+:.* ## ' $(MAKEFILE_LIST) | sed -E 's/:.* ## /\t/' | expand -t 10

# pip brings uv, and uv the rest: it is several times faster, but where it finds no index pip does it all.
$(VENV): requirements.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "$(PYTHON) is missing or older than Python 3.11: install a newer one, or name it with PYTHON=python3.12." >&2; exit 1; }
	@echo "installing the tools of this repository into .venv (some seconds, or a minute the first time)"
	@$(PYTHON) -m venv --clear .venv
	@sed -n '/^uv==/,/[^\\]$$/p' requirements.txt > .venv/uv.txt
	@$(PIP) -r .venv/uv.txt
	@.venv/bin/uv pip install --quiet --python $(OURS) --require-hashes -r requirements.txt || $(PIP) -r requirements.txt
	@mkdir .venv/only-uv && ln -s ../bin/uv .venv/only-uv/uv
	@touch $@

demo: $(VENV) ## Generate the highest level (or LEVEL=0...) into demo/, live through it on real flights, say where to look
	@test ! -e $(DEMO) || { echo "$(DEMO) is there already: \`make -C $(DEMO)\` goes on with it, \`make clean demo\` starts anew." >&2; exit 1; }
	@$(OURS) -m cookiecutter . --default-config --no-input --output-dir demo \
		maturity_level="$${LEVEL:-$$($(HIGHEST))}"
	@cd $(DEMO) && git init --quiet --initial-branch main && git add --all && \
		git -c user.name="MLOps Ladder" -c user.email=demo@example.org -c commit.gpgsign=false -c core.hooksPath=/dev/null \
		commit --quiet --message "Generate the project"
	@$(ALONE) -C $(DEMO) setup
	@if $(ALONE) -C $(DEMO) --dry-run tour >/dev/null 2>&1; then $(ALONE) -C $(DEMO) tour; else $(ALONE) -C $(DEMO); fi
	@printf '\nThe project is in %s. What to type next:\n' $(DEMO)
	@printf '  cd %s\n  make help           # every command\n' $(DEMO)
	@printf '  make serve          # ask the model over HTTP (level 1 and up)\n'
	@printf '  make tracking-ui    # runs and registered models in the browser (level 2)\n'
	@printf '  make simulate       # the whole year: drift, challengers, promotions (level 4)\n'
	@printf '  make adopt DATA=your.csv TARGET=column && make    # the same on your own table\n'

test: check ## Run everything: generate every level, install it, run its own commands and workflows
	@$(TEST) -m slow

check: lint ## Run what takes less than three minutes
	@$(TEST) -m "not slow"

lint: $(VENV) ## Check format, style and types of this repository and of the template
	@$(OURS) -m black --quiet --check --diff hooks maturity_assessment tests '$(TEMPLATE)'/*/src
	@$(OURS) -m ruff check --quiet --config pyproject.toml hooks maturity_assessment tests '$(TEMPLATE)'/*/src
	@$(OURS) -m pylint --jobs=0 hooks/*.py maturity_assessment tests
	@$(OURS) -m mypy

bench: $(VENV) ## Measure against the peers and the bare libraries: docs/benchmarks.md [PARTS="serving drift"]
	@PYTHONPATH=tests $(OURS) -m bench $(PARTS)

newest: $(VENV) ## Try the newest of everything on every level, and say what broke (BOUNDS=lifted: beyond our bounds)
	@$(OURS) tests/newest.py

# Every lock holds for Python 3.11 and newer on every system, and names no index and no folder.
COMPILE := .venv/bin/uv pip compile --quiet --universal --python-version 3.11 --fork-strategy fewest \
	--generate-hashes --no-annotate --upgrade
NEEDS := $(sort $(wildcard $(TEMPLATE)/*/requirements/[0-9]-*.in))
TOP := $(lastword $(NEEDS))
# Needs of a part of a project, such as its image.
OTHERS := $(sort $(wildcard $(TEMPLATE)/*/requirements/*/*.in))
SAME_VERSIONS := --custom-compile-command "make lock" --constraints '$(TOP:.in=.txt)'

# The highest level is resolved first, as it needs all the others; they take its versions.
locks: $(VENV) ## Resolve the newest versions again, here and on every level of the template
	@$(COMPILE) --custom-compile-command "make locks" --group dev pyproject.toml --output-file requirements.txt
	@$(COMPILE) --custom-compile-command "make lock" $(foreach file,$(NEEDS),'$(file)') --output-file '$(TOP:.in=.txt)'
	@set -e; for file in $(foreach file,$(NEEDS),'$(file)'); do \
		set -- "$$@" "$$file"; \
		test "$$file" = '$(TOP)' || $(COMPILE) $(SAME_VERSIONS) "$$@" --output-file "$${file%.in}.txt"; \
	done
	@set -e; for file in $(foreach file,$(OTHERS),'$(file)'); do \
		$(COMPILE) $(SAME_VERSIONS) "$$file" --output-file "$${file%.in}.txt"; \
	done
	@echo "written: requirements.txt and the locks of every level; now run: make test"

upgrade: $(VENV) ## Lift a generated project: PROJECT=path LEVEL=3 [CLOUD=aws]
	@test -n "$$PROJECT" && test -n "$$LEVEL" || { echo "Say which project and how high: make upgrade PROJECT=../flight-delays LEVEL=2" >&2; exit 1; }
	@$(OURS) -m maturity_assessment.climb "$$PROJECT" "$$LEVEL" "$$CLOUD"

assess: $(VENV) ## Say which level a repository reaches: REPO=path; writes build/assessment/<its name>.html too
	@test -n "$$REPO" || { echo "Say which repository: make assess REPO=../flight-delays" >&2; exit 1; }
	@$(OURS) -m maturity_assessment.cli scan "$$REPO" --output - \
		--output "build/assessment/$$(cd "$$REPO" 2>/dev/null && basename "$$PWD").html"

docs: $(VENV) ## Write the tables and the picture of the README from the capability model
	@$(OURS) -m maturity_assessment.capabilities
	@$(OURS) -m maturity_assessment.ladder

clean: ## Remove the demo and what tools left behind
	@rm -rf demo .tox .hypothesis .mypy_cache .pytest_cache .ruff_cache
