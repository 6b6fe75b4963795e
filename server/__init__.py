"""The relay: accounts, rooms, chat and the forwarding of media, on one port."""
