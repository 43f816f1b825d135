"""Benchmarks: each figure of the product beside its bar and its baseline."""
