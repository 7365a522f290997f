"""The door: every capability is an operation of a service, described by a service model."""
