"""What lasts: the AWS emulator, its snapshots, and the resources the app expects."""
