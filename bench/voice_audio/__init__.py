"""How many calls the audio engine bridges, at what share of a core."""
