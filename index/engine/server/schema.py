"""the tables on a server, their versions and rights: `topics server init` and `upgrade`

library ─< source ─< document ─< topic ─< passage >─ vector (by model: a shelf)
                                   │└─< link, topic_name
                                   └──< posting >─ word          learned questions by topic id
        ─< asked, noted (the journal)   ─< file (settings of the team, places of the map)

An index over a text of any length is one over its hash: other indexes take no more than 2,700 bytes.

Every row says which library it belongs to, and the server itself lets nobody see or change the rows of another one
(row-level security). A version of the schema is one more script; each only adds, so that programs of the version before
go on meanwhile: `oldest_reader` and `oldest_writer` say which versions of a program may still read and write.
"""

from __future__ import annotations

from typing import Final, LiteralString, NamedTuple

import psycopg

from index.engine.server.connection import Row
from index.errors import LibraryError

OLDEST_POSTGRES: Final = 150_000
OLDEST_PGVECTOR: Final = (0, 8)
"""The first version whose graph goes on where a filter leaves too few."""

_TABLES: Final[LiteralString] = """
CREATE TABLE topics.library (
    id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    name text NOT NULL UNIQUE,
    uid text NOT NULL DEFAULT replace(gen_random_uuid()::text, '-', ''),
    revision bigint NOT NULL DEFAULT 0,
    topics bigint NOT NULL DEFAULT 0,
    terms bigint NOT NULL DEFAULT 0,
    writer text NOT NULL DEFAULT '',
    reader_role name NOT NULL DEFAULT 'topics_reader',
    writer_role name NOT NULL DEFAULT 'topics_writer'
);
COMMENT ON COLUMN topics.library.terms IS 'how long all topics are together, in terms: BM25 asks for the mean';

CREATE TABLE topics.setting (
    library int NOT NULL REFERENCES topics.library ON DELETE CASCADE,
    key text NOT NULL, value text NOT NULL, PRIMARY KEY (library, key)
);
CREATE TABLE topics.source (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    library int NOT NULL REFERENCES topics.library ON DELETE CASCADE,
    path text NOT NULL, include text NOT NULL, exclude text NOT NULL
);
CREATE UNIQUE INDEX source_path ON topics.source (library, md5(path));
CREATE TABLE topics.document (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    library int NOT NULL,
    source_id bigint NOT NULL REFERENCES topics.source ON DELETE CASCADE,
    path text NOT NULL, fingerprint text NOT NULL, size bigint NOT NULL, modified_ns bigint NOT NULL,
    status text NOT NULL, reason text NOT NULL, inode numeric NOT NULL, changed_ns bigint NOT NULL
);
CREATE UNIQUE INDEX document_path ON topics.document (source_id, md5(path));
CREATE TABLE topics.topic (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    library int NOT NULL,
    document_id bigint NOT NULL REFERENCES topics.document ON DELETE CASCADE,
    stable_id text NOT NULL, subject text NOT NULL, title text NOT NULL, title_hash bigint NOT NULL,
    line int NOT NULL, parents text NOT NULL, asked_as text NOT NULL, entries text NOT NULL, properties text NOT NULL,
    slots smallint NOT NULL, is_searched boolean NOT NULL,
    length int NOT NULL, terms int NOT NULL, words bigint[] NOT NULL, written text[] NOT NULL
);
COMMENT ON COLUMN topics.topic.length IS 'terms, kept as coarsely as tantivy keeps them: in one byte';
CREATE INDEX topic_document ON topics.topic (document_id);
CREATE INDEX topic_stable ON topics.topic USING hash (stable_id);
CREATE INDEX topic_title ON topics.topic (library, title_hash);
CREATE INDEX topic_subject ON topics.topic USING hash (subject);
CREATE INDEX topic_order ON topics.topic (library, id);

CREATE TABLE topics.shelf (
    id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    library int NOT NULL REFERENCES topics.library ON DELETE CASCADE,
    model text NOT NULL, dimension int NOT NULL, has_graph boolean NOT NULL DEFAULT false, UNIQUE (library, model)
);
CREATE TABLE topics.vector (
    shelf int NOT NULL REFERENCES topics.shelf ON DELETE CASCADE,
    library int NOT NULL, key bytea NOT NULL, embedding halfvec NOT NULL, signs bytea, PRIMARY KEY (shelf, key)
);
CREATE TABLE topics.passage (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    library int NOT NULL,
    topic_id bigint NOT NULL REFERENCES topics.topic ON DELETE CASCADE,
    shelf int NOT NULL, vector_key bytea NOT NULL,
    kind smallint NOT NULL, entry int NOT NULL, slot smallint NOT NULL, first int NOT NULL, last int NOT NULL
);
CREATE INDEX passage_topic ON topics.passage (topic_id);
CREATE INDEX passage_vector ON topics.passage (shelf, vector_key);

CREATE TABLE topics.word (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    library int NOT NULL REFERENCES topics.library ON DELETE CASCADE,
    word text COLLATE "C" NOT NULL, topics int NOT NULL, UNIQUE (library, word) INCLUDE (topics)
);
CREATE TABLE topics.posting (
    word_id bigint NOT NULL, topic_id bigint NOT NULL, library int NOT NULL,
    count int NOT NULL, length int NOT NULL, PRIMARY KEY (word_id, topic_id)
);
CREATE TABLE topics.written (
    library int NOT NULL REFERENCES topics.library ON DELETE CASCADE,
    word text COLLATE "C" NOT NULL, topics int NOT NULL, PRIMARY KEY (library, word)
);
COMMENT ON TABLE topics.written IS 'words as notes write them: what a misspelt one is compared with';

CREATE TABLE topics.learned (
    library int NOT NULL REFERENCES topics.library ON DELETE CASCADE,
    key text NOT NULL, stable_id text NOT NULL, question text NOT NULL
);
CREATE UNIQUE INDEX learned_pair ON topics.learned (library, md5(key), md5(stable_id));
CREATE INDEX learned_key ON topics.learned USING hash (key);
CREATE INDEX learned_topic ON topics.learned USING hash (stable_id);
CREATE TABLE topics.link (
    topic_id bigint NOT NULL REFERENCES topics.topic ON DELETE CASCADE,
    library int NOT NULL, target text NOT NULL, PRIMARY KEY (topic_id, target)
);
CREATE INDEX link_target ON topics.link (library, target);
CREATE TABLE topics.topic_name (
    topic_id bigint NOT NULL REFERENCES topics.topic ON DELETE CASCADE,
    library int NOT NULL, name text NOT NULL, PRIMARY KEY (topic_id, name)
);
CREATE INDEX topic_name_name ON topics.topic_name (library, name);

CREATE TABLE topics.to_embed (
    library int NOT NULL REFERENCES topics.library ON DELETE CASCADE,
    shelf int NOT NULL REFERENCES topics.shelf ON DELETE CASCADE,
    key bytea NOT NULL, is_entry boolean NOT NULL, text text NOT NULL, failure text NOT NULL DEFAULT '',
    asked_at timestamptz NOT NULL DEFAULT now(), PRIMARY KEY (shelf, key)
);
COMMENT ON TABLE topics.to_embed IS 'passages that wait for a worker';
"""

