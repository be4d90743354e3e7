# Level 4, full operations: the model is watched, and trained again when it must be.

ALL := setup pipeline package profile rehearse predict check summary

SERVICE := monitored
IMAGE_NEEDS := operations
# A promotion, which is decided on live traffic, reaches what `make deploy` has released.
FOLLOW := 1

lock::
	@uv pip compile $(COMPILE) --constraints $(LOCK) requirements/image/operations.in --output-file requirements/image/operations.txt

.PHONY: profile drift drift-report drift-rates

profile: $(SETUP) ## Profile what the model learned from, for `make drift`
	@$(RUN) profile

export SINCE UNTIL FULL
drift: $(SETUP) ## Look for drift in the log, or in a file: [DATA=new.csv] [SINCE=2013-04-01 UNTIL=2013-05-01]
	@$(RUN) drift

drift-report: $(SETUP) ## Write evidently's readable report of a sample: [DATA=new.csv] [SINCE= UNTIL=]
	@$(RUN) drift_report

drift-rates: $(SETUP) ## Measure how often the drift check cries wolf, and how often it sleeps: [FULL=1]
	@$(RUN) drift_rates

# What is watched, and the papers.
.PHONY: status week inventory lineage risk monitoring-check

status: $(SETUP) ## Show the model in production on one page: reports/status.html
	@$(RUN) status

week: $(SETUP) ## Say what happened in the last seven days of the log: reports/week.md
	@$(RUN) status week

inventory risk: $(SETUP) ## List every registered model, or write the risk sheet
	@$(RUN) governance $@

lineage: $(SETUP) ## Say where a version comes from and where it went: [VERSION=n]
	@$(RUN) governance lineage

monitoring-check: ## Check the settings and the alerts of Prometheus (needs promtool)
	@command -v promtool >/dev/null || { echo "make monitoring-check needs promtool; install Prometheus" >&2; exit 1; }
	@promtool check config monitoring/prometheus.yml
	@promtool test rules monitoring/rules_test.yml

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

.PHONY: tour

tour: $(SETUP) ## Live through all of it once: train, deploy, score a batch, and the first months
	@$(MAKE) --no-print-directory pipeline profile deploy WHY='the tour' PORT=$${PORT:-8765}
	@DATA= $(MAKE) --no-print-directory batch DATA=data/table.parquet OUT=data/scores.parquet
	@$(MAKE) --no-print-directory stop
	@$(MAKE) --no-print-directory simulate MONTHS=$${MONTHS:-4-5}
	@$(MAKE) --no-print-directory summary
