"""The Studio page: preview, sources, mixer, broadcast, chat."""
