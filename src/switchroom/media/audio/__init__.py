"""The audio thread: RTP in and out, jitter, mixing, playing, digits, recording."""
