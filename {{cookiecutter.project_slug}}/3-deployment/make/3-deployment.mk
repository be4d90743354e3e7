# Level 3, automated deployment: a model that passed its gates is packaged, served and released.

ALL := setup pipeline package predict check summary

SERVICE := live

.PHONY: package engines deploy rollback deployments stop verify release-check

export VERSION
package: $(SETUP) ## Make the champion deployable, in packages/: [VERSION=2]
	@$(RUN) package

# What the words of a release mean: docs/3-deployment.md.
export SERVICE FOLLOW ENGINE OVERLAY URL WHY TO
export IMAGE_TAG = $(TAG)
deploy: $(SETUP) $(if $(filter image,$(TARGET)),serving-image) ## Test the champion and let it take over: [TARGET=local|image|kubernetes]
	@$(RUN) deploy

rollback: $(SETUP) ## Bring the model before back: WHY='...' [TO=version] [TARGET=kubernetes]
	@$(RUN) rollback

deployments: $(SETUP) ## List what was released when, by whom and why
	@$(RUN) deployments

stop: $(SETUP) ## End the deployment of this machine
	@$(RUN) stop

verify: $(SETUP) ## Smoke and load test a service anywhere: URL=https://...
	@$(RUN) verify

engines: $(SETUP) ## Install Spark for `make batch ENGINE=spark` (needs Java 17 or newer)
	@$(PYTHON) -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/engines/spark.txt

lock::
	@for part in image/serving engines/spark; do \
		uv pip compile $(COMPILE) --constraints $(LOCK) requirements/$$part.in --output-file requirements/$$part.txt || exit 1; \
	done
