"""Hostile behaviour: scores of people that say why, raids, and banned people who come back."""
