"""A small picture of each live public room, made from its newest keyframe."""
