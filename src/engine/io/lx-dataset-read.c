#include <stdio.h>
#include <string.h>

#include "lx-dataset-store.h"
#include "lx-grouping.h"

static LxStatus want_text(const json_t *entry, const char *key, const char **out, LxError *error)
{
  *out = json_string_value(json_object_get(entry, key));
  return *out ? LX_OK : lx_fail(error, LX_ERR_FORMAT, "“%s” is missing or is no text.", key);
}

/* Ids are texts in some files and whole numbers in others; `buffer` holds a number's text. */
static LxStatus want_id(const json_t *entry, const char *key, char *buffer, size_t size,
                        const char **out, LxError *error)
{
  const json_t *value = json_object_get(entry, key);
  *out = json_string_value(value);
  if (json_is_integer(value)) {
    snprintf(buffer, size, "%lld", (long long)json_integer_value(value));
    *out = buffer;
  }
  return *out
             ? LX_OK
             : lx_fail(error, LX_ERR_FORMAT, "“%s” is missing or is neither text nor number.", key);
}

static bool has_image(const LxDataReader *reader, const char *image_id)
{
  return !reader->features || lx_features_find(reader->features, image_id) >= 0;
}

/* The target of this entry with `label`, or NULL. */
static LxTarget *find_target(LxDataset *d, const LxStoredExample *item, int64_t label)
{
  for (size_t i = item->targets; i < d->n_targets; i++)
    if (d->targets[i].label == label)
      return &d->targets[i];
  return NULL;
}

/* {answer: score} -> targets. In pre-training answers are normalised first, and of two that become
 * one the changed one's score stays, as in the authors' loop. */
static LxStatus read_label(LxDataReader *reader, const json_t *label, LxStoredExample *item,
                           LxError *error)
{
  LxDataset *d = reader->dataset;
  const char *answer;
  json_t *score;
  if (!json_is_object(label))
    return lx_fail(error, LX_ERR_FORMAT, "a label is not an object {answer: score}.");
  item->labelled = true;
  item->targets = (uint32_t)d->n_targets;
  json_object_foreach ((json_t *)label, answer, score) {
    double value = json_number_value(score);
    if (!json_is_number(score) || !(value >= 0 && value <= 1.0001))
      return lx_fail(error, LX_ERR_FORMAT, "the score of “%.200s” is not between 0 and 1.", answer);
    if (!reader->answers)
      continue;
    int64_t number = d->kind == LX_DATA_PRETRAIN
                         ? lx_answers_label_normalized(reader->answers, answer)
                         : lx_answers_label(reader->answers, answer);
    if (number < 0) {
      d->counts.answers_unknown++;
      continue;
    }
    LxTarget *old = find_target(d, item, number);
    bool changed = strcmp(lx_answers_text(reader->answers, number), answer) != 0;
    if (old && changed)
      old->score = (float)value;
    if (old)
      continue;
    if (d->n_targets - item->targets == UINT16_MAX)
      return lx_fail(error, LX_ERR_UNSUPPORTED, "a label has too many answers.");
    LxStatus status = lx_dataset_put_target(d, (LxTarget){number, (float)value}, error);
    if (status)
      return status;
  }
  item->n_targets = (uint16_t)(d->n_targets - item->targets);
  return LX_OK;
}

/* The answer that counts most, also one that the table lacks; NULL without any. */
static const char *best_answer(const json_t *label)
{
  const char *answer, *best = NULL;
  double most = -1;
  json_t *score;
  json_object_foreach ((json_t *)label, answer, score) {
    if (json_number_value(score) > most) {
      most = json_number_value(score);
      best = answer;
    }
  }
  return best;
}

static LxStatus read_question(LxDataReader *reader, const json_t *entry, LxError *error)
{
  LxDataset *d = reader->dataset;
  LxStoredExample item = {.label = -1};
  char id_text[32], image_text[32];
  const char *sentence, *image, *id;
  LxStatus status = want_text(entry, "sent", &sentence, error);
  if (!status)
    status = want_id(entry, "img_id", image_text, sizeof image_text, &image, error);
  if (!status)
    status = want_id(entry, "question_id", id_text, sizeof id_text, &id, error);
  if (status)
    return status;
  if (!has_image(reader, image)) {
    d->counts.without_image++;
    return LX_OK;
  }
  const char *type = json_string_value(json_object_get(entry, "question_type"));
  const json_t *label = json_object_get(entry, "label");
  if (label)
    status = read_label(reader, label, &item, error);
  if (!status)
    status = lx_dataset_put_text(d, sentence, &item.sentence, error);
  if (!status)
    status = lx_dataset_put_image(d, 0, image, &item.image[0], error);
  if (!status)
    status = lx_dataset_put_text(d, id, &item.id, error);
  if (!status)
    status = lx_dataset_put_word(d, json_string_value(json_object_get(entry, "answer_type")),
                                 &item.answer_type, error);
  if (!status)
    status = lx_dataset_put_word(d, type, &item.question_type, error);
  item.binary = d->kind == LX_DATA_GQA &&
                lx_gqa_is_binary(type ? type : "", sentence, label ? best_answer(label) : NULL);
  return status ? status : lx_dataset_put(d, &item, error);
}

