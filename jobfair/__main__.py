"""``python -m jobfair``, where no script stands on the path."""

from jobfair.cli import main

main()
