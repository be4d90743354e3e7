# Level 1, DevOps: every change is checked, by hand, before a commit and in CI.

ALL := setup data train evaluate predict check summary

# Name another container tool with ENGINE=podman, or the image with TAG=registry/name:1.
ENGINE ?= $(firstword $(notdir $(shell command -v docker podman buildah 2>/dev/null)))
TAG ?= $(IMAGE):latest
# buildah has no `build` of its own in older versions; `bud` is in all of them.
BUILD = $(ENGINE) $(if $(findstring buildah,$(ENGINE)),bud,build) $(BUILD_OPTIONS)

.PHONY: history check format lint types test scan audit hooks serve image smoke python-version

check:: lint types test ## Check everything, as CI does

format: $(SETUP) ## Put the code into the one format
	@$(PYTHON) -m ruff check --fix --exit-zero --quiet src tests
	@$(PYTHON) -m black --quiet src tests

lint: $(SETUP) ## Check format and style
	@$(PYTHON) -m black --check --quiet src tests || { echo "lint: the format is not black's; run make format" >&2; exit 1; }
	@$(PYTHON) -m ruff check --quiet src tests
	@$(PYTHON) -m pylint --score=no src tests
	@echo "lint: no finding"

types: $(SETUP) ## Check the types
	@$(PYTHON) -m mypy --no-error-summary
	@echo "types: no finding"

test: $(SETUP) ## Test the code, the data and the model's behaviour
	@$(PYTHON) -m pytest --quiet

scan: $(SETUP) ## Look for secrets in the code
	@git rev-parse --git-dir >/dev/null
	@git ls-files -z --cached --others --exclude-standard | xargs -0 $(PYTHON) -m detect_secrets.pre_commit_hook \
		--no-verify --exclude-files '^requirements/.*\.txt$$' --exclude-lines 'allowlist secret'
	@echo "scan: no secret"

audit: $(SETUP) ## Look for known holes in the locked packages (asks the package index)
	@$(PYTHON) -m pip_audit --strict --require-hashes --disable-pip --requirement $(LOCK)

hooks: $(SETUP) ## Run the quick checks before each commit
	@$(PYTHON) -m pre_commit install

# The command that answers requests; a higher level names a faster one.
SERVICE := serve

export PORT
serve: $(SETUP) ## Answer on http://127.0.0.1:8000, or PORT=8001
	@$(RUN) $(SERVICE)

image: ## Build the service's image with the model in it: [ENGINE=podman] [TAG=name:1]
	@test -n "$(ENGINE)" || { echo "make image needs docker, podman or buildah; install one of them" >&2; exit 1; }
	@test -f models/model.joblib || { echo "There is no model to put into the image yet; run: make data train" >&2; exit 1; }
	$(BUILD) --tag $(TAG) .
	@echo "image: $(TAG) answers on port 8000"

smoke: $(SETUP) ## Start the image that was built and ask it for a prediction
	@IMAGE_TAG=$(TAG) ENGINE=$(ENGINE) $(PYTHON) -m pytest --quiet tests/test_image.py

# CI asks which Python the project runs on.
python-version:
	@echo "version=$(PYTHON_VERSION)"

# The image holds what answers requests, and none of the tools: its own lock, the same versions.
lock::
	@uv pip compile $(COMPILE) --constraints $(LOCK) requirements/image/service.in --output-file requirements/image/service.txt

# A level-1 project has a history. One that is in a repository already is left alone.
setup: history
history:
	@LC_ALL=C git rev-parse --git-dir 2>&1 | grep -q 'not a git repository' || exit 0; \
	git init --quiet && git add --all && \
	git -c user.name="$$(git config user.name || echo "$$(id -un)")" \
		-c user.email="$$(git config user.email || echo "$$(id -un)@localhost")" \
		-c commit.gpgsign=false commit --quiet --no-verify --message "Generate the project" && \
	echo "setup: started a git history"
