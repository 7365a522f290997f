"""Historical metrics over a month of contacts."""
