"""how fast, how much memory, and how each grows with the library: one command, a table and JSON"""
