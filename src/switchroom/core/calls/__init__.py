"""Calls: how they arrive, are placed, held, handed on, recorded, listened to, and how they end."""
