# Level 4, full operations: the model is watched, and trained again when it must be.

SERVICE := monitored

lock::
	@uv pip compile $(COMPILE) --constraints $(LOCK) requirements/image/operations.in --output-file requirements/image/operations.txt
