"""The larger benchmark runs to its end on a small load; how fast is not asked here."""

import subprocess
import sys


def test_booking_is_measured_and_the_ratio_printed() -> None:
    command = [sys.executable, "-W", "ignore", "-m", "benchmarks.booking", "--quick"]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=240)
    assert done.returncode == 0, done.stderr
    assert "bookings a second" in done.stdout
