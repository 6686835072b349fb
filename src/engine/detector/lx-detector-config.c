#include "lx-detector-config.h"

#include <math.h>
#include <stddef.h>
#include <string.h>
#include <strings.h>

#include "lx-json.h"
#include "lx-yaml.h"

/* How one field of the file fills one member. */
typedef enum { INT, BOOL, DOUBLE, FLOATS3, FLOATS4, NUMBERS } Kind;

typedef struct {
  const char *section, *key; /* section NULL: at the top */
  Kind kind;
  size_t offset;
} Field;

#define AT(member) offsetof(LxDetectorConfig, member)
static const Field fields[] = {
    {"input", "min_size_test", INT, AT(min_size)},
    {"input", "max_size_test", INT, AT(max_size)},
    {"model", "pixel_mean", FLOATS3, AT(pixel_mean)},
    {"model", "pixel_std", FLOATS3, AT(pixel_std)},
    {"model", "max_pool", BOOL, AT(max_pool_ceil)},
    {"resnets", "depth", INT, AT(depth)},
    {"resnets", "stem_out_channels", INT, AT(stem_out)},
    {"resnets", "res2_out_channels", INT, AT(res2_out)},
    {"resnets", "num_groups", INT, AT(groups)},
    {"resnets", "width_per_group", INT, AT(width_per_group)},
    {"resnets", "stride_in_1x1", BOOL, AT(stride_in_1x1)},
    {"resnets", "res5_dilation", INT, AT(res5_dilation)},
    {"anchor_generator", "sizes", NUMBERS, AT(anchor_sizes)},
    {"anchor_generator", "aspect_ratios", NUMBERS, AT(anchor_ratios)},
    {"anchor_generator", "offset", DOUBLE, AT(anchor_offset)},
    {"proposal_generator", "hidden_channels", INT, AT(rpn_hidden)},
    {"proposal_generator", "min_size", DOUBLE, AT(rpn_min_size)},
    {"rpn", "nms_thresh", DOUBLE, AT(rpn_nms)},
    {"rpn", "pre_nms_topk_test", INT, AT(pre_nms_topk)},
    {"rpn", "post_nms_topk_test", INT, AT(post_nms_topk)},
    {"rpn", "pre_nms_topk_train", INT, AT(pre_nms_topk_train)},
    {"rpn", "post_nms_topk_train", INT, AT(post_nms_topk_train)},
    {"rpn", "bbox_reg_weights", FLOATS4, AT(rpn_weights)},
    {"rpn", "batch_size_per_image", INT, AT(rpn_batch)},
    {"rpn", "positive_fraction", DOUBLE, AT(rpn_positive)},
    {"rpn", "smooth_l1_beta", DOUBLE, AT(rpn_smooth_l1_beta)},
    {"roi_box_head", "pooler_resolution", INT, AT(pooler)},
    {"roi_box_head", "res5halve", BOOL, AT(res5_halve)},
    {"roi_box_head", "attr", BOOL, AT(attributes)},
    {"roi_box_head", "num_attrs", INT, AT(num_attrs)},
    {"roi_box_head", "bbox_reg_weights", FLOATS4, AT(roi_weights)},
    {"roi_box_head", "smooth_l1_beta", DOUBLE, AT(roi_smooth_l1_beta)},
    {"roi_heads", "num_classes", INT, AT(num_classes)},
    {"roi_heads", "batch_size_per_image", INT, AT(roi_batch)},
    {"roi_heads", "positive_fraction", DOUBLE, AT(roi_positive)},
    {"roi_heads", "nms_thresh_test", NUMBERS, AT(nms_thresholds)},
    {"roi_heads", "min_score_test", DOUBLE, AT(min_score)},
    {NULL, "min_detections", INT, AT(min_detections)},
    {NULL, "max_detections", INT, AT(max_detections)},
    {NULL, "size_divisibility", INT, AT(size_divisibility)},
    {NULL, "pad_value", DOUBLE, AT(pad_value)},
};
enum { N_FIELDS = sizeof fields / sizeof fields[0] };

const char *lx_channels_name(LxChannelOrder order)
{
  static const char *const names[LX_CHANNELS] = {"bgr", "rgb", "as-hf-demo"};
  return names[order];
}

bool lx_channels_agree(const LxDetectorConfig *c)
{
  float first = c->pixel_mean[0], last = c->pixel_mean[2];
  bool bgr = fabsf(first - 103) < 4 && fabsf(last - 123) < 4;
  bool rgb = fabsf(first - 123) < 4 && fabsf(last - 103) < 4;
  return c->channels == LX_CHANNELS_BGR ? !rgb : !bgr;
}

