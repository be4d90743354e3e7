# Level 4, full operations: the model is watched, and trained again when it must be.

SERVICE := monitored
# A promotion, which is decided on live traffic, reaches what `make deploy` has released.
FOLLOW := 1

lock::
	@uv pip compile $(COMPILE) --constraints $(LOCK) requirements/image/operations.in --output-file requirements/image/operations.txt

.PHONY: profile drift

profile: $(SETUP) ## Profile what the model learned from, for `make drift`
	@$(RUN) profile

export SINCE UNTIL
drift: $(SETUP) ## Look for drift in the log, or in a file: [DATA=new.csv] [SINCE=2013-04-01 UNTIL=2013-05-01]
	@$(RUN) drift
