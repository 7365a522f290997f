"""Routing: which waiting contact goes to which agent, and when."""
