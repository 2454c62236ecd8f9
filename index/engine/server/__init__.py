"""the same questions to PostgreSQL with pgvector: candidates by SQL, ranked by the product"""
