"""What runs inside Argilla's own environment: it is started by file path and imports none of ours.

Argilla's server pins old versions of libraries that callwright shares with it, so the two live in
environments of their own. `launch.py` is the file that is started.
"""
