/* detect: what a detector finds in images, as text, JSON, a feature file or a picture. */
#include "cli.h"
#include "cli-scene.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <time.h>
#include <unistd.h>

#include <jansson.h>

#include "figure-export.h"
#include "lx-file.h"
#include "lx-tsv.h"

typedef struct {
  const char *folder, *detector, *tsv, *picture;
  int64_t boxes;
  bool as_json;
} Settings;

typedef struct {
  char **paths;
  size_t n, room;
} Paths;

static bool add_path(Paths *paths, char *path)
{
  if (paths->n == paths->room) {
    size_t room = paths->room ? 2 * paths->room : 64;
    char **grown = realloc(paths->paths, room * sizeof *grown);
    if (!grown)
      return false;
    paths->paths = grown;
    paths->room = room;
  }
  paths->paths[paths->n++] = path;
  return path != NULL;
}

static int compare_paths(const void *a, const void *b)
{
  return strcmp(*(char *const *)a, *(char *const *)b);
}

static bool looks_like_image(const char *name)
{
  static const char *const endings[] = { ".png", ".jpg", ".jpeg", ".gif", ".bmp", ".tif", ".tiff",
                                         ".webp", ".pnm", ".ppm", ".pgm", ".svg" };
  const char *dot = strrchr(name, '.');

  for (size_t i = 0; dot && dot != name && i < sizeof endings / sizeof *endings; i++)
    if (!strcasecmp(dot, endings[i]))
      return true;
  return false;
}

static LxStatus list_folder(const char *folder, Paths *paths, LxError *error)
{
  DIR *dir = opendir(folder);
  struct dirent *entry;
  bool ok = true;

  if (!dir)
    return lx_fail(error, LX_ERR_IO, "%s: there is no such folder of images.", folder);
  while (ok && (entry = readdir(dir)) != NULL)
    if (looks_like_image(entry->d_name))
      ok = add_path(paths, lx_file_join(folder, entry->d_name));
  closedir(dir);
  if (!ok)
    return lx_fail(error, LX_ERR_MEMORY, "Not enough memory.");
  if (paths->n == 0)
    return lx_fail(error, LX_ERR_MISSING, "%s holds no image.", folder);
  qsort(paths->paths, paths->n, sizeof *paths->paths, compare_paths);
  return LX_OK;
}

static json_t *box_json(const LxDetector *detector, const LxRegions *r, int64_t i)
{
  const float *b = r->boxes + 4 * i;
  return json_pack("{ss* sI sf ss* sI sf s[ffff]}", "object",
                   lx_detector_class_name(detector, r->object_ids[i]), "object_id",
                   (json_int_t)r->object_ids[i], "confidence", (double)r->object_conf[i],
                   "attribute", lx_detector_attribute_name(detector, r->attribute_ids[i]),
                   "attribute_id", (json_int_t)r->attribute_ids[i], "attribute_confidence",
                   (double)r->attribute_conf[i], "box", (double)b[0], (double)b[1], (double)b[2],
                   (double)b[3]);
}

static json_t *sanity_json(const LxDetectReport *report, const LxRegions *r)
{
  static const char *const channels[] = { "bgr", "rgb", "as-hf-demo" };
  json_t *warnings = json_array();
  double low = 0.0, high = 0.0;

  for (const char *at = report->warnings; *at; at += strcspn(at, "\n"), at += *at == '\n')
    json_array_append_new(warnings, json_stringn(at, strcspn(at, "\n")));
  for (int64_t i = 0; i < 4 * r->count; i++) {
    double side = (double)(i & 1 ? r->height : r->width), x = (double)r->boxes[i] / side;
    low = i == 0 || x < low ? x : low;
    high = i == 0 || x > high ? x : high;
  }
  return json_pack("{sI sI s[ff] sI sI s{sf sf sf} sf ss sb sb so}", "count",
                   (json_int_t)report->count, "wanted", (json_int_t)report->wanted, "box_range", low,
                   high, "duplicates", (json_int_t)report->duplicates, "outside",
                   (json_int_t)report->outside, "norm", "min", report->norm_min, "mean",
                   report->norm_mean, "max", report->norm_max, "value_max", report->value_max,
                   "channels", channels[report->channels], "names_known", report->names_known, "fast",
                   report->fast, "warnings", warnings);
}

