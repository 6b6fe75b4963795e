"""The real relay, in a process of its own, over real sockets."""
