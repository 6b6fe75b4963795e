"""What makes packages out of the sources, and proves that they run."""
