"""What an admin sees of the whole house, and what can be changed while the relay runs."""
