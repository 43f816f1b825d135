"""One origin: the page, `/api`, `/ws` and the images."""
