"""The running core: one centre leads an instance, drains commands, decides, appends, releases effects."""
