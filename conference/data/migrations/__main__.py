"""`python -m conference.data.migrations --check`."""

import sys

from conference.data.migrations import main

sys.exit(main())