static void set_blocks(LxDetectorConfig *c)
{
  static const int known[3][4] = {{3, 4, 6, 3}, {3, 4, 23, 3}, {3, 8, 36, 3}};
  memcpy(c->num_blocks, known[c->depth == 101 ? 1 : c->depth == 152 ? 2 : 0], sizeof c->num_blocks);
}

void lx_detector_config_default(LxDetectorConfig *out)
{
  *out = (LxDetectorConfig){
      .min_size = 800,
      .max_size = 1333,
      .channels = LX_CHANNELS_BGR,
      .pixel_mean = {102.9801f, 115.9465f, 122.7717f},
      .pixel_std = {1, 1, 1},
      .depth = 101,
      .stem_out = 64,
      .res2_out = 256,
      .groups = 1,
      .width_per_group = 64,
      .max_pool_ceil = true,
      .stride_in_1x1 = true,
      .res5_dilation = 1,
      .anchor_sizes = {5, {32, 64, 128, 256, 512}},
      .anchor_ratios = {3, {0.5, 1, 2}},
      .rpn_hidden = 512,
      .rpn_nms = 0.7,
      .pre_nms_topk = 6000,
      .post_nms_topk = 300,
      .pre_nms_topk_train = 12000,
      .post_nms_topk_train = 2000,
      .rpn_weights = {1, 1, 1, 1},
      .rpn_iou_low = 0.3,
      .rpn_iou_high = 0.7,
      .rpn_batch = 256,
      .rpn_positive = 0.5,
      .pooler = 14,
      .num_classes = 1600,
      .num_attrs = 400,
      .attributes = true,
      .roi_weights = {10, 10, 5, 5},
      .roi_batch = 64,
      .roi_positive = 0.25,
      .nms_thresholds = {5, {0.1, 0.2, 0.3, 0.4, 0.5}},
      .min_detections = 36,
      .max_detections = 36,
  };
  set_blocks(out);
}

/* Keys are lower case in files and upper case in the reference's code. */
static const json_t *find(const json_t *object, const char *key)
{
  const char *name;
  json_t *value;
  if (!key)
    return object;
  json_object_foreach ((json_t *)object, name, value)
    if (strcasecmp(name, key) == 0)
      return value;
  return NULL;
}

static int flatten(const json_t *value, double *out, int most)
{
  if (json_is_number(value)) {
    *out = json_number_value(value);
    return most > 0 && isfinite(*out) ? 1 : -1;
  }
  if (!json_is_array(value))
    return -1;
  int n = 0;
  for (size_t i = 0; i < json_array_size(value); i++) {
    int more = flatten(json_array_get(value, i), out + n, most - n);
    if (more < 0)
      return -1;
    n += more;
  }
  return n;
}

static bool take(const json_t *value, Kind kind, void *to)
{
  double list[LX_DET_MAX_THRESHOLDS];
  int want = kind == FLOATS3 ? 3 : kind == FLOATS4 ? 4 : 1;
  if (kind == BOOL && json_is_boolean(value)) {
    *(bool *)to = json_is_true(value);
    return true;
  }
  int n = flatten(value, list, LX_DET_MAX_THRESHOLDS);
  if (n < 1 || (kind != NUMBERS && n != want))
    return false;
  if (kind == NUMBERS) {
    ((LxNumbers *)to)->count = n;
    memcpy(((LxNumbers *)to)->at, list, (size_t)n * sizeof *list);
  } else if (kind == DOUBLE) {
    *(double *)to = list[0];
  } else if (kind == FLOATS3 || kind == FLOATS4) {
    for (int i = 0; i < n; i++)
      ((float *)to)[i] = (float)list[i];
  } else if (fabs(list[0]) < 1e9) {
    if (kind == INT)
      *(int *)to = (int)list[0];
    else
      *(bool *)to = list[0] != 0;
  } else {
    return false;
  }
  return true;
}

