#include "cli-weights.h"

#include <stdio.h>

#include "lx-file.h"

LxStatus cli_read_weights(const char *path, LxCheckpoint *out, LxError *error)
{
  LxStatus status;

  if (!lx_file_exists(path) && !lx_file_is_folder(path))
    return lx_fail(error, LX_ERR_MISSING,
                   "%s: there is no such model; a folder needs config.json and model.safetensors.",
                   path);
  status = lx_checkpoint_read(path, NULL, out, error);
  if (status == LX_OK && out->report.missing.count > 0)
    fprintf(stderr, "crosslens-cli: note: %zu parameters are not in %s and begin at random, first %s\n",
            out->report.missing.count, path, out->report.missing.names[0]);
  return status;
}
