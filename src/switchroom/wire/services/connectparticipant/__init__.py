"""Operations of the service `connectparticipant`, one file a topic."""
