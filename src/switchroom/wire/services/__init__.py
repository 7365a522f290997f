"""Bindings of modelled operations to features: one folder a service, one file a topic."""
