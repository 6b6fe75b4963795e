"""What those who keep a room in order do with it, in Room and in Studio alike."""
