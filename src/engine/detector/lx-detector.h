/* An opened detector: from any RGB picture to the regions that LXMERT takes. */
#pragma once

#include "lx-detector-folder.h"
#include "lx-regions.h"

typedef struct LxDetector LxDetector;

typedef struct {
  int max_boxes; /* 0: the configuration's */
  int min_boxes; /* 0: the configuration's, at most max_boxes */
  bool fast;     /* fewer proposals on a smaller picture: not the published features */
  /* -1: the configuration's; else an LxChannelOrder */
  int channels;
} LxDetectOptions;

/* What a person should know about a result. `warnings` are sentences, one a line; "" = none. */
typedef struct {
  LxChannelOrder channels; /* that was used */
  bool channels_agree; /* the mean that is subtracted is in the same order, as far as it shows */
  bool fast;
  int64_t count, wanted;                /* boxes found, and the configuration's max_detections */
  int64_t duplicates;                   /* pairs of boxes that overlap by more than 0.9 */
  int64_t outside;                      /* coordinates outside the picture */
  double norm_min, norm_mean, norm_max; /* Euclidean, of the features */
  double value_max;                     /* features are means of ReLUs: never negative */
  bool names_known;                     /* every reported class and attribute has a name */
  int input_width, input_height;        /* of the network's picture */
  double seconds;
  char warnings[1200];
} LxDetectReport;

/* Defaults: everything from the configuration. */
void lx_detect_options_default(LxDetectOptions *out);

/* Opens a folder (see lx-detector-folder.h). *out is owned: lx_detector_free. */
LxStatus lx_detector_open(const char *folder, LxDetector **out, LxError *error);
/* From parts, e.g. random weights for a benchmark; `params` are float32, a reference is taken.
 * `names` are copied and may be NULL. */
LxStatus lx_detector_new(const LxDetectorConfig *config, LxTensors *params,
                         const LxDetectorNames *names, LxDetector **out, LxError *error);
/* Random weights of any size, for measuring time and memory: as many proposals as the configuration
 * takes, no meaning. */
LxStatus lx_detector_new_random(const LxDetectorConfig *config, uint64_t seed, LxDetector **out,
                                LxError *error);
void lx_detector_free(LxDetector *self); /* NULL is fine */

const LxDetectorConfig *lx_detector_config(const LxDetector *self);
int lx_detector_features(const LxDetector *self); /* numbers of one region's feature */
int lx_detector_n_classes(const LxDetector *self);
int lx_detector_n_attributes(const LxDetector *self);
/* Borrowed; NULL when the file of names lacks it. */
const char *lx_detector_class_name(const LxDetector *self, int64_t id);
const char *lx_detector_attribute_name(const LxDetector *self, int64_t id);
/* Sentences about the detector itself (e.g. that it is not a 36-box one), "" = none. Borrowed. */
const char *lx_detector_warnings(const LxDetector *self);

/* rgb: rows of width * 3 bytes (R G B), `stride` bytes apart, any size from 1x1. `options`,
 * `progress` and `report` may be NULL. One call at a time for one detector. *out is owned:
 * lx_regions_free. */
LxStatus lx_detector_detect(LxDetector *self, const uint8_t *rgb, int width, int height,
                            size_t stride, const LxDetectOptions *options, LxRegions **out,
                            LxDetectReport *report, LxProgress progress, void *user_data,
                            LxError *error);

/* Features, class and attribute of boxes that somebody drew, in their order; the boxes come out as
 * they were given. `boxes` [n, 4] x1 y1 x2 y2 in pixels of the picture, each inside it and with an
 * area. The picture that was looked at last is not looked at again. *out is owned. */
LxStatus lx_detector_describe(LxDetector *self, const uint8_t *rgb, int width, int height,
                              size_t stride, const float *boxes, int64_t n, LxRegions **out,
                              LxError *error);

/* ---- many pictures of one size ---- */

/* Fills rgb[height, width, 3] of picture `index`; may be called from several threads at once. 0 =
 * done. */
typedef int (*LxPictureSource)(void *user_data, int64_t index, uint8_t *rgb);
/* Gets the pictures' regions in the order of their index, one call at a time; takes them over. 0 =
 * go on. */
typedef int (*LxRegionsSink)(void *user_data, int64_t index, LxRegions *regions);

/* Pictures first .. first + count - 1, several at once, one thread each: the way to make the
 * features of thousands of small pictures. */
LxStatus lx_detector_detect_many(LxDetector *self, int width, int height, int64_t first,
                                 int64_t count, LxPictureSource source, LxRegionsSink sink,
                                 void *data, LxProgress progress, void *user_data, LxError *error);
