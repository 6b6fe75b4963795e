"""Who is muted, sent out or banned, in a room or in the whole house."""
