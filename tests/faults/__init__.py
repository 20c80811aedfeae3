"""Faults, each with nothing lost and no effect twice: processes killed at each step, servers that go or hang."""
