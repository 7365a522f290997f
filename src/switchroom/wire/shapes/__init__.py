"""Shapes of the service models, compiled into checkers and serializers."""
