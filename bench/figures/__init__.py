"""One module for each figure, or for figures that come out of one measurement."""
