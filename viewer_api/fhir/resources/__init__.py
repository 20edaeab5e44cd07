"""One file a resource type: how it is searched, and how rows become resources."""