_RIGHTS: Final[LiteralString] = """
CREATE FUNCTION topics.open_library() RETURNS int LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp AS $$
    SELECT id FROM topics.library WHERE name = current_setting('topics.library', true)
       AND (pg_has_role(session_user, reader_role, 'MEMBER') OR pg_has_role(session_user, writer_role, 'MEMBER')) $$;
CREATE FUNCTION topics.changing_library() RETURNS int LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp AS $$
    SELECT id FROM topics.library WHERE name = current_setting('topics.library', true)
       AND pg_has_role(session_user, writer_role, 'MEMBER') $$;

ALTER TABLE topics.library ENABLE ROW LEVEL SECURITY;
CREATE POLICY seen ON topics.library FOR SELECT USING
    (pg_has_role(session_user, reader_role, 'MEMBER') OR pg_has_role(session_user, writer_role, 'MEMBER'));
CREATE POLICY made ON topics.library FOR INSERT WITH CHECK (pg_has_role(session_user, writer_role, 'MEMBER'));
CREATE POLICY changed ON topics.library FOR UPDATE USING (pg_has_role(session_user, writer_role, 'MEMBER'));

DO $$
DECLARE name text;
BEGIN
    FOREACH name IN ARRAY ARRAY['setting', 'source', 'document', 'topic', 'shelf', 'vector', 'passage', 'word',
                                'posting', 'written', 'learned', 'link', 'topic_name', 'to_embed'] LOOP
        EXECUTE format('ALTER TABLE topics.%I ENABLE ROW LEVEL SECURITY', name);
        EXECUTE format('CREATE POLICY seen ON topics.%I FOR SELECT
                        USING (library = (SELECT topics.open_library()))', name);
        EXECUTE format('CREATE POLICY changed ON topics.%I
                        USING (library = (SELECT topics.changing_library()))', name);
    END LOOP;
END $$;

CREATE FUNCTION topics.add_graph(which int) RETURNS void LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = pg_catalog, public, topics, pg_temp AS $$
DECLARE dims int;
BEGIN
    SELECT s.dimension INTO dims FROM topics.shelf s JOIN topics.library l ON l.id = s.library
     WHERE s.id = which AND NOT s.has_graph AND pg_has_role(session_user, l.writer_role, 'MEMBER');
    IF dims IS NOT NULL THEN
        EXECUTE format('CREATE INDEX %I ON topics.vector USING hnsw ((embedding::halfvec(%s)) halfvec_ip_ops)
                        WITH (m = 16, ef_construction = 100) WHERE shelf = %s', 'vector_graph_' || which, dims, which);
        UPDATE topics.shelf SET has_graph = true WHERE id = which;
    END IF;
END $$;
COMMENT ON FUNCTION topics.add_graph IS 'a search graph (HNSW) over the vectors of one shelf; writers own no table';
CREATE FUNCTION topics.drop_shelf(which int) RETURNS void LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = pg_catalog, topics, pg_temp AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM topics.shelf s JOIN topics.library l ON l.id = s.library
                WHERE s.id = which AND pg_has_role(session_user, l.writer_role, 'MEMBER')) THEN
        EXECUTE format('DROP INDEX IF EXISTS topics.%I', 'vector_graph_' || which);
        DELETE FROM topics.shelf WHERE id = which;
    END IF;
END $$;

REVOKE ALL ON FUNCTION topics.open_library, topics.changing_library, topics.add_graph, topics.drop_shelf FROM PUBLIC;
GRANT USAGE ON SCHEMA topics TO topics_reader, topics_writer;
GRANT EXECUTE ON FUNCTION topics.open_library, topics.changing_library TO topics_reader, topics_writer;
GRANT EXECUTE ON FUNCTION topics.add_graph, topics.drop_shelf TO topics_writer;
GRANT SELECT ON ALL TABLES IN SCHEMA topics TO topics_reader, topics_writer;
GRANT INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA topics TO topics_writer;
REVOKE INSERT, UPDATE, DELETE ON topics.version FROM topics_writer;
REVOKE UPDATE, DELETE ON topics.library FROM topics_writer;
GRANT UPDATE (revision, topics, terms, writer) ON topics.library TO topics_writer;
"""