static json_t *scene_json(const char *path, const LxDetector *detector, const LxRegions *r,
                          const LxDetectReport *report)
{
  json_t *boxes = json_array();

  for (int64_t i = 0; i < r->count; i++)
    json_array_append_new(boxes, box_json(detector, r, i));
  return json_pack("{ss sI sI sI sf so so}", "image", path, "width", (json_int_t)r->width, "height",
                   (json_int_t)r->height, "feature_size", (json_int_t)r->feature_size, "seconds",
                   report->seconds, "boxes", boxes, "sanity", sanity_json(report, r));
}

static void print_scene(const char *path, const LxDetector *detector, const LxRegions *r,
                        const LxDetectReport *report)
{
  char label[200];

  printf("%s: %lld x %lld, %lld boxes in %.2f s\n", path, (long long)r->width, (long long)r->height,
         (long long)r->count, report->seconds);
  for (int64_t i = 0; i < r->count; i++) {
    const float *b = r->boxes + 4 * i;
    cli_region_label(detector, r, i, label, sizeof label);
    printf("  %5.1f%%  %-28s %6.0f %6.0f %6.0f %6.0f\n", 100 * (double)r->object_conf[i], label,
           (double)b[0], (double)b[1], (double)b[2], (double)b[3]);
  }
  if (report->warnings[0])
    fprintf(stderr, "%s: %s\n", path, report->warnings);
}

typedef struct {
  const Settings *settings;
  LxDetector *detector;
  LxTsvWriter *writer;
  LxTsv *written; /* the lines that a resumed file holds already */
  json_t *list;
  int64_t done, unreadable, skipped;
} Batch;

/* The file's name without its folder and ending: the id of its line. */
static bool is_written(const Batch *batch, const char *path)
{
  const char *slash = strrchr(path, '/'), *name = slash ? slash + 1 : path;
  const char *dot = strrchr(name, '.');
  char id[512];

  if (!batch->written)
    return false;
  snprintf(id, sizeof id, "%.*s", (int)(dot && dot > name ? dot - name : (ptrdiff_t)strlen(name)),
           name);
  return lx_tsv_find(batch->written, id) >= 0;
}

static LxStatus draw(const Batch *batch, const char *path, MediaImage *image, LxRegions *regions,
                     LxError *error)
{
  CliScene scene = { .path = path, .image = image, .detector = batch->detector, .regions = regions };
  LxStatus status = cli_scene_label(&scene, error);

  if (status == LX_OK)
    status = cli_scene_draw(&scene, batch->settings->picture, error);
  cli_scene_unlabel(&scene);
  return status;
}

/* One image. An unreadable one is LX_ERR_FORMAT or LX_ERR_IO. */
static LxStatus detect_one(Batch *batch, const char *path, LxError *error)
{
  MediaImage *image = NULL;
  LxRegions *regions = NULL;
  LxDetectReport report = { 0 };
  LxStatus status = cli_read_image(path, &image, error);

  if (status == LX_OK)
    status = cli_detect_image(batch->detector, image, path, batch->settings->boxes, &regions, &report,
                              error);
  if (status == LX_OK && batch->writer)
    status = lx_tsv_writer_add(batch->writer, regions, error);
  if (status == LX_OK && batch->settings->picture)
    status = draw(batch, path, image, regions, error);
  if (status == LX_OK && batch->list)
    json_array_append_new(batch->list, scene_json(path, batch->detector, regions, &report));
  else if (status == LX_OK && !batch->settings->folder)
    print_scene(path, batch->detector, regions, &report);
  batch->done += status == LX_OK;
  lx_regions_free(regions);
  media_image_free(image);
  return status;
}

/* In a folder an unreadable image is reported and left out; a single one is an error. */
static LxStatus detect_all(Batch *batch, const Paths *paths, LxError *error)
{
  for (size_t i = 0; i < paths->n; i++) {
    LxStatus status;
    if (cli_interrupted())
      return lx_fail(error, LX_ERR_CANCELLED, "stopped after %lld images%s", (long long)batch->done,
                     batch->writer ? "; the same command goes on from there" : "");
    if (is_written(batch, paths->paths[i])) {
      batch->skipped++;
      continue;
    }
    status = detect_one(batch, paths->paths[i], error);
    if (status == LX_OK || status == LX_ERR_CANCELLED)
      continue;
    if (!batch->settings->folder || (status != LX_ERR_FORMAT && status != LX_ERR_IO))
      return status;
    cli_fail("left out: %s", error->message);
    batch->unreadable++;
  }
  return LX_OK;
}

