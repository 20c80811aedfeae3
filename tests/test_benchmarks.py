"""The benchmarks run to their end on a small load; how fast is not asked here."""

import subprocess
import sys

import pytest


@pytest.mark.parametrize(("name", "found"), [("bus", "of the bare loop"), ("booking", "bookings a second")])
def test_a_benchmark_does_its_work_and_prints_its_ratio(name: str, found: str) -> None:
    command = [sys.executable, "-W", "ignore", "-m", f"benchmarks.{name}", "--quick"]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=240)
    assert done.returncode == 0, done.stderr
    assert found in done.stdout
