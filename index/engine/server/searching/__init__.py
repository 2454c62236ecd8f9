"""which statements name the nearest topics, and those that hold the words?"""
