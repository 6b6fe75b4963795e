"""Capture, encoding and playback, each on its own threads; no Qt, no sockets."""
