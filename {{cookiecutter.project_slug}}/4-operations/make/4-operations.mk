# Level 4, full operations: the model is watched, and trained again when it must be.

SERVICE := monitored

lock::
	@uv pip compile $(COMPILE) --constraints $(LOCK) requirements/image/operations.in --output-file requirements/image/operations.txt

.PHONY: profile drift

profile: $(SETUP) ## Profile what the model learned from, for `make drift`
	@$(RUN) profile

export SINCE UNTIL
drift: $(SETUP) ## Look for drift in the log, or in a file: [DATA=new.csv] [SINCE=2013-04-01 UNTIL=2013-05-01]
	@$(RUN) drift

.PHONY: labels performance operate approve trail simulate

labels: $(SETUP) ## Take in what really happened, when it is known: DATA=labels.csv
	@$(RUN) truth labels

performance: $(SETUP) ## Measure every version on the labels so far: operations/performance.json
	@$(RUN) truth performance

operate: $(SETUP) ## One turn of the loop: look, decide, retrain, promote, reject or roll back
	@$(RUN) operate

export VERSION
approve: $(SETUP) ## Agree to a promotion, where the settings ask for a person: VERSION=n
	@$(RUN) operate approve

trail: $(SETUP) ## Show every decision with its reason
	@$(RUN) operate trail

export MONTHS FULL
simulate: $(SETUP) ## Live through the later rows in minutes: [MONTHS=4-6] [FULL=1]
	@$(RUN) simulate