_IMPACT: Final[LiteralString] = """
CREATE INDEX posting_impact ON topics.posting (word_id, ((length + 20) / count::float8));
COMMENT ON INDEX topics.posting_impact IS 'the postings of a word that tell most come first';
"""

_TEAM: Final[LiteralString] = """
CREATE TABLE topics.asked (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    library int NOT NULL REFERENCES topics.library ON DELETE CASCADE,
    key text NOT NULL, question text NOT NULL, at text NOT NULL, answered boolean NOT NULL,
    confidence float8 NOT NULL, topic_id text NOT NULL, topic text NOT NULL
);
CREATE INDEX asked_order ON topics.asked (library, id);
CREATE INDEX asked_key ON topics.asked USING hash (key);
COMMENT ON TABLE topics.asked IS 'the journal: nothing is written here until a team turns it on';
CREATE TABLE topics.noted (
    library int NOT NULL REFERENCES topics.library ON DELETE CASCADE,
    kind text NOT NULL, key text NOT NULL, topic_id text NOT NULL, question text NOT NULL,
    useful boolean NOT NULL, at text NOT NULL
);
CREATE UNIQUE INDEX noted_once ON topics.noted (library, kind, md5(key), md5(topic_id));
COMMENT ON TABLE topics.noted IS 'questions that were marked, saved or dismissed by hand';
CREATE TABLE topics.file (
    library int NOT NULL REFERENCES topics.library ON DELETE CASCADE,
    name text NOT NULL, content text NOT NULL, PRIMARY KEY (library, name)
);
COMMENT ON TABLE topics.file IS 'what belongs to a library and to no note: its settings, places of the map';

DO $$
DECLARE name text;
BEGIN
    FOREACH name IN ARRAY ARRAY['asked', 'noted', 'file'] LOOP
        EXECUTE format('ALTER TABLE topics.%I ENABLE ROW LEVEL SECURITY', name);
        EXECUTE format('CREATE POLICY used ON topics.%I USING (library = (SELECT topics.open_library()))', name);
        EXECUTE format('GRANT SELECT, INSERT, UPDATE, DELETE ON topics.%I TO topics_reader, topics_writer', name);
    END LOOP;
    BEGIN  -- a part of its own: where it is refused, the rest stays
        GRANT pg_read_all_stats TO topics_owner;
    EXCEPTION WHEN insufficient_privilege THEN
        RAISE NOTICE 'topics_owner may not see how replicas fare';
    END;
END $$;

CREATE FUNCTION topics.replicas() RETURNS TABLE (name text, state text, is_synchronous boolean, lag float8)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT coalesce(nullif(application_name, ''), 'unnamed'), coalesce(state, 'unknown'),
           coalesce(sync_state, '') IN ('sync', 'quorum'),
           CASE WHEN state = 'streaming' AND sent_lsn = replay_lsn THEN 0
                ELSE extract(epoch FROM replay_lag)::float8 END
    FROM pg_stat_replication $$;
CREATE FUNCTION topics.programs() RETURNS TABLE (name text)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT application_name FROM pg_stat_activity
    WHERE datname = current_database() AND application_name LIKE 'topics %' $$;
REVOKE ALL ON FUNCTION topics.replicas, topics.programs FROM PUBLIC;
GRANT EXECUTE ON FUNCTION topics.replicas, topics.programs TO topics_reader, topics_writer;
"""

