/* Hugging Face's folder layout (config.yaml, pytorch_model.bin, names in text files) opens as our own. */
#include <sys/stat.h>

#include "lx-detector.h"
#include "lx-test-io.h"

static LxError error;

/* Copies a test file into `folder`, all of it or its first `most` bytes. */
static void put(const char *folder, const char *name, size_t most)
{
  char from[128], to[300], *bytes;
  snprintf(from, sizeof from, "detector/small/%s", name);
  size_t size = lx_test_read(lx_test_data(from), &bytes);
  snprintf(to, sizeof to, "%s/%s", folder, strcmp(name, "weights.safetensors") ? name : "model.safetensors");
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
  CHECK(!strcmp(lx_detector_class_name(d, 0), "yolk") && !strcmp(lx_detector_class_name(d, 2), "bath room"));
  CHECK(!strcmp(lx_detector_class_name(d, 6), "cat") && !lx_detector_class_name(d, 7));
  CHECK(!strcmp(lx_detector_attribute_name(d, 4), "wet") && !lx_detector_attribute_name(d, 5));
  CHECK(!lx_detector_warnings(d)[0], "%s", lx_detector_warnings(d));
  LxDetectReport report;
  lx_regions_free(look(d, &report));
  CHECK(report.names_known && report.channels == LX_CHANNELS_BGR && report.channels_agree);
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
  const char *hf = lx_test_path("hf"), *own = lx_test_path("own");
  CHECK(!mkdir(hf, 0777) && !mkdir(own, 0777));
  put(hf, "config.yaml", 0);
  put(hf, "pytorch_model.bin", 0);
  put_text(hf, "objects_vocab.txt", "yolk,yolks\ngoal\nbath room\neye\ncar\ndog\ncat,kitty");
  put_text(hf, "attributes_vocab.txt", "floppy\r\nsad\r\nred\r\nbig\r\nwet\r\n");
  CHECK(!lx_detector_open(hf, &d, &error), "%s", error.message);
  if (d) {
    names(d);
    same_as_own(d, own);
    lx_detector_free(d);
  }
  broken(hf);
  lx_test_clean();
  return lx_test_end();
}
