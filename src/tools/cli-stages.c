/* stages: every intermediate result of a detector, for comparison with other programs. */
#include "cli.h"

#include "lx-detector-folder.h"
#include "lx-detector-stages.h"
#include "lx-safetensors.h"

int cli_stages(int argc, char **argv)
{
  const char *detector = NULL, *input_path = NULL, *out_path = NULL;
  const CliOption options[] = {
      {"detector", CLI_STRING, &detector, "DIR", "detector folder (default: the shipped one)"},
      {"input", CLI_STRING, &input_path, "FILE",
       "safetensors with input [1,3,h,w] and raw_size [1,2]"},
      {"out", CLI_STRING, &out_path, "FILE", "safetensors file to write"},
  };
  const CliSpec spec = {"--detector DIR --input F.safetensors --out F.safetensors",
                        "Runs a detector on a pre-processed image and writes every stage by name,\n"
                        "channels first.",
                        options,
                        3,
                        0,
                        0};
  LxDetectorConfig config;
  LxDetectorNames names = {0};
  LxTensors *params = NULL, *inputs = NULL, *results = NULL;
  LxError error = {0};
  int code = cli_parse(&spec, &argc, argv);

  if (code != CLI_GO_ON)
    return code;
  if (!input_path || !out_path)
    return cli_usage(argv[0], "--input and --out are needed");
  code = CLI_OK;
  results = lx_tensors_new();
  if (!results)
    lx_fail(&error, LX_ERR_MEMORY, "Not enough memory.");
  if (!results ||
      lx_detector_folder_read(cli_detector_dir(detector), &config, &params, &names, &error) !=
          LX_OK ||
      lx_safetensors_read(input_path, &inputs, &error) != LX_OK ||
      lx_detector_stages(&config, params, inputs, results, &error) != LX_OK ||
      lx_safetensors_write(out_path, results, LX_KEEP, &error) != LX_OK)
    code = cli_fail_error(&error);
  lx_detector_names_clear(&names);
  lx_tensors_unref(results);
  lx_tensors_unref(inputs);
  lx_tensors_unref(params);
  return code;
}
