"""A small model of the design this product replaces, to measure against.

The whole state of a job is one JSON document in S3, changed by reading, editing and writing it
back; a picture is base64 inside a JSON document; browsers poll every two seconds; the limiter
reads, then writes. Faithful in what it calls and in what order, and nothing more than that.
"""