LxStatus lx_dataset_read_csv(const LxCsvQuestion *question, void *user_data, LxError *error)
{
  LxDataReader *reader = user_data;
  LxDataset *d = reader->dataset;
  LxStoredExample item = {.label = -1};
  LxStatus status = LX_OK;
  char id[32];
  snprintf(id, sizeof id, "%ld", question->number);
  d->counts.entries++;
  if (!has_image(reader, question->image)) {
    d->counts.without_image++;
    return LX_OK;
  }
  if (*question->answer) {
    json_t *label = json_pack("{s:i}", question->answer, 1);
    status = read_label(reader, label, &item, error);
    json_decref(label);
  }
  if (!status)
    status = lx_dataset_put_text(d, question->question, &item.sentence, error);
  if (!status)
    status = lx_dataset_put_image(d, 0, question->image, &item.image[0], error);
  if (!status)
    status = lx_dataset_put_text(d, id, &item.id, error);
  if (!status)
    status = lx_dataset_put_word(d, question->answer_type, &item.answer_type, error);
  return status ? status : lx_dataset_put(d, &item, error);
}

static LxStatus read_pair(LxDataReader *reader, const json_t *entry, LxError *error)
{
  LxDataset *d = reader->dataset;
  LxStoredExample item = {.label = -1};
  const char *sentence, *image[2], *id = "";
  char id_text[32];
  LxStatus status = want_text(entry, "sent", &sentence, error);
  if (!status)
    status = want_text(entry, "img0", &image[0], error);
  if (!status)
    status = want_text(entry, "img1", &image[1], error);
  const char *identifier = json_string_value(json_object_get(entry, "identifier"));
  if (!status && (!identifier || json_object_get(entry, "uid")))
    status = want_id(entry, "uid", id_text, sizeof id_text, &id, error);
  if (status)
    return status;
  if (!has_image(reader, image[0]) || !has_image(reader, image[1])) {
    d->counts.without_image++;
    return LX_OK;
  }
  const json_t *label = json_object_get(entry, "label");
  if (label) {
    json_int_t value = json_integer_value(label);
    if (!json_is_integer(label) || value < 0 || value > 1)
      return lx_fail(error, LX_ERR_FORMAT, "the label is not 0 or 1.");
    item.label = (int8_t)value;
    item.labelled = true;
  }
  status = lx_dataset_put_text(d, sentence, &item.sentence, error);
  for (int i = 0; i < 2 && !status; i++)
    status = lx_dataset_put_image(d, i, image[i], &item.image[i], error);
  if (!status)
    status = lx_dataset_put_text(d, id, &item.id, error);
  if (!status)
    status = lx_dataset_put_text(d, identifier ? identifier : id, &item.identifier, error);
  return status ? status : lx_dataset_put(d, &item, error);
}

/* All sentences of one source ("mscoco", "vqa", …) about one image. */
static LxStatus read_source(LxDataReader *reader, const char *source, const json_t *sentences,
                            const json_t *labels, const char *image, uint32_t image_at,
                            LxError *error)
{
  LxDataset *d = reader->dataset;
  LxStatus status = LX_OK;
  size_t i;
  json_t *sentence;
  if (!json_is_array(sentences) ||
      (labels && json_array_size(labels) != json_array_size(sentences)))
    return lx_fail(error, LX_ERR_FORMAT, "sentf and labelf of “%.100s” do not match.", source);
  json_array_foreach (sentences, i, sentence) {
    LxStoredExample item = {.label = -1, .image = {image_at, 0}};
    char id[512];
    if (!json_is_string(sentence))
      return lx_fail(error, LX_ERR_FORMAT, "a sentence of “%.100s” is no text.", source);
    snprintf(id, sizeof id, "%.300s_%.100s_%03zu", image, source, i);
    if (labels)
      status = read_label(reader, json_array_get(labels, i), &item, error);
    if (!status)
      status = lx_dataset_put_text(d, json_string_value(sentence), &item.sentence, error);
    if (!status)
      status = lx_dataset_put_text(d, id, &item.id, error);
    if (!status)
      status = lx_dataset_put_word(d, source, &item.question_type, error);
    if (!status)
      status = lx_dataset_put(d, &item, error);
    if (status)
      return status;
  }
  return LX_OK;
}

static LxStatus read_pretraining(LxDataReader *reader, const json_t *entry, LxError *error)
{
  LxDataset *d = reader->dataset;
  char image_text[32];
  const char *image, *source;
  uint32_t image_at;
  json_t *sentences;
  const json_t *sentf = json_object_get(entry, "sentf"), *labelf = json_object_get(entry, "labelf");
  LxStatus status = want_id(entry, "img_id", image_text, sizeof image_text, &image, error);
  if (status)
    return status;
  if (!json_is_object(sentf))
    return lx_fail(error, LX_ERR_FORMAT, "“sentf” is missing.");
  if (!has_image(reader, image)) {
    d->counts.without_image++;
    return LX_OK;
  }
  status = lx_dataset_put_text(d, image, &image_at, error);
  if (status)
    return status;
  json_object_foreach ((json_t *)sentf, source, sentences) {
    status = read_source(reader, source, sentences, json_object_get(labelf, source), image,
                         image_at, error);
    if (status)
      break;
  }
  return status;
}

LxStatus lx_dataset_read_entry(const json_t *entry, void *user_data, LxError *error)
{
  LxDataReader *reader = user_data;
  reader->dataset->counts.entries++;
  if (!json_is_object(entry))
    return lx_fail(error, LX_ERR_FORMAT, "it is not a JSON object.");
  if (reader->dataset->kind == LX_DATA_NLVR2)
    return read_pair(reader, entry, error);
  if (reader->dataset->kind == LX_DATA_PRETRAIN)
    return read_pretraining(reader, entry, error);
  return read_question(reader, entry, error);
}
