"""What is made of the journal: contact records, events for consumers, transcripts, real-time metrics."""
