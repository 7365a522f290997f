"""Many users at once: imported from CSV files, edited and deleted in batches (USER-07..19, USER-23, USER-26)."""
