"""What tests with real processes and real sockets are made of."""
