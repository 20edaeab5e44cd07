"""One module for each group of commands; each reads the settings once and hands them down."""
