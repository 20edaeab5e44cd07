"""Critical values over HTTP: what open screens show, and what people answer."""
