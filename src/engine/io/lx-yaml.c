#include "lx-yaml.h"

#include <errno.h>
#include <locale.h>
#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <yaml.h>

#include "lx-file.h"

#define YAML_LIMIT ((size_t)4 << 20)
#define MAX_DEPTH 64
#define MAX_ALIASES 1000

typedef struct {
  yaml_parser_t parser;
  json_t *anchors; /* name -> value that is complete */
  int aliases;
  const char *path;
} Reader;

static LxStatus read_value(Reader *self, const yaml_event_t *event, int depth, json_t **out,
                           LxError *error);

static LxStatus fail_at(const Reader *self, const yaml_mark_t *mark, const char *what,
                        LxError *error)
{
  return lx_fail(error, LX_ERR_FORMAT, "“%s”, line %zu: %s.", self->path, mark->line + 1, what);
}

static LxStatus no_memory(const Reader *self, LxError *error)
{
  return lx_fail(error, LX_ERR_MEMORY, "Not enough memory to read “%s”.", self->path);
}

static LxStatus next(Reader *self, yaml_event_t *event, LxError *error)
{
  if (yaml_parser_parse(&self->parser, event))
    return LX_OK;
  if (self->parser.error == YAML_MEMORY_ERROR)
    return no_memory(self, error);
  const char *problem = self->parser.problem ? self->parser.problem : "it is not valid YAML";
  return fail_at(self, &self->parser.problem_mark, problem, error);
}

static bool is_one_of(const char *text, const char *const *words)
{
  for (; *words; words++)
    if (strcasecmp(text, *words) == 0)
      return true;
  return false;
}

/* Digits with a sign, nothing else; texts such as "nan" or "0x10" stay texts. */
static bool looks_like_number(const char *text)
{
  const char *s = text + (*text == '-' || *text == '+');
  return *s && strspn(s, "0123456789.eE+-") == strlen(s) && strpbrk(s, "0123456789") &&
         (*s == '.' || (*s >= '0' && *s <= '9'));
}

static json_t *typed_scalar(const char *text)
{
  static const char *const nulls[] = {"", "~", "null", NULL};
  static const char *const yes[] = {"true", "yes", "on", NULL};
  static const char *const no[] = {"false", "no", "off", NULL};
  char *end;
  if (is_one_of(text, nulls))
    return json_null();
  if (is_one_of(text, yes))
    return json_true();
  if (is_one_of(text, no))
    return json_false();
  if (!looks_like_number(text))
    return json_string(text);
  errno = 0;
  long long whole = strtoll(text, &end, 10);
  if (!*end && !errno)
    return json_integer(whole);
  const locale_t plain = newlocale(LC_NUMERIC_MASK, "C", (locale_t)0);
  double real = strtod_l(text, &end, plain);
  freelocale(plain);
  return !*end && isfinite(real) ? json_real(real) : json_string(text);
}

static bool is_plain_tag(const yaml_char_t *tag, const char *const *allowed)
{
  static const char core[] = "tag:yaml.org,2002:";
  const char *t = (const char *)tag;
  if (!t || strcmp(t, "!") == 0)
    return true;
  return strncmp(t, core, sizeof core - 1) == 0 && is_one_of(t + sizeof core - 1, allowed);
}

static LxStatus read_scalar(Reader *self, const yaml_event_t *event, json_t **out, LxError *error)
{
  static const char *const tags[] = {"str", "int", "float", "bool", "null", NULL};
  const char *text = (const char *)event->data.scalar.value;
  if (!is_plain_tag(event->data.scalar.tag, tags))
    return fail_at(self, &event->start_mark, "a tag asks for something that is no plain value",
                   error);
  if (strlen(text) != event->data.scalar.length)
    return fail_at(self, &event->start_mark, "a text has a NUL inside", error);
  bool plain = event->data.scalar.style == YAML_PLAIN_SCALAR_STYLE;
  *out = plain ? typed_scalar(text) : json_string(text);
  return *out ? LX_OK : fail_at(self, &event->start_mark, "a text is not valid UTF-8", error);
}

static LxStatus read_list(Reader *self, const yaml_event_t *start, int depth, json_t **out,
                          LxError *error)
{
  static const char *const tags[] = {"seq", "python/tuple", NULL};
  if (!is_plain_tag(start->data.sequence_start.tag, tags))
    return fail_at(self, &start->start_mark, "a tag asks for something that is no list", error);
  json_t *list = json_array();
  LxStatus status = list ? LX_OK : no_memory(self, error);
  while (!status) {
    yaml_event_t event;
    json_t *item = NULL;
    status = next(self, &event, error);
    if (status)
      break;
    bool end = event.type == YAML_SEQUENCE_END_EVENT;
    if (!end)
      status = read_value(self, &event, depth + 1, &item, error);
    yaml_event_delete(&event);
    if (end)
      break;
    if (!status && json_array_append_new(list, item))
      status = no_memory(self, error);
  }
  if (status)
    json_decref(list);
  else
    *out = list;
  return status;
}

