"""Browser legs: ICE and DTLS on the socket of the leg."""
