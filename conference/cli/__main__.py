"""`python -m conference.cli` is `conference`."""

from conference.cli import main

main()
