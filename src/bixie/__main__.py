"""``python -m bixie`` is the command ``bixie``."""

import sys

from bixie.cli.main import main

if __name__ == "__main__":
    sys.exit(main())
