"""What is said in a room, as Room and Studio show it."""
