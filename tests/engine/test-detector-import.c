/* Hugging Face's folder layout (config.yaml, pytorch_model.bin, names in text files) opens as our own, and
 * so does a file of weights alone, as the authors' .pkl of NumPy arrays. */
#include <sys/stat.h>

#include "lx-detector.h"
#include "lx-safetensors.h"
#include "lx-test-io.h"

static LxError error;

/* Copies a test file into `folder`, all of it or its first `most` bytes. */
static void put(const char *folder, const char *name, size_t most)
{
  char from[128], to[300], *bytes;
  snprintf(from, sizeof from, "detector/small/%s", name);
  size_t size = lx_test_read(lx_test_data(from), &bytes);
  snprintf(to, sizeof to, "%s/%s", folder,
           strcmp(name, "weights.safetensors") ? name : "model.safetensors");
  lx_test_write(to, bytes, most && most < size ? most : size);
  free(bytes);
}

static void put_text(const char *folder, const char *name, const char *text)
{
  char to[300];
  snprintf(to, sizeof to, "%s/%s", folder, name);
  lx_test_write(to, text, strlen(text));
}

static LxRegions *look(LxDetector *d, LxDetectReport *report)
{
  static uint8_t rgb[120 * 168 * 3];
  LxRegions *r = NULL;
  for (size_t i = 0; i < sizeof rgb; i++)
    rgb[i] = (uint8_t)((i * i / 97 + i / 31) & 255);
  CHECK(!lx_detector_detect(d, rgb, 168, 120, 168 * 3, NULL, &r, report, NULL, NULL, &error), "%s",
        error.message);
  return r;
}

static void same_as_own(LxDetector *imported, const char *folder)
{
  LxDetector *own = NULL;
  LxDetectReport report;
  put(folder, "config.json", 0);
  put(folder, "weights.safetensors", 0);
  CHECK(!lx_detector_open(folder, &own, &error), "%s", error.message);
  if (!own)
    return;
  LxRegions *a = look(imported, &report), *b = look(own, &report);
  CHECK(a && b && a->count == 36 && b->count == 36);
  CHECK(a && b && memcmp(a->boxes, b->boxes, 36 * 16) == 0 &&
        memcmp(a->features, b->features, (size_t)(36 * a->feature_size) * 4) == 0 &&
        memcmp(a->object_ids, b->object_ids, 36 * sizeof *a->object_ids) == 0);
  CHECK(!report.names_known && strstr(report.warnings, "have no name"), "%s", report.warnings);
  lx_regions_free(a);
  lx_regions_free(b);
  lx_detector_free(own);
}

static void names(LxDetector *d)
{
  CHECK(!strcmp(lx_detector_class_name(d, 0), "yolk") &&
        !strcmp(lx_detector_class_name(d, 2), "bath room"));
  CHECK(!strcmp(lx_detector_class_name(d, 6), "cat") && !lx_detector_class_name(d, 7));
  CHECK(!strcmp(lx_detector_attribute_name(d, 4), "wet") && !lx_detector_attribute_name(d, 5));
  CHECK(!lx_detector_warnings(d)[0], "%s", lx_detector_warnings(d));
  LxDetectReport report;
  lx_regions_free(look(d, &report));
  CHECK(report.names_known && report.channels == LX_CHANNELS_BGR && report.channels_agree);
}

/* ---- a pickle of NumPy arrays, protocol 3 ---- */

#define PUT(f, literal) fwrite(literal, 1, sizeof literal - 1, f)

static void put_size(FILE *f, char op, size_t n)
{
  fprintf(f, "%c%c%c%c%c", op, (int)(n & 255), (int)(n >> 8 & 255), (int)(n >> 16 & 255),
          (int)(n >> 24 & 255));
}

static void put_array(FILE *f, const char *name, const LxTensor *t)
{
  put_size(f, 'X', strlen(name));
  fputs(name, f);
  PUT(f, "cnumpy.core.multiarray\n_reconstruct\ncnumpy\nndarray\nK\0\x85"
         "C\1b\x87R(K\1(");
  for (int i = 0; i < t->ndim; i++)
    put_size(f, 'J', (size_t)t->dim[i]);
  PUT(f, "tcnumpy\ndtype\nX\2\0\0\0");
  fputs(t->dtype == LX_I64 ? "i8" : "f4", f);
  PUT(f, "\x85R(K\3X\1\0\0\0<NNNtb\x89");
  put_size(f, 'B', lx_tensor_bytes(t));
  fwrite(t->data, 1, lx_tensor_bytes(t), f);
  fputs("tb", f);
}

/* {"model": {name: array, …}, "__author__": "…"} without the tensors whose name holds `but`. */
static void put_pickle(const char *path, const char *but)
{
  LxTensors *t = NULL;
  FILE *f = fopen(path, "wb");
  CHECK(!lx_safetensors_read(lx_test_data("detector/small/weights.safetensors"), &t, &error) && f);
  PUT(f, "\x80\3}(X\5\0\0\0model}(");
  for (size_t i = 0; i < lx_tensors_count(t); i++)
    if (!but || !strstr(lx_tensors_name(t, i), but))
      put_array(f, lx_tensors_name(t, i), lx_tensors_at(t, i));
  PUT(f, "uX\n\0\0\0__author__X\1\0\0\0au.");
  fclose(f);
  lx_tensors_unref(t);
}

