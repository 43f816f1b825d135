"""The packaged stack on a local AWS emulator, through the steps of a real deployment."""
