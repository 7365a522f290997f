"""The metrics, a file a family: each has `METRICS`."""
