"""`python -m countyread` is the `countyread` command."""

from countyread.cli import main

if __name__ == "__main__":
    main()
