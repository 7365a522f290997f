"""How fast the centre decides and remembers."""
