"""The real programs, as processes, over real sockets."""
