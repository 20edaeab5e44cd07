"""The express lane: what is asked for thousands of times over is answered before the whole machinery of a route runs.

Whoever uses it has come through the door of the same route just before, with the same token, for the same study; whether
that token still holds is looked up anew for every request, for many requests at once.
"""
