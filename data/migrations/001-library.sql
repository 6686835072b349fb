-- The library: images, what was found in them, what was asked and answered, jobs and models.
-- Times are microseconds since 1970 (UTC).

CREATE TABLE images (
  id        INTEGER PRIMARY KEY,
  path      TEXT NOT NULL UNIQUE,
  name      TEXT NOT NULL,
  sha256    TEXT,                       -- of the file's bytes; NULL until it was first opened
  size      INTEGER NOT NULL DEFAULT 0, -- bytes
  width     INTEGER NOT NULL DEFAULT 0, -- pixels, as shown; 0 until first opened
  height    INTEGER NOT NULL DEFAULT 0,
  shipped   INTEGER NOT NULL DEFAULT 0, -- came with Crosslens
  thumbnail BLOB,                       -- PNG
  added_at  INTEGER NOT NULL
);
CREATE INDEX images_by_sha256 ON images (sha256);

-- What a detector found: depends on the file's bytes and the detector alone, so that a copied or
-- moved image needs no second detection.
CREATE TABLE regions (
  sha256   TEXT NOT NULL,
  detector TEXT NOT NULL,               -- hash of the detector's files
  data     BLOB NOT NULL,               -- boxes, classes, attributes, features
  made_at  INTEGER NOT NULL,
  PRIMARY KEY (sha256, detector)
);

CREATE TABLE questions (
  id       INTEGER PRIMARY KEY,
  image_id INTEGER NOT NULL REFERENCES images (id) ON DELETE CASCADE,
  text     TEXT NOT NULL,
  asked_at INTEGER NOT NULL,            -- the last time
  UNIQUE (image_id, text)
);
CREATE INDEX questions_by_image ON questions (image_id, asked_at);

-- The last answer of each model to a question …
CREATE TABLE runs (
  id           INTEGER PRIMARY KEY,
  question_id  INTEGER NOT NULL REFERENCES questions (id) ON DELETE CASCADE,
  model_id     TEXT NOT NULL,
  milliseconds REAL NOT NULL,
  answered_at  INTEGER NOT NULL,
  UNIQUE (question_id, model_id)
);

-- … and its top answers.
CREATE TABLE answers (
  run_id      INTEGER NOT NULL REFERENCES runs (id) ON DELETE CASCADE,
  rank        INTEGER NOT NULL,         -- 0 = best
  text        TEXT NOT NULL,
  probability REAL NOT NULL,
  PRIMARY KEY (run_id, rank)
) WITHOUT ROWID;

CREATE TABLE jobs (
  id         INTEGER PRIMARY KEY,
  kind       TEXT NOT NULL,             -- "train"
  title      TEXT NOT NULL,
  settings   TEXT NOT NULL,             -- JSON
  state      TEXT NOT NULL,
  progress   REAL NOT NULL DEFAULT 0,
  message    TEXT NOT NULL DEFAULT '',
  error      TEXT,
  output_dir TEXT,
  base_hash  TEXT,                      -- of the model that the job started from
  owner      TEXT,                      -- process that runs it: "pid:start time"
  created_at INTEGER NOT NULL,
  changed_at INTEGER NOT NULL
);

CREATE TABLE job_points (
  job_id INTEGER NOT NULL REFERENCES jobs (id) ON DELETE CASCADE,
  series TEXT NOT NULL,
  step   INTEGER NOT NULL,
  value  REAL NOT NULL,
  PRIMARY KEY (job_id, series, step)
) WITHOUT ROWID;

CREATE TABLE models (
  id          TEXT PRIMARY KEY,
  path        TEXT NOT NULL,
  name        TEXT NOT NULL,
  hash        TEXT,
  imported_at INTEGER NOT NULL
);

CREATE TABLE favourites (
  image_id INTEGER PRIMARY KEY REFERENCES images (id) ON DELETE CASCADE,
  at       INTEGER NOT NULL
);
