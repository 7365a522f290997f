"""Conditions on a contact's figures that several families use."""

HANDLED = "f.connected_at IS NOT NULL"
QUEUED = "f.queue_s IS NOT NULL"
ABANDONED = "f.abandoned"
SPOKEN = "f.channel <> 'TASK'"
"""Of the channels with a conversation: hold and interaction do not apply to tasks, which show 0 (ROUT-109)."""
