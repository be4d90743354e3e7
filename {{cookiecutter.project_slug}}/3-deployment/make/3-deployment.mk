# Level 3, automated deployment: a model that passed its gates is packaged, served and released.

ALL := setup pipeline package predict check summary

SERVICE := live

.PHONY: package engines compare ab ab-plan load serving-image

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
	$(BUILD) --tag $(TAG) --file Dockerfile.serving .
	@echo "serving-image: $(TAG) answers on port 8000; try it with: make smoke"

engines: $(SETUP) ## Install Spark for `make batch ENGINE=spark` (needs Java 17 or newer)
	@$(PYTHON) -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/engines/spark.txt

lock::
	@for part in image/serving engines/spark; do \
		uv pip compile $(COMPILE) --constraints $(LOCK) requirements/$$part.in --output-file requirements/$$part.txt || exit 1; \
	done
