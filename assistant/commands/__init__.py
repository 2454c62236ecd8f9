"""what each `topics` command does (home of typer)"""
