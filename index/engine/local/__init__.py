"""vectors and words searched on this machine: FAISS and tantivy, over columns mapped from files"""
