"""The edge station: receives in a clinic or a van, keeps, and forwards when there is a line."""
