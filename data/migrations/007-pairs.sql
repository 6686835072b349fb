-- Statements about two images are kept under the first one, one row for each second one.

CREATE TABLE questions_of_images (
  id        INTEGER PRIMARY KEY,
  image_id  INTEGER NOT NULL REFERENCES images (id) ON DELETE CASCADE,
  second_id INTEGER REFERENCES images (id) ON DELETE CASCADE, -- NULL: about one image
  text      TEXT NOT NULL,
  asked_at  INTEGER NOT NULL             -- the last time
);
INSERT INTO questions_of_images (id, image_id, text, asked_at)
  SELECT id, image_id, text, asked_at FROM questions;
DROP TABLE questions;
ALTER TABLE questions_of_images RENAME TO questions;
CREATE UNIQUE INDEX questions_by_text ON questions (image_id, text, coalesce(second_id, 0));
CREATE INDEX questions_by_image ON questions (image_id, asked_at);
CREATE INDEX questions_by_second ON questions (second_id) WHERE second_id IS NOT NULL;

-- They went with the table.
CREATE TRIGGER search_question AFTER INSERT ON questions BEGIN
  INSERT INTO search (rowid, question, answer) VALUES (new.id, new.text, '');
END;
CREATE TRIGGER search_forget AFTER DELETE ON questions BEGIN
  DELETE FROM search WHERE rowid = old.id;
END;
