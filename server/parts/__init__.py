"""The relay's services, put together: the same way in the program and in tests."""
