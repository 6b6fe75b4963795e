"""The admin tab: the whole house from one page."""