/* One key and its value; *end at the mapping's end. */
static LxStatus read_pair(Reader *self, int depth, json_t *object, bool *end, LxError *error)
{
  yaml_event_t key, value;
  json_t *item = NULL;
  LxStatus status = next(self, &key, error);
  if (status)
    return status;
  *end = key.type == YAML_MAPPING_END_EVENT;
  if (!*end && key.type != YAML_SCALAR_EVENT)
    status = fail_at(self, &key.start_mark, "a key is no plain text", error);
  if (!*end && !status)
    status = next(self, &value, error);
  if (!*end && !status) {
    status = read_value(self, &value, depth + 1, &item, error);
    yaml_event_delete(&value);
    const char *name = (const char *)key.data.scalar.value;
    if (!status && json_object_set_new(object, name, item))
      status = fail_at(self, &key.start_mark, "a key is not valid UTF-8", error);
  }
  yaml_event_delete(&key);
  return status;
}

static LxStatus read_object(Reader *self, const yaml_event_t *start, int depth, json_t **out,
                            LxError *error)
{
  static const char *const tags[] = {"map", NULL};
  if (!is_plain_tag(start->data.mapping_start.tag, tags))
    return fail_at(self, &start->start_mark, "a tag asks for an object of some program", error);
  json_t *object = json_object();
  LxStatus status = object ? LX_OK : no_memory(self, error);
  bool end = false;
  while (!status && !end)
    status = read_pair(self, depth, object, &end, error);
  if (status)
    json_decref(object);
  else
    *out = object;
  return status;
}

static LxStatus read_alias(Reader *self, const yaml_event_t *event, json_t **out, LxError *error)
{
  json_t *known = json_object_get(self->anchors, (const char *)event->data.alias.anchor);
  if (!known || ++self->aliases > MAX_ALIASES)
    return fail_at(self, &event->start_mark, "an alias has no anchor", error);
  *out = json_incref(known); /* shared: many aliases cost nothing */
  return LX_OK;
}

static LxStatus read_value(Reader *self, const yaml_event_t *event, int depth, json_t **out,
                           LxError *error)
{
  const yaml_char_t *anchor = NULL;
  LxStatus status;
  if (depth > MAX_DEPTH)
    return fail_at(self, &event->start_mark, "it is nested too deeply", error);
  switch (event->type) {
  case YAML_SCALAR_EVENT:
    anchor = event->data.scalar.anchor;
    status = read_scalar(self, event, out, error);
    break;
  case YAML_SEQUENCE_START_EVENT:
    anchor = event->data.sequence_start.anchor;
    status = read_list(self, event, depth, out, error);
    break;
  case YAML_MAPPING_START_EVENT:
    anchor = event->data.mapping_start.anchor;
    status = read_object(self, event, depth, out, error);
    break;
  case YAML_ALIAS_EVENT:
    return read_alias(self, event, out, error);
  default:
    return fail_at(self, &event->start_mark, "a value is missing", error);
  }
  /* Only plain anchors are kept: an alias to one that holds aliases could grow without end. */
  if (!status && anchor && self->aliases == 0)
    json_object_set(self->anchors, (const char *)anchor, *out);
  return status;
}

static LxStatus read_document(Reader *self, json_t **out, LxError *error)
{
  for (;;) {
    yaml_event_t event;
    LxStatus status = next(self, &event, error);
    if (status)
      return status;
    yaml_event_type_t type = event.type;
    if (type == YAML_STREAM_END_EVENT)
      status = lx_fail(error, LX_ERR_FORMAT, "“%s” is empty.", self->path);
    else if (type != YAML_STREAM_START_EVENT && type != YAML_DOCUMENT_START_EVENT)
      status = read_value(self, &event, 0, out, error);
    yaml_event_delete(&event);
    if (status || (type != YAML_STREAM_START_EVENT && type != YAML_DOCUMENT_START_EVENT))
      return status;
  }
}

LxStatus lx_yaml_to_json(const char *path, json_t **out, LxError *error)
{
  char *text;
  size_t size;
  LxStatus status = lx_file_read(path, YAML_LIMIT, &text, &size, error);
  if (status)
    return status;
  Reader self = {.path = path, .anchors = json_object()};
  if (self.anchors && yaml_parser_initialize(&self.parser)) {
    yaml_parser_set_input_string(&self.parser, (const unsigned char *)text, size);
    status = read_document(&self, out, error);
    yaml_parser_delete(&self.parser);
  } else {
    status = lx_fail(error, LX_ERR_MEMORY, "Not enough memory to read “%s”.", path);
  }
  json_decref(self.anchors);
  free(text);
  return status;
}
