"""`python -m callwright.cli`, as the command `callwright`."""

from callwright.cli import main

main()
