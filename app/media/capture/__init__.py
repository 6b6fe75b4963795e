"""Sources: camera, screen, media file or address, microphone, test card and tone."""
