"""A made-up clinic to try out: its people, prices and clients, and links that sign one in as any of them."""
