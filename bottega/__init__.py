"""The command line: it puts the parts together, and is the only place that knows them all."""