/* Fields that are no plain member: the channel order, iou_thresholds and our own num_blocks. */
static LxStatus take_special(const json_t *json, LxDetectorConfig *c, LxError *error)
{
  const json_t *input = find(json, "input"), *resnets = find(json, "resnets"),
               *rpn = find(json, "rpn");
  const json_t *format = input ? find(input, "format") : NULL;
  const json_t *order = input ? find(input, "channel_order") : NULL;
  if (json_is_string(format) && strcasecmp(json_string_value(format), "RGB") == 0)
    c->channels = LX_CHANNELS_RGB;
  if (json_is_string(order) && strcasecmp(json_string_value(order), "as-hf-demo") == 0)
    c->channels = LX_CHANNELS_AS_HF_DEMO;
  double list[4];
  const json_t *iou = rpn ? find(rpn, "iou_thresholds") : NULL;
  if (iou && flatten(iou, list, 4) == 2) {
    c->rpn_iou_low = list[0];
    c->rpn_iou_high = list[1];
  }
  set_blocks(c);
  const json_t *blocks = resnets ? find(resnets, "num_blocks") : NULL;
  if (!blocks && c->depth != 50 && c->depth != 101 && c->depth != 152)
    return lx_fail(error, LX_ERR_UNSUPPORTED,
                   "A ResNet of depth %d is not known; 50, 101 and 152 are, or give "
                   "resnets.num_blocks.",
                   c->depth);
  if (blocks && flatten(blocks, list, 4) != 4)
    return lx_fail(error, LX_ERR_FORMAT, "“resnets.num_blocks” must be four numbers.");
  for (int i = 0; blocks && i < 4; i++)
    c->num_blocks[i] = (int)fmin(fmax(list[i], 0), 1000);
  return LX_OK;
}

static LxStatus from_json(const json_t *json, LxDetectorConfig *out, LxError *error)
{
  LxDetectorConfig c;
  lx_detector_config_default(&c);
  if (!json_is_object(json))
    return lx_fail(error, LX_ERR_FORMAT, "A detector's configuration must be an object.");
  for (int i = 0; i < N_FIELDS; i++) {
    const json_t *section = find(json, fields[i].section);
    const json_t *value = json_is_object(section) ? find(section, fields[i].key) : NULL;
    if (value && !take(value, fields[i].kind, (char *)&c + fields[i].offset))
      return lx_fail(error, LX_ERR_FORMAT, "The field “%s%s%s” is not usable.",
                     fields[i].section ? fields[i].section : "", fields[i].section ? "." : "",
                     fields[i].key);
  }
  LxStatus status = take_special(json, &c, error);
  if (!status)
    status = lx_detector_config_check(&c, error);
  if (!status)
    *out = c;
  return status;
}

LxStatus lx_detector_config_read(const char *path, LxDetectorConfig *out, LxError *error)
{
  json_t *json = NULL;
  const char *dot = strrchr(path, '.');
  bool yaml = dot && (strcmp(dot, ".yaml") == 0 || strcmp(dot, ".yml") == 0);
  LxStatus status =
      yaml ? lx_yaml_to_json(path, &json, error) : lx_json_read(path, 1 << 20, &json, error);
  if (status)
    return status;
  status = from_json(json, out, error);
  json_decref(json);
  return status ? lx_fail_in(error, path) : LX_OK;
}

static json_t *numbers(const double *list, int n)
{
  json_t *array = json_array();
  for (int i = 0; i < n; i++)
    json_array_append_new(array, list[i] == floor(list[i]) ? json_integer((json_int_t)list[i])
                                                           : json_real(list[i]));
  return array;
}

static json_t *give(const LxDetectorConfig *self, const Field *field)
{
  const char *from = (const char *)self + field->offset;
  const LxNumbers *list = (const LxNumbers *)from;
  double values[4];
  json_t *outer;
  switch (field->kind) {
  case INT:
    return json_integer(*(const int *)from);
  case BOOL:
    return json_boolean(*(const bool *)from);
  case DOUBLE:
    return json_real(*(const double *)from);
  case FLOATS3:
  case FLOATS4:
    for (int i = 0; i < 4; i++) /* the shortest decimal that reads back equal */
      values[i] =
          i == 3 && field->kind == FLOATS3 ? 0 : round(((const float *)from)[i] * 1e4) / 1e4;
    return numbers(values, field->kind == FLOATS3 ? 3 : 4);
  case NUMBERS:
    if (strcmp(field->section, "anchor_generator") != 0)
      return numbers(list->at, list->count);
    outer = json_array();
    json_array_append_new(outer, numbers(list->at, list->count));
    return outer;
  }
  return NULL;
}

