"""`python -m switchroom`: the same as the command `switchroom`."""

from switchroom.app.cli import main

main()
