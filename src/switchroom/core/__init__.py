"""The pure core: contacts, agents, queues and routing as state machines.

State + command + time go in; events and effects come out. Nothing here does I/O, reads a clock or draws
randomness of its own, so the same code runs live, in tests and in the simulator.
"""
