#include "cli-weights.h"

#include <stdio.h>

#include "lx-file.h"

void cli_note_heads(const char *path, int64_t heads)
{
  fprintf(
      stderr,
      "crosslens-cli: note: no config.json says how many attention heads %s has. Assumed: %lld "
      "(one "
      "for 64 numbers, as published). If that is wrong, so are its answers: put its config.json "
      "beside the weights.\n",
      path, (long long)heads);
}

LxStatus cli_open_model(const char *folder, LxModel **out, LxError *error)
{
  LxStatus status = lx_model_open(folder, out, error);
  if (status == LX_OK && lx_model_heads_assumed(*out))
    cli_note_heads(folder, lx_model_config(*out)->num_attention_heads);
  return status;
}

LxStatus cli_read_weights(const char *path, LxCheckpoint *out, LxError *error)
{
  LxStatus status;

  if (!lx_file_exists(path) && !lx_file_is_folder(path))
    return lx_fail(error, LX_ERR_MISSING,
                   "%s: there is no such model; a folder needs config.json and model.safetensors.",
                   path);
  status = lx_checkpoint_read(path, NULL, out, error);
  if (status == LX_OK && out->report.missing.count > 0)
    fprintf(stderr,
            "crosslens-cli: note: %zu parameters are not in %s and begin at random, first %s\n",
            out->report.missing.count, path, out->report.missing.names[0]);
  if (status == LX_OK && out->report.heads_assumed)
    cli_note_heads(path, out->config.num_attention_heads);
  return status;
}
