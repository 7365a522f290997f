"""A day of a contact centre in seconds: scenarios played through the decisions that route live contacts.

A scenario says who comes when, how long they wait and talk, and who is there to serve them. The player turns it into
commands on a `centre.decider.Decider` with a clock of its own; what is measured is read from the events.
"""
