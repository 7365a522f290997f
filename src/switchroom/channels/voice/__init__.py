"""Calls: plans to the media processes, and which of them are alive."""
