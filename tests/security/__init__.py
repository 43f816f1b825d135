"""Attacks from outside. The tests run a small size, these commands the score card's:

    python -m tests.security.requests --count 100000    S1: malformed bodies, headers and paths
    python -m tests.security.frames --count 10000       S1: bad WebSocket messages and frames
    python -m tests.security.addresses --count 10000    S4: forged and hopping addresses

Each prints its figures and appends them to the file that FIGURES_FILE names; a seed (`--seed`)
replays the same attack.
"""
