"""A planned A/B test: how many requests, when one may look, and when it ends."""
