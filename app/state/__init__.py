"""What the pages show: frozen values, changed only by `apply(event)`."""
