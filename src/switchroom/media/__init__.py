"""The voice plane: a process that holds calls, told what to do by the centre."""
