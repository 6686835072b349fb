#include "lx-npz.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <zip.h>

#include "lx-file.h"

/* NumPy's little-endian type codes in LxDType's order. */
static const char *const codes[] = {"<f4", "<f8", "<f4", "<f4", "<i8",
                                    "<i4", "<i2", "|i1", "|u1", "|b1"};

/* Version 1.0: magic, u16 length, a Python dictionary padded so that the data start at a multiple
 * of 64 (numpy/lib/format.py). Returns the header's bytes. */
static size_t npy_header(const LxTensor *t, char *out, size_t size)
{
  char shape[LX_MAX_DIMS * 24 + 1] = "";
  size_t at = 0;
  for (int i = 0; i < t->ndim; i++)
    at += (size_t)snprintf(shape + at, sizeof shape - at, "%lld,%s", (long long)t->dim[i],
                           i + 1 < t->ndim ? " " : "");
  int n = snprintf(out + 10, size - 10, "{'descr': '%s', 'fortran_order': False, 'shape': (%s), }",
                   codes[t->dtype], shape);
  size_t total = ((size_t)n + 11 + 63) / 64 * 64;
  memset(out + 10 + n, ' ', total - 10 - (size_t)n);
  out[total - 1] = '\n';
  memcpy(out, "\x93NUMPY\x01\x00", 8);
  out[8] = (char)((total - 10) & 0xff);
  out[9] = (char)((total - 10) >> 8);
  return total;
}

/* One .npy in owned memory, which the zip frees. */
static LxStatus npy_bytes(const LxTensor *t, char **out, size_t *size, LxError *error)
{
  char header[512];
  LxTensor as = *t;
  bool half = t->dtype == LX_F16 || t->dtype == LX_BF16;
  if (half)
    as.dtype = LX_F32;
  size_t head = npy_header(&as, header, sizeof header), bytes = lx_tensor_bytes(&as);
  char *data = malloc(head + bytes);
  float *wide = half ? malloc(bytes + 1) : NULL; /* the header need not leave floats aligned */
  if (!data || (half && !wide)) {
    free(data);
    free(wide);
    return lx_fail(error, LX_ERR_MEMORY, "Not enough memory to write an array.");
  }
  memcpy(data, header, head);
  if (half)
    lx_convert_to_f32(t->dtype, t->data, wide, lx_tensor_count(t));
  if (bytes)
    memcpy(data + head, half ? (void *)wide : t->data, bytes);
  free(wide);
  *out = data;
  *size = head + bytes;
  return LX_OK;
}

static LxStatus add_array(zip_t *zip, const char *name, const LxTensor *t, LxError *error)
{
  char *data, *file = malloc(strlen(name) + sizeof ".npy");
  size_t size;
  if (!file)
    return lx_fail(error, LX_ERR_MEMORY, "Not enough memory to write “%s”.", name);
  strcat(strcpy(file, name), ".npy");
  LxStatus status = npy_bytes(t, &data, &size, error);
  if (!status) {
    zip_source_t *source = zip_source_buffer(zip, data, size, 1);
    if (!source)
      free(data);
    zip_int64_t index = source ? zip_file_add(zip, file, source, ZIP_FL_ENC_UTF_8) : -1;
    if (source && index < 0)
      zip_source_free(source);
    if (index < 0 || zip_set_file_compression(zip, (zip_uint64_t)index, ZIP_CM_STORE, 0) != 0)
      status = lx_fail(error, LX_ERR_IO, "The array “%s” cannot be written: %s.", name,
                       zip_strerror(zip));
  }
  free(file);
  return status;
}

/* libzip has its own temporary file; going through memory keeps the one-step rule of lx_file_write
 * and its messages. */
static LxStatus zip_to_memory(const LxTensors *tensors, zip_source_t *buffer, LxError *error)
{
  zip_error_t ze;
  zip_error_init(&ze);
  zip_t *zip = zip_open_from_source(buffer, ZIP_TRUNCATE, &ze);
  if (!zip) {
    lx_fail(error, LX_ERR_IO, "The archive cannot be made: %s.", zip_error_strerror(&ze));
    zip_error_fini(&ze);
    return LX_ERR_IO;
  }
  LxStatus status = LX_OK;
  for (size_t i = 0; i < lx_tensors_count(tensors) && !status; i++)
    status = add_array(zip, lx_tensors_name(tensors, i), lx_tensors_at(tensors, i), error);
  if (!status && zip_close(zip) != 0)
    status = lx_fail(error, LX_ERR_IO, "The archive cannot be made: %s.", zip_strerror(zip));
  if (status)
    zip_discard(zip);
  return status;
}

static LxStatus copy_out(const char *path, zip_source_t *buffer, LxError *error)
{
  char chunk[65536];
  zip_int64_t n;
  LxWriter *writer;
  LxStatus status = lx_writer_open(path, &writer, error);
  if (status)
    return status;
  if (zip_source_open(buffer) != 0) {
    lx_writer_free(writer);
    return lx_fail(error, LX_ERR_IO, "“%s” cannot be written.", path);
  }
  while (!status && (n = zip_source_read(buffer, chunk, sizeof chunk)) > 0)
    status = lx_writer_write(writer, chunk, (size_t)n, error);
  zip_source_close(buffer);
  if (!status)
    status = lx_writer_commit(writer, error);
  lx_writer_free(writer);
  return status;
}

LxStatus lx_npz_write(const char *path, const LxTensors *tensors, LxError *error)
{
  if (lx_tensors_count(tensors) == 0)
    return lx_fail(error, LX_ERR_ARGUMENT, "There is no array to write to “%s”.", path);
  zip_error_t ze;
  zip_error_init(&ze);
  zip_source_t *buffer = zip_source_buffer_create(NULL, 0, 0, &ze);
  zip_error_fini(&ze);
  if (!buffer)
    return lx_fail(error, LX_ERR_MEMORY, "Not enough memory to write “%s”.", path);
  zip_source_keep(buffer); /* once for the archive, once for copy_out */
  LxStatus status = zip_to_memory(tensors, buffer, error);
  if (!status)
    status = copy_out(path, buffer, error);
  zip_source_free(buffer);
  return status;
}
