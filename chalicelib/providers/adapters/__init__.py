"""One folder for each provider: `family` (what is known of its models) and `adapter`."""
