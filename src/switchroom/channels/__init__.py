"""Channels: outside signals become commands, effects become outside signals."""
