"""Engines behind the `Voice` Protocol."""
