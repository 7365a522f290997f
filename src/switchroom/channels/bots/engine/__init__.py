"""The bot engine: a definition, the state of a session and what was said go in, an answer comes out.

Pure: no clock, no randomness, no I/O. The time of a turn is part of it, and functions are called by whoever drives
`dialog.converse`, a generator that yields their events.
"""
