"""Many clients and many faults against real connections; each at two sizes.

The tests run the small size, these commands the score card's, each with an installation of its own:

    python -m tests.load.faults --jobs 200                  R2: jobs over an AWS that fails
    python -m tests.load.sockets --clients 1000 --jobs 50   R8: a crowd on sockets that break

Each prints its figures and appends them to the file that FIGURES_FILE names.
"""
