"""A tour of the real app that takes the pictures of docs/screenshots; no tests in here."""
