// Schema versions, oldest first. A version that was released is never edited: the next one changes it.

export const MIGRATIONS: readonly string[] = [
  `
  CREATE TABLE pools (
    uid TEXT PRIMARY KEY,
    name TEXT NOT NULL UNIQUE,
    created_at TEXT NOT NULL,
    generation INTEGER NOT NULL,
    resource_version INTEGER NOT NULL,
    specification TEXT NOT NULL,
    status TEXT
  ) STRICT;

  -- The newest resource version that was given out; it never goes back, even when the newest pool is deleted.
  CREATE TABLE resource_version (newest INTEGER NOT NULL) STRICT;
  INSERT INTO resource_version VALUES (0);

  CREATE TABLE decisions (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    pool_uid TEXT NOT NULL REFERENCES pools (uid) ON DELETE CASCADE,
    decision TEXT NOT NULL
  ) STRICT;
  CREATE INDEX decisions_of_pool ON decisions (pool_uid, id);

  -- No reference to pools: members outlive a deleted pool until they are stopped.
  CREATE TABLE simulated_members (
    name TEXT PRIMARY KEY,
    member TEXT NOT NULL
  ) STRICT, WITHOUT ROWID
  `,
  `
  CREATE TABLE claims (
    id TEXT PRIMARY KEY,
    claim TEXT NOT NULL
  ) STRICT;

  -- Members whose claims have ended and that nobody may get until this is done.
  CREATE TABLE recycling (
    member TEXT PRIMARY KEY,
    recycling TEXT NOT NULL
  ) STRICT, WITHOUT ROWID
  `,
  `
  -- Identifies this database to the outside world, such as in the labels of containers.
  CREATE TABLE instance (id TEXT NOT NULL) STRICT;
  INSERT INTO instance VALUES (lower(hex(randomblob(8))));

  -- No reference to pools, as for simulated members.
  CREATE TABLE docker_members (
    name TEXT PRIMARY KEY,
    member TEXT NOT NULL
  ) STRICT, WITHOUT ROWID
  `,
  `
  -- Pools in the history by a number that is never given out again: deleted pools may still be in ticks.
  CREATE TABLE history_pools (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    uid TEXT NOT NULL UNIQUE
  ) STRICT;

  -- The samples of all pools at one time, until they are in the tables below. Times are epoch seconds.
  CREATE TABLE history_ticks (
    at INTEGER PRIMARY KEY,
    samples BLOB NOT NULL
  ) STRICT;

  -- The samples of one pool, every 10 seconds, for half an hour.
  CREATE TABLE history_samples (
    start INTEGER NOT NULL,
    pool INTEGER NOT NULL,
    samples BLOB NOT NULL,
    PRIMARY KEY (start, pool)
  ) STRICT, WITHOUT ROWID;

  -- The samples of one pool, every 5 minutes, for 6 hours.
  CREATE TABLE history_coarse_samples (
    start INTEGER NOT NULL,
    pool INTEGER NOT NULL,
    samples BLOB NOT NULL,
    PRIMARY KEY (start, pool)
  ) STRICT, WITHOUT ROWID
  `,
];