static LxStatus open_batch(Batch *batch, LxError *error)
{
  const Settings *s = batch->settings;
  LxStatus status = lx_detector_open(cli_detector_dir(s->detector), &batch->detector, error);
  bool again = s->tsv && s->folder && lx_file_exists(s->tsv);

  if (status == LX_OK && lx_detector_warnings(batch->detector)[0])
    fprintf(stderr, "crosslens-cli: note: %s\n", lx_detector_warnings(batch->detector));
  if (status == LX_OK && s->tsv)
    status = lx_tsv_writer_open(s->tsv, again, &batch->writer, error);
  if (status == LX_OK && again)
    status = lx_tsv_open(s->tsv, &batch->written, error);
  if (status == LX_OK && again)
    status = lx_tsv_index(batch->written, -1, NULL, NULL, error);
  if (status == LX_OK && s->as_json)
    batch->list = json_array();
  return status;
}

static void print_list(json_t *list, bool single)
{
  json_dumpf(single && json_array_size(list) == 1 ? json_array_get(list, 0) : list, stdout,
             JSON_INDENT(2) | JSON_REAL_PRECISION(9));
  putchar('\n');
}

static int detect(const Settings *s, const Paths *paths)
{
  Batch batch = { .settings = s };
  LxError error = { 0 }, closing = { 0 };
  LxStatus status = open_batch(&batch, &error);

  if (status == LX_OK)
    status = detect_all(&batch, paths, &error);
  if (batch.writer && lx_tsv_writer_close(batch.writer, &closing) != LX_OK && status == LX_OK) {
    error = closing;
    status = closing.code;
  }
  if (status == LX_OK && batch.list)
    print_list(batch.list, !s->folder);
  if (s->folder)
    fprintf(stderr, "%lld images done, %lld were there already, %lld unreadable\n",
            (long long)batch.done, (long long)batch.skipped, (long long)batch.unreadable);
  json_decref(batch.list);
  lx_tsv_free(batch.written);
  lx_detector_free(batch.detector);
  return status == LX_OK ? (batch.unreadable > 0 ? CLI_FAILED : CLI_OK) : cli_fail_error(&error);
}

int cli_detect(int argc, char **argv)
{
  Settings s = { 0 };
  Paths paths = { 0 };
  LxError error = { 0 };
  const CliOption options[] = {
    { "folder", CLI_STRING, &s.folder, "DIR", "all images of a folder" },
    { "detector", CLI_STRING, &s.detector, "DIR", "detector folder (default: the shipped one)" },
    { "json", CLI_FLAG, &s.as_json, NULL, "JSON on standard output, with the sanity report" },
    { "tsv", CLI_STRING, &s.tsv, "FILE", "write features as obj36 TSV; with --folder it is continued" },
    { "image", CLI_STRING, &s.picture, "FILE", "draw the boxes of the image: .png, .svg or .pdf" },
    { "boxes", CLI_INT, &s.boxes, "N", "boxes an image (default: the detector's, 36)" },
  };
  const CliSpec spec = { "IMAGE... | --folder DIR [--json] [--tsv FILE] [--image FILE] [--boxes N]",
                         "Finds the objects in images: classes, attributes, boxes, features.", options,
                         6, 0, -1 };
  int code = cli_parse(&spec, &argc, argv);

  if (code != CLI_GO_ON)
    return code;
  if ((argc > 1) == (s.folder != NULL))
    return cli_usage(argv[0], "give images, or --folder");
  if (s.picture && (argc != 2 || !figure_export_knows(s.picture)))
    return cli_usage(argv[0], "--image draws one image into a .png, .svg or .pdf file");
  if (s.boxes < 0 || s.boxes > 1000)
    return cli_usage(argv[0], "--boxes is 1 to 1000");
  cli_catch_interrupt();
  if (s.folder && list_folder(s.folder, &paths, &error) != LX_OK)
    code = cli_fail_error(&error);
  for (int i = 1; i < argc && code == CLI_GO_ON; i++)
    if (!add_path(&paths, strdup(argv[i])))
      code = cli_fail("Not enough memory.");
  if (code == CLI_GO_ON)
    code = detect(&s, &paths);
  for (size_t i = 0; i < paths.n; i++)
    free(paths.paths[i]);
  free(paths.paths);
  return code;
}
