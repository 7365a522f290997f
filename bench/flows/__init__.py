"""How fast flows run."""
