"""Likes: taps of the heart, counted once per tap window, told to the room a few times a second."""
