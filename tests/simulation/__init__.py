"""A deterministic simulation of the whole product, and what it must never do.

Real: `JobService`, `Executor`, `Reaper`, `Lifecycle`, every store, the limiter, the ledger, the
publisher. Simulated: DynamoDB (with an evaluator for the very expressions that the stores send,
compared with moto's in test_cloud.py), S3, Lambda's event queue, API Gateway's connections, the
providers, people, time and chance. Threads are greenlets: one runs at a time, and which one is next
follows from the seed alone.

What goes wrong: every attempt of an AWS call fails with 5 % (a third each rejected, throttled, or
applied with the answer lost), the SDK's four attempts with back-off are modelled, and one call in
500 fails at all of them; 3 % of the workers and 2 % of the reaper's passes are killed at a random
moment; 1 % of the events are delivered twice, 0.2 % never; 1 % of the provider's answers are lost;
1 % of the calls hang and answer after their deadline, 1 % answer in the last second before it; 2 %
are refused; a tenth of the pushes fail. People submit twice with one key, cancel, retry, and retry
in two tabs at once. Not modelled: a lagging index, a Lambda that runs out of time, other machines'
clocks, a daily ceiling that is met.

    python -m tests.simulation --jobs 10000 --seeds 20      the score card's size
    python -m tests.simulation --jobs 200 --first 7 --seeds 1 --only 66      one person of seed 7

A failing seed is told by the person whom it befell, with every mishap left out that the failure
does not need.
"""
