"""Report templates and phrases: data that readers fill in, rendered into the words of a report."""
