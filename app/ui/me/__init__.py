"""Who the user is, and the settings."""
