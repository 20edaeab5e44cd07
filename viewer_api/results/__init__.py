"""A clinic's results, and the reports behind them."""
