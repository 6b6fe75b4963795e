"""Playing a recording: fragmented MP4 from a file or from the relay, with seek and speed."""
