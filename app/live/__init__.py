"""Use cases that join media and network: publishing, watching, hosting."""
