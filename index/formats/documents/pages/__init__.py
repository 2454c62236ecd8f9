"""which lines of a page belong together, and which are headings?"""
