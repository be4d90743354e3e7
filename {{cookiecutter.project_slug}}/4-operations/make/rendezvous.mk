# Several models for one request, and Kafka: docs/4-operations.md.

.PHONY: rendezvous-models collect

rendezvous-models: $(SETUP) ## Run the models of conf/rendezvous.yaml apart from the service, over Kafka
	@$(RUN) rendezvous models

export ONCE
collect: $(SETUP) ## Bring the events that services sent to Kafka into events/: [ONCE=1]
	@$(RUN) collect
