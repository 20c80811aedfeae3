"""What crosses services: the servers that tests run on, contracts, architecture, end to end, faults."""
