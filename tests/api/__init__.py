"""The running product, asked from outside."""
