"""What adapters share on the wire."""
