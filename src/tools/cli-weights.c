#include "cli-weights.h"

#include <stdio.h>
#include <sys/stat.h>

#include "lx-safetensors.h"

LxStatus cli_read_weights(const char *folder, LxConfig *config, LxTensors **out, LxError *error)
{
  char path[4096];
  struct stat st;
  LxTensors *stored = NULL;
  LxStatus status;

  *out = NULL;
  if (stat(folder, &st) != 0 || !S_ISDIR(st.st_mode))
    return lx_fail(error, LX_ERR_MISSING,
                   "%s: there is no such model folder; it needs config.json and model.safetensors.",
                   folder);
  snprintf(path, sizeof path, "%s/config.json", folder);
  status = lx_config_read(path, config, error);
  if (status != LX_OK)
    return status;
  snprintf(path, sizeof path, "%s/model.safetensors", folder);
  status = lx_safetensors_read(path, &stored, error);
  if (status == LX_OK)
    status = lx_tensors_copy_f32(stored, out, error);
  lx_tensors_unref(stored);
  if (status != LX_OK)
    lx_config_clear(config);
  return status;
}
