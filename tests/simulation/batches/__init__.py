"""Batches in the deterministic simulation: rows, steps and models, and what must never happen.

Real: the service, the worker, the row runner, the flow with its sweep, every store, the ledger,
templates and their language. Simulated: DynamoDB with its transactions, S3, SQS, the models, those
who own the batches, time and chance. Seed data is in memory, and a template's language runs in this
process.

What goes wrong: all of what `tests.simulation` names for AWS's calls; a third of the workers and
2 % of the sweeps are killed at a random moment; 1 % of the messages are delivered twice, 1 % are
refused by the queue while it takes the others; models lose 1 % of their answers, hang, answer in
the last second, refuse, are busy, and twice in a thousand calls say that an account is empty.
Owners plan twice with one key, pause, resume, cancel, raise budgets that were too small, and retry.

    python -m tests.simulation.batches --rows 10000 --batches 1      the score card's size
"""
