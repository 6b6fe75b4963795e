"""The Discover page: who is live, and what there is besides."""
