"""Benchmarks: ours beside the peers and beside the least that the same work costs."""
