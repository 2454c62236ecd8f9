"""the pages of the app"""
