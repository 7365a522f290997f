"""The contact life cycle: one file a phase, each with the commands and timers that belong to it."""
