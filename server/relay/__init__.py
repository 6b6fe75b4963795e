"""The media plane: what a publisher sends is cached for joiners and forwarded to subscribers."""
