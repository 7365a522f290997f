"""The SIP user agent as pure state machines: bytes and time in, bytes and events out."""
