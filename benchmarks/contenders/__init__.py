"""Who runs against whom. Each module is a process of its own, started by ``benchmarks.contender``."""
