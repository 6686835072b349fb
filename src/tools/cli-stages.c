/* stages: every intermediate result of a detector, for comparison with other programs. */
#include "cli.h"

#include <stdio.h>

#include "lx-detector-stages.h"
#include "lx-file.h"
#include "lx-safetensors.h"

/* A detector folder's configuration and weights. */
static LxStatus read_detector(const char *folder, LxDetectorConfig *config, LxTensors **out,
                              LxError *error)
{
  char path[4096];
  LxTensors *stored = NULL;
  LxStatus status;

  if (!lx_file_is_folder(folder))
    return lx_fail(error, LX_ERR_MISSING, "%s: there is no such detector folder.", folder);
  snprintf(path, sizeof path, "%s/config.json", folder);
  if (!lx_file_exists(path))
    snprintf(path, sizeof path, "%s/config.yaml", folder);
  status = lx_detector_config_read(path, config, error);
  snprintf(path, sizeof path, "%s/model.safetensors", folder);
  if (status == LX_OK)
    status = lx_safetensors_read(path, &stored, error);
  if (status == LX_OK)
    status = lx_tensors_copy_f32(stored, out, error);
  lx_tensors_unref(stored);
  return status;
}

int cli_stages(int argc, char **argv)
{
  const char *detector = NULL, *input_path = NULL, *out_path = NULL;
  const CliOption options[] = {
    { "detector", CLI_STRING, &detector, "DIR", "detector folder (default: the shipped one)" },
    { "input", CLI_STRING, &input_path, "FILE", "safetensors with input [1,3,h,w] and raw_size [1,2]" },
    { "out", CLI_STRING, &out_path, "FILE", "safetensors file to write" },
  };
  const CliSpec spec = { "--detector DIR --input F.safetensors --out F.safetensors",
                         "Runs a detector on a pre-processed image and writes every stage by name,\n"
                         "channels first.",
                         options, 3, 0, 0 };
  LxDetectorConfig config;
  LxTensors *params = NULL, *inputs = NULL, *results = NULL;
  LxError error = { 0 };
  int code = cli_parse(&spec, &argc, argv);

  if (code != CLI_GO_ON)
    return code;
  if (!input_path || !out_path)
    return cli_usage(argv[0], "--input and --out are needed");
  code = CLI_OK;
  results = lx_tensors_new();
  if (!results)
    lx_fail(&error, LX_ERR_MEMORY, "Not enough memory.");
  if (!results || read_detector(cli_detector_dir(detector), &config, &params, &error) != LX_OK ||
      lx_safetensors_read(input_path, &inputs, &error) != LX_OK ||
      lx_detector_stages(&config, params, inputs, results, &error) != LX_OK ||
      lx_safetensors_write(out_path, results, LX_KEEP, &error) != LX_OK)
    code = cli_fail_error(&error);
  lx_tensors_unref(results);
  lx_tensors_unref(inputs);
  lx_tensors_unref(params);
  return code;
}
