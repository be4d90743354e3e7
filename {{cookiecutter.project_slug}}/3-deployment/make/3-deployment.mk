# Level 3, automated deployment: a model that passed its gates is packaged, served and released.

ALL := setup pipeline package rehearse predict check summary

SERVICE := live
# The lock in requirements/image/ of what its image needs.
IMAGE_NEEDS := serving

.PHONY: package batch engines compare ab ab-plan load serving-image

export VERSION
package: $(SETUP) ## Make the champion deployable, in packages/: [VERSION=2]
	@$(RUN) package

export LABELS
compare: $(SETUP) ## Judge the challenger on what both have answered in shadow: [LABELS=file.csv]
	@$(RUN) compare

ab-plan: $(SETUP) ## Say how many requests the A/B test of conf/release.yaml needs
	@$(RUN) ab_plan

ab: $(SETUP) ## Say how the running A/B test stands
	@$(RUN) ab

export SECONDS ROWS
load: $(SETUP) ## Load a service of the champion: no error, no growth of memory? [SECONDS=60] [ROWS=1]
	@$(RUN) load

serving-image: ## Build the fast service's image with packages/ in it: [ENGINE=podman] [TAG=name:1]
	@test -n "$(ENGINE)" || { echo "make serving-image needs docker, podman or buildah; install one of them" >&2; exit 1; }
	@test -f packages/champion.json || { echo "There is no package to put into the image yet; run: make pipeline package" >&2; exit 1; }
	$(BUILD) --build-arg NEEDS=$(IMAGE_NEEDS) --build-arg SERVICE=$(SERVICE) --tag $(TAG) --file Dockerfile.serving .
	@echo "serving-image: $(TAG) answers on port 8000; try it with: make smoke"

.PHONY: deploy rehearse rollback deployments stop verify image-name image-push

# What the words of a release mean: docs/3-deployment.md.
RELEASE_WORDS := OVERLAY URL WHY TO
$(foreach word,$(RELEASE_WORDS),$(eval override $(word) := $$(value $(word))))
export SERVICE FOLLOW TAG $(RELEASE_WORDS)
# Not for all: to `make batch` the word means something else.
deploy rehearse rollback stop verify: export ENGINE := $(ENGINE)
# A cluster keeps the image of its overlay unless somebody names another one.
export CLUSTER_TAG = $(if $(filter command environment,$(origin TAG)),$(TAG))
deploy: $(SETUP) $(if $(filter image,$(TARGET)),serving-image) ## Test the champion and let it take over: [TARGET=local|image|kubernetes]
	@$(RUN) deploy

rehearse: $(SETUP) ## Test the champion as a deployment does, and let nothing take over
	@$(RUN) rehearse

rollback: $(SETUP) ## Bring the model before back: WHY='...' [TO=version] [TARGET=kubernetes]
	@$(RUN) rollback

deployments: $(SETUP) ## List what was released when, by whom and why
	@$(RUN) deployments

stop: $(SETUP) ## End the deployment of this machine
	@$(RUN) stop

verify: $(SETUP) ## Smoke and load test a service anywhere: URL=https://...
	@$(RUN) verify

# CI asks for the image's full name, in which a registry wants no capitals.
REGISTRY ?= ghcr.io
export REGISTRY
image-name:
	@name=$$(printf '%s' "$$REGISTRY/$${GITHUB_REPOSITORY:-$(IMAGE)}" | tr '[:upper:]' '[:lower:]'); \
	printf 'name=%s\ntag=%s:%s\n' "$$name" "$$name" "$${GITHUB_SHA:-latest}"

image-push: ## Push the image that was built, and say its digest: TAG=registry/name:1
	@$(ENGINE) push "$$TAG" >&2
	@image=$$($(ENGINE) inspect --format '{{index .RepoDigests 0}}' "$$TAG"); \
	printf 'image=%s\ndigest=%s\n' "$$image" "$${image##*@}"

export WORKERS
# ENGINE names a container tool elsewhere; here it counts only when it is typed.
batch: export ENGINE := $(if $(filter command%,$(origin ENGINE)),$(ENGINE))
batch: $(SETUP) ## Score a table of any size: DATA=rows.parquet [OUT=scores.csv ENGINE=spark WORKERS=2]
	@$(RUN) batch

ENGINES := .venv/engines-are-done

engines: $(ENGINES) ## Install Spark for `make batch ENGINE=spark` (needs Java 17 or newer)

$(ENGINES): $(SETUP) requirements/engines/spark.txt
	@echo "engines: installing Spark into .venv (400 MB, a minute or two)"
ifdef UV
	@uv pip install --quiet --python $(PYTHON) --require-hashes -r requirements/engines/spark.txt
else
	@$(PYTHON) -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/engines/spark.txt
endif
	@touch $@

lock::
	@for part in image/serving engines/spark; do \
		uv pip compile $(COMPILE) --constraints $(LOCK) requirements/$$part.in --output-file requirements/$$part.txt || exit 1; \
	done
