"""A bad network as a thing that tests can hold: a TCP proxy, and what the relay does behind it."""
