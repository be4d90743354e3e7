# Level 0, manual: everything is run by hand.

ALL := setup data train evaluate predict summary

# `make setup` needs a Python of at least 3.11; name another one with PYTHON_FOR_SETUP=python3.12.
PYTHON_FOR_SETUP ?= python3
PYTHON := .venv/bin/python
RUN := $(PYTHON) -m $(PACKAGE)

# The lock of the highest level holds those below it.
LOCK := $(lastword $(sort $(wildcard requirements/*.txt)))
# So does the highest of the files like this one: 2-training, say.
LEVEL := $(notdir $(basename $(lastword $(sort $(wildcard make/[0-9]-*.mk)))))
SETUP := .venv/setup-is-done
UV := $(shell command -v uv 2>/dev/null)

# Progress must show at once, also through a pipe.
export PYTHONUNBUFFERED := 1

.PHONY: setup data train evaluate predict adopt explore summary lock clean

setup: $(SETUP) ## Install exactly the tested versions into .venv

$(SETUP): $(LOCK) pyproject.toml
	@$(PYTHON_FOR_SETUP) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "$(PYTHON_FOR_SETUP) is older than Python 3.11; install a newer one or run: make setup PYTHON_FOR_SETUP=python3.12" >&2; exit 1; }
	@echo "setup: installing $(LOCK) into .venv (a minute or two)"
ifdef UV
	@uv venv --quiet --clear --python "$$($(PYTHON_FOR_SETUP) -c 'import sys; print(sys.executable)')" .venv
	@uv pip install --quiet --python $(PYTHON) --require-hashes -r $(LOCK)
	@uv pip install --quiet --python $(PYTHON) --no-deps --no-build-isolation --offline -e .
else
	@$(PYTHON_FOR_SETUP) -m venv --clear .venv
	@$(PYTHON) -m pip install --quiet --disable-pip-version-check --require-hashes -r $(LOCK)
	@$(PYTHON) -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --no-index -e .
endif
	@touch $@

data: $(SETUP) ## Read the table and split it
	@$(RUN) data

train: $(SETUP) ## Fit the model on the training part
	@$(RUN) train

evaluate: $(SETUP) ## Judge the model on rows it has not seen
	@$(RUN) evaluate

# The words reach Python through the environment, where no character is special. Make would
# read a dollar sign as one of its own variables, so they are taken as they were typed.
WORDS := DATA OUT TARGET TIME ID TASK
$(foreach word,$(WORDS),$(eval override $(word) := $$(value $(word))))
export $(WORDS)

predict: $(SETUP) ## Score new rows: DATA=rows.csv [OUT=predictions.csv]
	@$(RUN) predict

adopt: $(SETUP) ## Work on your own table: DATA=table.csv TARGET=column [TIME= ID= TASK=]
	@$(RUN) adopt

explore: $(SETUP) ## Run the notebook and keep what it shows in reports/explore.html
	@$(PYTHON) -m nbconvert --log-level ERROR --ExecutePreprocessor.extra_arguments=--log-level=ERROR \
		--execute --to html --output-dir reports notebooks/explore.ipynb
	@echo "explore: reports/explore.html"

summary:: $(SETUP) ## Say what was made and where to look
	@echo && echo "What is here now, on level $(LEVEL):"
	@$(RUN) summary

# One lock for Python 3.11 and newer on every system, each file with its SHA-256.
COMPILE := --quiet --universal --python-version 3.11 --fork-strategy fewest --generate-hashes \
	--no-annotate --custom-compile-command "make lock"

# Every lock is resolved again, the highest first; those below take the same versions.
lock:: $(SETUP) ## Resolve the newest versions again (needs the package index)
	@test -n "$(UV)" || { echo "make lock needs uv; install it with: pip install uv" >&2; exit 1; }
	@uv pip compile $(COMPILE) --upgrade $(sort $(wildcard requirements/*.in)) --output-file $(LOCK)
	@for input in $(sort $(wildcard requirements/*.in)); do \
		inputs="$$inputs $$input"; \
		uv pip compile $(COMPILE) --constraints $(LOCK) $$inputs --output-file "$${input%.in}.txt" || exit 1; \
	done
	@echo "lock: written; now run: make setup && make"

clean:: ## Remove what can be made again (an adopted table stays in data/raw)
	@rm -rf models reports
	@if [ -d data ]; then find data -mindepth 1 -maxdepth 1 ! -name raw -exec rm -rf {} +; fi
