"""Pixel Prompt: one prompt, every image model, side by side, live."""

VERSION = "0.1.0"