/* Its names and settings lie beside it; another model's config.json there is not its own. */
static void pickle_alone(LxDetector *hf, const char *folder)
{
  char path[300];
  LxDetector *d = NULL;
  LxDetectReport report;
  snprintf(path, sizeof path, "%s/faster_rcnn.pkl", folder);
  put_pickle(path, NULL);
  put(folder, "config.yaml", 0);
  put_text(folder, "config.json", "{\"resnets\": {\"depth\": 50}, \"max_detections\": 7}");
  put_text(folder, "objects_vocab.txt", "yolk,yolks\ngoal\nbath room\neye\ncar\ndog\ncat,kitty");
  put_text(folder, "attributes_vocab.txt", "floppy\nsad\nred\nbig\nwet\n");
  CHECK(!lx_detector_open(path, &d, &error), "%s", error.message);
  if (!d)
    return;
  LxRegions *a = look(hf, &report), *b = look(d, &report);
  CHECK(report.names_known && a->count == b->count &&
        memcmp(a->boxes, b->boxes, (size_t)(4 * a->count) * 4) == 0 &&
        memcmp(a->features, b->features, (size_t)(a->count * a->feature_size) * 4) == 0);
  lx_regions_free(a);
  lx_regions_free(b);
  lx_detector_free(d);
}

/* Every size is that of the tensors; what they do not show is as published. */
static void sizes_of_tensors(const LxDetectorConfig *want)
{
  LxDetector *d = NULL;
  const char *path = lx_test_path("alone.pkl");
  put_pickle(path, "attr"); /* there is one without that head, too */
  CHECK(!lx_detector_open(path, &d, &error) && !lx_detector_config(d)->attributes, "%s",
        error.message);
  lx_detector_free(d);
  d = NULL;
  put_pickle(path, NULL);
  CHECK(!lx_detector_open(path, &d, &error), "%s", error.message);
  if (!d)
    return;
  const LxDetectorConfig *c = lx_detector_config(d);
  CHECK(memcmp(c->num_blocks, want->num_blocks, sizeof c->num_blocks) == 0 &&
        c->stem_out == want->stem_out && c->res2_out == want->res2_out &&
        c->groups == want->groups && c->width_per_group == want->width_per_group &&
        c->rpn_hidden == want->rpn_hidden && c->num_classes == want->num_classes &&
        c->num_attrs == want->num_attrs && c->attributes == want->attributes);
  CHECK(c->max_detections == 36 && c->min_size == 800);
  lx_detector_free(d);
  d = NULL;
  put_pickle(path, "rpn_head.conv.weight");
  CHECK(lx_detector_open(path, &d, &error) && strstr(error.message, "rpn_head.conv.weight"), "%s",
        error.message);
}

static void broken(const char *folder)
{
  LxDetector *d = NULL;
  put_text(folder, "attributes_vocab.txt", "floppy\n");
  CHECK(!lx_detector_open(folder, &d, &error), "%s", error.message);
  CHECK(d && strstr(lx_detector_warnings(d), "1 names for 5 attributes"), "%s",
        d ? lx_detector_warnings(d) : "");
  lx_detector_free(d);
  d = NULL;
  put(folder, "pytorch_model.bin", 300000);
  CHECK(lx_detector_open(folder, &d, &error) && strstr(error.message, "pytorch_model.bin"), "%s",
        error.message);
  put_text(folder, "config.yaml", "rpn: [1,");
  CHECK(lx_detector_open(folder, &d, &error) && strstr(error.message, "config.yaml"), "%s",
        error.message);
  CHECK(!d);
}

int main(void)
{
  LxDetector *d = NULL;
  const char *hf = lx_test_path("hf"), *own = lx_test_path("own"), *alone = lx_test_path("alone");
  CHECK(!mkdir(hf, 0777) && !mkdir(own, 0777) && !mkdir(alone, 0777));
  put(hf, "config.yaml", 0);
  put(hf, "pytorch_model.bin", 0);
  put_text(hf, "objects_vocab.txt", "yolk,yolks\ngoal\nbath room\neye\ncar\ndog\ncat,kitty");
  put_text(hf, "attributes_vocab.txt", "floppy\r\nsad\r\nred\r\nbig\r\nwet\r\n");
  CHECK(!lx_detector_open(hf, &d, &error), "%s", error.message);
  if (d) {
    names(d);
    same_as_own(d, own);
    pickle_alone(d, alone);
    sizes_of_tensors(lx_detector_config(d));
    lx_detector_free(d);
  }
  broken(hf);
  lx_test_clean();
  return lx_test_end();
}
