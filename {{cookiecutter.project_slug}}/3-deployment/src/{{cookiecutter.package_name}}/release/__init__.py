"""Release a model with care: shadow, canary, A/B, and the tests that end them."""
