"""the `topics` command: one module a group of commands"""
