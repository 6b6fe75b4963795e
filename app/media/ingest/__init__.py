"""Streams that other programs encoded, into the broadcast's packets."""
