"""The local engine: the same product on one machine, with no key and no cloud account."""
