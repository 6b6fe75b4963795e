"""Which live rooms somebody will like: what was done, what is believed, what is shown and why."""
