"""Start to ready, and what the two engines give."""
