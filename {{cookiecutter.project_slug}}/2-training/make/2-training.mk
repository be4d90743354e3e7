# Level 2, automated training: one pipeline from the data to the registered model.

ALL := setup pipeline predict check summary

# Nothing calls out.
export MLFLOW_DISABLE_TELEMETRY := true
export DO_NOT_TRACK := true
export DVC_NO_ANALYTICS := 1

# Where `make tracking-ui` answers.
TRACKING_PORT ?= 5000

.PHONY: pipeline validate slices explain card register champion tune reproduce bundle bundle-check tracking-ui

export FORCE TRIALS
pipeline: $(SETUP) ## Run the stages whose inputs changed, up to the registered model: [FORCE=1]
	@$(RUN) pipeline

validate: $(SETUP) ## Validate the prepared table, or a delivered file: [DATA=new.csv]
	@$(RUN) validate

slices explain card register: $(SETUP)
	@$(RUN) $@

tune: $(SETUP) ## Search better parameters inside the training part: [TRIALS=20]
	@$(RUN) tune

# RUN names a tracked run here; the other recipes use it for themselves.
reproduce bundle: export RUN := $(if $(filter command%,$(origin RUN)),$(RUN))
reproduce: $(SETUP) ## Rebuild a run and prove the same metrics: [RUN=id]
	@$(PYTHON) -m $(PACKAGE) reproduce

export WITH_DATA BUNDLE
bundle: $(SETUP) ## Put all that makes up a run into one folder to hand over: [RUN=id WITH_DATA=1]
	@$(PYTHON) -m $(PACKAGE) bundle

bundle-check: $(SETUP) ## Prove that a bundle is whole and predicts alike: BUNDLE=bundles/id
	@$(RUN) bundle_check

champion: $(SETUP) ## Put the registered champion back into models/
	@$(RUN) champion

tracking-ui: $(SETUP) ## Show runs and models on http://127.0.0.1:5000, or TRACKING_PORT=5001
	@echo "tracking-ui: http://127.0.0.1:$(TRACKING_PORT), stop it with Ctrl-C"
	@$(PYTHON) -m mlflow ui --backend-store-uri sqlite:///mlflow.db --host 127.0.0.1 --port $(TRACKING_PORT) --workers 1

clean::
	@rm -rf .dvc/cache .dvc/tmp

summary:: $(SETUP)
	@$(RUN) evidence
