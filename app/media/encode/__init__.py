"""Encoders: probing, video and sound, simulcast layers."""
