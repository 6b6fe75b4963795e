"""Pieces of recordings as files of their own: copied at keyframes, or exact and encoded again."""
