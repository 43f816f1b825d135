"""The container of an own model, over a socket: with a stand-in pipeline, or a real one.

`make test` runs these with a stand-in; `make model` with a tiny pipeline of diffusers, and
`with_torch.py` besides.
"""
