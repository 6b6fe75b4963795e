"""What is said in a room: checked, shown at once, stored in batches."""
