"""The running core. One centre leads an instance: it drains commands, decides, appends to the journal, releases effects."""
