"""candidates by Milvus, where one PostgreSQL cannot hold the search: what is there, PostgreSQL alone decides"""
