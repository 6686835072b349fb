#include <errno.h>
#include <string.h>

#include "world-json.h"

bool world_stream_open(WorldStream *stream, WorldJob *job, const char *name, char open)
{
  *stream = (WorldStream){.job = job, .first = true, .close = open == '[' ? ']' : '}'};
  snprintf(stream->path, sizeof stream->path, "%s/%s", job->options->dir, name);
  stream->file = fopen(stream->path, "w");
  if (!stream->file) {
    snprintf(job->error, job->error_size, "cannot write %s: %s", stream->path, strerror(errno));
    return false;
  }
  fputc(open, stream->file);
  return true;
}

void world_stream_add(WorldStream *stream, const char *key, json_t *entry)
{
  fputs(stream->first ? "\n" : ",\n", stream->file);
  stream->first = false;
  if (key)
    fprintf(stream->file, "\"%s\": ", key);
  if (!entry || json_dumpf(entry, stream->file,
                           JSON_PRESERVE_ORDER | JSON_REAL_PRECISION(6) | JSON_ENCODE_ANY) != 0)
    stream->failed = true;
  json_decref(entry);
}

bool world_stream_close(WorldStream *stream)
{
  fprintf(stream->file, "\n%c\n", stream->close);
  bool ok = !ferror(stream->file) && !stream->failed;
  ok = fclose(stream->file) == 0 && ok;
  if (!ok)
    snprintf(stream->job->error, stream->job->error_size, "cannot write %s: %s", stream->path,
             errno ? strerror(errno) : "out of memory");
  return ok;
}
