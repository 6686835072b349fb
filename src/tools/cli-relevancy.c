/* relevancy: which words and boxes of one example an answer rests on. */
#include "cli.h"
#include "cli-weights.h"

#include <string.h>

#include "lx-relevancy.h"
#include "lx-safetensors.h"

int cli_relevancy(int argc, char **argv)
{
  static const char *const methods[] = {"attention", "rollout", "gradient", "relevancy"};
  const char *model = NULL, *inputs_path = NULL, *out_path = NULL, *method_name = "relevancy";
  int64_t sample = 0, answer = -1;
  const CliOption options[] = {
      {"model", CLI_STRING, &model, "DIR", "model folder or weights file"},
      {"inputs", CLI_STRING, &inputs_path, "FILE",
       "the batch: input_ids, visual_feats, visual_pos, …"},
      {"sample", CLI_INT, &sample, "I", "example of the batch, from 0"},
      {"answer", CLI_INT, &answer, "K", "answer to explain (default: the best one)"},
      {"method", CLI_STRING, &method_name, "NAME",
       "relevancy (default), attention, rollout, gradient"},
      {"out", CLI_STRING, &out_path, "FILE", "safetensors file to write"},
  };
  const CliSpec spec = {
      "--model DIR --inputs F.safetensors --sample I [--answer K] --out F.safetensors",
      "Relevancy after Chefer et al. 2021: R_t_t [words, words], R_t_i [words, boxes]\n"
      "(row 0 is [CLS]) and the gradient of every attention map (attn_grad/…).",
      options,
      6,
      0,
      0};
  LxCheckpoint checkpoint = {0};
  LxTensors *inputs = NULL, *results = NULL;
  LxError error = {0};
  int method = 0, code = cli_parse(&spec, &argc, argv);

  if (code != CLI_GO_ON)
    return code;
  if (!model || !inputs_path || !out_path)
    return cli_usage(argv[0], "--model, --inputs and --out are needed");
  while (method < 4 && strcmp(methods[method], method_name) != 0)
    method++;
  if (method == 4)
    return cli_usage(argv[0], "there is no method \"%s\"", method_name);
  code = CLI_OK;
  if (cli_read_weights(model, &checkpoint, &error) != LX_OK ||
      lx_safetensors_read(inputs_path, &inputs, &error) != LX_OK ||
      lx_relevancy_named(&checkpoint.config, checkpoint.params, inputs, sample, (LxMethod)method,
                         answer, &results, &error) != LX_OK ||
      lx_safetensors_write(out_path, results, LX_KEEP, &error) != LX_OK)
    code = cli_fail_error(&error);
  lx_tensors_unref(results);
  lx_tensors_unref(inputs);
  lx_checkpoint_clear(&checkpoint);
  return code;
}
