"""The ground floor: identifiers, ARNs, time, errors and settings."""
