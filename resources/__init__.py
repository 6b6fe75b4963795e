"""What the programs show and do not compute: icons and translations."""
