"""Who somebody is: accounts, passwords, sessions, and the first admin."""