LxStatus lx_detector_config_write(const LxDetectorConfig *self, const char *path, LxError *error)
{
  json_t *json = json_object();
  for (int i = 0; i < N_FIELDS; i++) {
    json_t *section = json;
    if (fields[i].section && !(section = json_object_get(json, fields[i].section))) {
      section = json_object();
      json_object_set_new(json, fields[i].section, section);
    }
    json_object_set_new(section, fields[i].key, give(self, &fields[i]));
  }
  json_t *input = json_object_get(json, "input"), *resnets = json_object_get(json, "resnets");
  json_object_set_new(input, "format",
                      json_string(self->channels == LX_CHANNELS_RGB ? "RGB" : "BGR"));
  if (self->channels == LX_CHANNELS_AS_HF_DEMO)
    json_object_set_new(input, "channel_order", json_string("as-hf-demo"));
  double blocks[4], iou[2] = {self->rpn_iou_low, self->rpn_iou_high};
  for (int i = 0; i < 4; i++)
    blocks[i] = self->num_blocks[i];
  json_object_set_new(resnets, "num_blocks", numbers(blocks, 4));
  json_object_set_new(json_object_get(json, "rpn"), "iou_thresholds", numbers(iou, 2));
  LxStatus status = lx_json_write(json, path, error);
  json_decref(json);
  return status;
}

LxStatus lx_detector_config_check(const LxDetectorConfig *c, LxError *error)
{
  const struct {
    const char *name;
    int value, least, most;
  } limits[] = {
      {"input.min_size_test", c->min_size, 32, 4000},
      {"input.max_size_test", c->max_size, c->min_size, 8000},
      {"resnets.stem_out_channels", c->stem_out, 1, 4096},
      {"resnets.res2_out_channels", c->res2_out, 1, 1024},
      {"resnets.num_groups", c->groups, 1, 256},
      {"resnets.width_per_group", c->width_per_group, 1, 1024},
      {"resnets.num_groups * width_per_group", c->groups * c->width_per_group, 1, 1024},
      {"resnets.res5_dilation", c->res5_dilation, 1, 8},
      {"resnets.num_blocks[0]", c->num_blocks[0], 1, 100},
      {"resnets.num_blocks[1]", c->num_blocks[1], 1, 100},
      {"resnets.num_blocks[2]", c->num_blocks[2], 1, 100},
      {"resnets.num_blocks[3]", c->num_blocks[3], 1, 100},
      {"anchors", lx_detector_anchors(c), 1, LX_DET_MAX_ANCHORS},
      {"proposal_generator.hidden_channels", c->rpn_hidden, 1, 4096},
      {"rpn.pre_nms_topk_test", c->pre_nms_topk, 1, 1000000},
      {"rpn.post_nms_topk_test", c->post_nms_topk, 1, 100000},
      {"roi_box_head.pooler_resolution", c->pooler, 1, 64},
      {"roi_heads.num_classes", c->num_classes, 1, 100000},
      {"roi_box_head.num_attrs", c->num_attrs, c->attributes ? 1 : 0, 100000},
      {"size_divisibility", c->size_divisibility, 0, 1024},
      {"max_detections", c->max_detections, 1, 1000},
      {"min_detections", c->min_detections, 0, c->max_detections},
  };
  for (size_t i = 0; i < sizeof limits / sizeof limits[0]; i++)
    if (limits[i].value < limits[i].least || limits[i].value > limits[i].most)
      return lx_fail(error, LX_ERR_UNSUPPORTED, "“%s” is %d; from %d to %d is possible.",
                     limits[i].name, limits[i].value, limits[i].least, limits[i].most);
  for (int i = 0; i < 3; i++)
    if (!(c->pixel_std[i] > 0))
      return lx_fail(error, LX_ERR_UNSUPPORTED, "“model.pixel_std” must be positive.");
  for (int i = 0; i < c->anchor_ratios.count; i++)
    if (!(c->anchor_ratios.at[i] > 0))
      return lx_fail(error, LX_ERR_UNSUPPORTED, "“aspect_ratios” must be positive.");
  return LX_OK;
}

int lx_detector_anchors(const LxDetectorConfig *self)
{
  return self->anchor_sizes.count * self->anchor_ratios.count;
}

int lx_detector_stage_out(const LxDetectorConfig *self, int stage)
{
  return self->res2_out << (stage - 2);
}

int lx_detector_stage_width(const LxDetectorConfig *self, int stage)
{
  return (self->groups * self->width_per_group) << (stage - 2);
}

int lx_detector_feature_size(const LxDetectorConfig *self)
{
  return lx_detector_stage_out(self, 5);
}
