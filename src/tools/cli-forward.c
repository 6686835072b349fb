/* forward and gradients: a padded batch in, everything the model computes out, by name. */
#include "cli.h"
#include "cli-weights.h"

#include "lx-lxmert-named.h"
#include "lx-safetensors.h"

typedef LxStatus (*Named)(const LxConfig *config, LxTensors *params, const LxTensors *inputs,
                          LxTensors **out, LxError *error);

static int run(int argc, char **argv, const char *summary, Named named)
{
  const char *model = NULL, *inputs_path = NULL, *out_path = NULL;
  const CliOption options[] = {
      {"model", CLI_STRING, &model, "DIR", "model folder or weights file"},
      {"inputs", CLI_STRING, &inputs_path, "FILE",
       "the batch: input_ids, visual_feats, visual_pos, …"},
      {"out", CLI_STRING, &out_path, "FILE", "safetensors file to write"},
  };
  const CliSpec spec = {
      "--model DIR --inputs F.safetensors --out F.safetensors", summary, options, 3, 0, 0};
  LxCheckpoint checkpoint = {0};
  LxTensors *inputs = NULL, *results = NULL;
  LxError error = {0};
  int code = cli_parse(&spec, &argc, argv);

  if (code != CLI_GO_ON)
    return code;
  if (!model || !inputs_path || !out_path)
    return cli_usage(argv[0], "--model, --inputs and --out are needed");
  code = CLI_OK;
  if (cli_read_weights(model, &checkpoint, &error) != LX_OK ||
      lx_safetensors_read(inputs_path, &inputs, &error) != LX_OK ||
      named(&checkpoint.config, checkpoint.params, inputs, &results, &error) != LX_OK ||
      lx_safetensors_write(out_path, results, LX_KEEP, &error) != LX_OK)
    code = cli_fail_error(&error);
  lx_tensors_unref(results);
  lx_tensors_unref(inputs);
  lx_checkpoint_clear(&checkpoint);
  return code;
}

int cli_forward(int argc, char **argv)
{
  return run(argc, argv,
             "Runs the model on a batch and writes attention maps (attn/…), hidden states\n"
             "(hidden/…), the heads' outputs and, where labels are given, losses (loss/…); with\n"
             "vqa_target also the gradient that the answers get (grad/answer_logits_of_vqa_bce).",
             lx_lxmert_forward_named);
}

int cli_gradients(int argc, char **argv)
{
  return run(argc, argv,
             "Writes the gradient of loss/total for every parameter, by its name; dropout is off.",
             lx_lxmert_gradients_named);
}
