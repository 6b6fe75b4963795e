"""Livehouse, the desktop program: studio, viewer and the headless ends of the same pipelines."""
