"""The way to the relay: sockets, reconnecting, the bundled relay as a child. asyncio lives here."""
