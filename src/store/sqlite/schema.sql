CREATE TRIGGER cases_are_never_deleted BEFORE DELETE ON cases
BEGIN
  SELECT RAISE (ABORT, 'the ledger is append-only');
END;

CREATE TRIGGER events_are_never_changed BEFORE UPDATE ON events
BEGIN
  SELECT RAISE (ABORT, 'the ledger is append-only');
END;

CREATE TRIGGER events_are_never_deleted BEFORE DELETE ON events
BEGIN
  SELECT RAISE (ABORT, 'the ledger is append-only');
END;

CREATE TABLE cases (
  opened_seq INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  version INTEGER NOT NULL,
  key TEXT NOT NULL,
  state TEXT NOT NULL,
  open INTEGER NOT NULL CHECK (open IN (0, 1)),
  acted INTEGER NOT NULL CHECK (acted IN (0, 1)),
  wake_at INTEGER,
  device TEXT NOT NULL,
  remedy TEXT NOT NULL,
  opened_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  document TEXT NOT NULL
) STRICT;

CREATE TABLE events (
  seq INTEGER PRIMARY KEY,
  case_id TEXT NOT NULL REFERENCES cases (id),
  at INTEGER NOT NULL,
  event TEXT NOT NULL,
  previous_hash TEXT NOT NULL,
  hash TEXT NOT NULL,
  type TEXT GENERATED ALWAYS AS (event ->> '$.type') VIRTUAL
) STRICT;

CREATE TABLE memory (
  device TEXT NOT NULL,
  key TEXT NOT NULL,
  value TEXT NOT NULL,
  PRIMARY KEY (device, key)
) STRICT, WITHOUT ROWID;

CREATE INDEX acted_cases_by_key ON cases (key, opened_seq) WHERE acted = 1;

CREATE INDEX calls_by_time ON events (at, case_id) WHERE type = 'calling';

CREATE INDEX cases_by_key ON cases (key, opened_seq);

CREATE INDEX cases_by_state ON cases (state, opened_seq);

CREATE INDEX cases_by_wake ON cases (wake_at) WHERE open = 1;

CREATE INDEX events_by_case ON events (case_id, seq);

CREATE UNIQUE INDEX one_open_case_per_key ON cases (key) WHERE open = 1;
