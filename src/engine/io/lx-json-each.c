#include <stdbool.h>
#include <stdio.h>

#include "lx-file.h"
#include "lx-json.h"

#define ITEM_LIMIT ((size_t)64 << 20)

static bool is_blank(char c)
{
  return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

/* From `at` to the comma or bracket that ends the item, by counting brackets outside strings.
 * jansson judges the item itself. */
static size_t item_end(const char *text, size_t size, size_t at)
{
  int64_t depth = 0;
  for (bool quoted = false; at < size; at++) {
    char c = text[at];
    if (quoted) {
      if (c == '\\')
        at++;
      else
        quoted = c != '"';
    } else if (c == '"') {
      quoted = true;
    } else if (c == '[' || c == '{') {
      depth++;
    } else if (depth == 0 && (c == ',' || c == ']' || c == '}')) {
      break;
    } else if (c == ']' || c == '}') {
      depth--;
    }
  }
  return at < size ? at : size;
}

typedef struct {
  const char *path, *text;
  size_t size, at;
  size_t gone; /* what lies before is no longer in memory */
  int64_t index;
} Walk;

static LxStatus bad(const Walk *walk, const char *what, LxError *error)
{
  return lx_fail(error, LX_ERR_FORMAT, "“%.300s”, entry %lld: %s.", walk->path,
                 (long long)walk->index, what);
}

static void skip_blanks(Walk *walk)
{
  while (walk->at < walk->size && is_blank(walk->text[walk->at]))
    walk->at++;
}

static LxStatus visit_item(Walk *walk, LxJsonVisit visit, void *user_data, LxError *error)
{
  json_error_t e;
  size_t end = item_end(walk->text, walk->size, walk->at);
  if (end - walk->at > ITEM_LIMIT)
    return bad(walk, "it is too long", error);
  json_t *item = json_loadb(walk->text + walk->at, end - walk->at,
                            JSON_DECODE_ANY | JSON_REJECT_DUPLICATES, &e);
  if (!item)
    return bad(walk, e.text, error);
  LxStatus status = visit(item, user_data, error);
  json_decref(item);
  if (status) {
    char where[400];
    snprintf(where, sizeof where, "“%.300s”, entry %lld", walk->path, (long long)walk->index);
    lx_fail_in(error, where);
  }
  walk->at = end;
  return status;
}

/* A list may be as large as the memory. */
static void let_go(Walk *walk)
{
  lx_file_let_go(walk->text + walk->gone, walk->at - walk->gone);
  walk->gone = walk->at;
}

static LxStatus walk_items(Walk *walk, LxJsonVisit visit, void *user_data, LxProgress progress,
                           void *progress_data, LxError *error)
{
  skip_blanks(walk);
  if (walk->at == walk->size || walk->text[walk->at++] != '[')
    return lx_fail(
        error, LX_ERR_FORMAT,
        "“%.300s” is not a JSON list. The files of LXMERT's authors are lists, [{…}, …]; "
        "those of the VQA and GQA sites are objects and have to be converted.",
        walk->path);
  skip_blanks(walk);
  bool more = walk->at < walk->size && walk->text[walk->at] != ']';
  for (; more; walk->index++) {
    skip_blanks(walk);
    LxStatus status = visit_item(walk, visit, user_data, error);
    if (status)
      return status;
    more = walk->at < walk->size && walk->text[walk->at] == ',';
    walk->at += more;
    if (walk->index % 4096 == 0)
      let_go(walk);
    if (progress && walk->index % 4096 == 0 &&
        progress((double)walk->at / (double)walk->size, "Reading the questions", progress_data))
      return lx_fail(error, LX_ERR_CANCELLED, "Reading “%s” was stopped.", walk->path);
  }
  if (walk->at == walk->size || walk->text[walk->at++] != ']')
    return bad(walk, "the list has no end (the file may be cut short)", error);
  skip_blanks(walk);
  return walk->at == walk->size ? LX_OK : bad(walk, "there is something behind the list", error);
}

LxStatus lx_json_each(const char *path, LxJsonVisit visit, void *user_data, LxProgress progress,
                      void *progress_data, LxError *error)
{
  LxMapping *map;
  LxStatus status = lx_file_map(path, &map, error);
  if (status)
    return status;
  Walk walk = {.path = path, .text = (const char *)map->data, .size = map->size};
  status = walk_items(&walk, visit, user_data, progress, progress_data, error);
  lx_file_unmap(map);
  return status;
}
