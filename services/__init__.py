"""One package for each service. None imports another: they meet on the bus."""
