"""What stays connected: chat sockets and agent desktop sockets, fed by the centre's commits over the bus."""
