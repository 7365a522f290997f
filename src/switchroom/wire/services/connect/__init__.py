"""Operations of the service `connect`, one file a topic."""
