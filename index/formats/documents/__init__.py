"""PDF, Word, slides, books, mail: what stands in a document that is no note?"""
