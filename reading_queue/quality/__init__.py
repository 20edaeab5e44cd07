"""Quality: image grades, retakes, writing rules before signing, discrepancies, peer review, and figures of all of them."""
