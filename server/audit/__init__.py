"""What was done to keep order: by whom, to whom, why, and how it is undone."""
