# Level 3, automated deployment: a model that passed its gates is packaged, served and released.

ALL := setup pipeline package predict check summary

SERVICE := live

.PHONY: package engines

export VERSION
package: $(SETUP) ## Make the champion deployable, in packages/: [VERSION=2]
	@$(RUN) package

engines: $(SETUP) ## Install Spark for `make batch ENGINE=spark` (needs Java 17 or newer)
	@$(PYTHON) -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/engines/spark.txt

lock::
	@for part in image/serving engines/spark; do \
		uv pip compile $(COMPILE) --constraints $(LOCK) requirements/$$part.in --output-file requirements/$$part.txt || exit 1; \
	done
