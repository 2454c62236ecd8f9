"""which statement reads or writes the record of every note in the tables of a server?"""
