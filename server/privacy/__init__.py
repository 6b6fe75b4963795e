"""Privacy: people see, take along and erase what the relay keeps about them."""
