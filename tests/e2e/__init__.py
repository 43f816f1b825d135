"""The product from outside, on the packaged stack and on the local engine."""
