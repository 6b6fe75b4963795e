"""Lucky draws that everybody can check: a promise at the opening, the seed at the end."""
