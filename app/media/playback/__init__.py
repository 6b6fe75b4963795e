"""The viewer's half of media: order, timing, decoding, sound output, recording."""
