"""what does a page show, as HTML?"""
