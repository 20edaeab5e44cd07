"""The HTTP edge: the web application, and every program that asks for studies, tasks and results."""
