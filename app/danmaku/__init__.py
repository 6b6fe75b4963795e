"""Danmaku: which text flies where and when. Pure; time is an argument."""
