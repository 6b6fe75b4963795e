"""The running broadcast in the form that other services take: H.264 and AAC for RTMP."""
