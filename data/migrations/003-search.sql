-- Large libraries: the list's order without sorting, and questions and answers found by their words.
CREATE INDEX images_in_order ON images (shipped, iif(shipped, 0, -added_at),
  iif(shipped, length(name), 0), iif(shipped, name, ''), -id);
-- Names are looked through without the rows, each of which holds a picture.
CREATE INDEX images_by_name ON images (name);

CREATE VIRTUAL TABLE search USING fts5 (question, answer, detail = none,
  tokenize = "unicode61 remove_diacritics 2");
INSERT INTO search (rowid, question, answer)
  SELECT id, text, coalesce((SELECT group_concat(a.text, ' ') FROM runs r
    JOIN answers a ON a.run_id = r.id AND a.rank = 0 WHERE r.question_id = questions.id), '')
  FROM questions;

CREATE TRIGGER search_question AFTER INSERT ON questions BEGIN
  INSERT INTO search (rowid, question, answer) VALUES (new.id, new.text, '');
END;
CREATE TRIGGER search_forget AFTER DELETE ON questions BEGIN
  DELETE FROM search WHERE rowid = old.id;
END;
-- The answers of the models that were asked last.
CREATE TRIGGER search_answer AFTER INSERT ON answers WHEN new.rank = 0 BEGIN
  UPDATE search SET answer = new.text
    WHERE rowid = (SELECT question_id FROM runs WHERE id = new.run_id);
END;
