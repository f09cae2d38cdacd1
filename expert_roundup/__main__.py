"""`python -m expert_roundup`."""

from __future__ import annotations

import sys

from expert_roundup.cli import main

sys.exit(main())