MIGRATIONS: Final[tuple[LiteralString, ...]] = (_TABLES + _RIGHTS, _IMPACT + _TEAM)
"""What takes the tables from each version to the next, none first; each only adds."""
VERSION: Final = len(MIGRATIONS)

OLDEST_READER: Final = 1
OLDEST_WRITER: Final = 1
"""The versions of a program that may read and write what this one has written."""

_ROLES: Final[LiteralString] = """
DO $$
DECLARE name text;
BEGIN
    FOREACH name IN ARRAY ARRAY['topics_owner', 'topics_writer', 'topics_reader'] LOOP
        IF NOT EXISTS (SELECT 1 FROM pg_roles WHERE rolname = name) THEN EXECUTE format('CREATE ROLE %I NOLOGIN', name);
        END IF;
    END LOOP;
    GRANT topics_owner TO CURRENT_USER;
END $$;
"""

_BEGUN: Final[LiteralString] = """
CREATE SCHEMA IF NOT EXISTS topics;
CREATE TABLE IF NOT EXISTS topics.version (
    is_only boolean PRIMARY KEY DEFAULT true CHECK (is_only),
    version int NOT NULL, oldest_reader int NOT NULL, oldest_writer int NOT NULL
);
"""


class Prepared(NamedTuple):
    """What was done to a database."""

    before: int
    """The version of its tables; 0 where there were none."""
    now: int


