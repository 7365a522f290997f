"""Historical metrics: declarations of metrics, and one engine that adds them up by group and interval (metrics.md)."""
