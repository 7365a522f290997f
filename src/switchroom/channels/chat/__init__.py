"""Chat: items as clients see them, connections, attachments."""