def init(connection: psycopg.Connection[Row]) -> Prepared:
    """Make roles, extension and tables where they are missing, or bring tables to the present version.

    Raises:
        LibraryError: the server is too old, lacks pgvector, or was brought forward by a newer version.

    """
    check_server(connection)
    with connection.transaction():
        connection.execute("SELECT pg_advisory_xact_lock(7303014)")  # two that prepare it at once do so one by one
        connection.execute(_ROLES)
        connection.execute("CREATE EXTENSION IF NOT EXISTS vector")
        check_pgvector(connection)
        connection.execute(_BEGUN)
        before = _version(connection)
        if before > VERSION:
            raise LibraryError(
                f"The tables there are of version {before}, and this Topic Assistant knows up to {VERSION}. "
                "Update this one first."
            )
        for script in MIGRATIONS[before:]:
            connection.execute(script)
        connection.execute(
            """INSERT INTO topics.version (version, oldest_reader, oldest_writer) VALUES (%s, %s, %s)
               ON CONFLICT (is_only) DO UPDATE SET version = excluded.version,
                   oldest_reader = excluded.oldest_reader, oldest_writer = excluded.oldest_writer""",
            (VERSION, OLDEST_READER, OLDEST_WRITER),
        )
        connection.execute("GRANT SELECT ON topics.version TO topics_reader, topics_writer")
        _hand_over(connection)
    return Prepared(before, VERSION)


def _version(connection: psycopg.Connection[Row]) -> int:
    row = connection.execute("SELECT version FROM topics.version").fetchone()
    return int(row[0]) if row else 0


def check_server(connection: psycopg.Connection[Row]) -> None:
    """Raise LibraryError where the server is too old or has no pgvector to install."""
    if connection.info.server_version < OLDEST_POSTGRES:
        raise LibraryError("The server is older than PostgreSQL 15, the oldest that is supported. Update the server.")
    row = connection.execute("SELECT 1 FROM pg_available_extensions WHERE name = 'vector'").fetchone()
    if not row:
        raise LibraryError(
            "The server lacks the extension pgvector. Install its package (postgresql-NN-pgvector on Debian), "
            "or use the image pgvector/pgvector; managed databases have it to be switched on."
        )


def check_pgvector(connection: psycopg.Connection[Row]) -> None:
    """Raise LibraryError where the extension is too old."""
    row = connection.execute("SELECT extversion FROM pg_extension WHERE extname = 'vector'").fetchone()
    version = tuple(int(part) for part in str(row[0] if row else "0").split(".")[:2])
    if version < OLDEST_PGVECTOR:
        raise LibraryError(
            f"The database has pgvector {row and row[0]}, and 0.8 is the oldest that is supported. "
            "Update its package, then run `ALTER EXTENSION vector UPDATE` in this database."
        )


def _hand_over(connection: psycopg.Connection[Row]) -> None:
    """Let everything in the schema belong to a role that nobody logs in as."""
    connection.execute("ALTER SCHEMA topics OWNER TO topics_owner")
    rows = connection.execute(
        """SELECT 'TABLE', format('topics.%I', relname) FROM pg_class
            WHERE relnamespace = 'topics'::regnamespace AND relkind = 'r'
           UNION ALL
           SELECT 'FUNCTION', oid::regprocedure::text FROM pg_proc WHERE pronamespace = 'topics'::regnamespace"""
    ).fetchall()
    for kind, name in rows:  # names of our own schema, quoted by the server
        connection.execute(f"ALTER {kind} {name} OWNER TO topics_owner")
