"""What RTMP carries: bodies of FLV tags, to and from the packets of our wire. Pure."""
