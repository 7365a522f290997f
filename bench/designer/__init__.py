"""Time of a frame while a large flow is drawn on."""
