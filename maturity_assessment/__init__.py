"""Measures and lifts the maturity of machine-learning projects."""
