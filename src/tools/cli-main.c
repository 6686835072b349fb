/* crosslens-cli: the workbench's engine for scripts. No GTK, no display. */
#include "cli.h"

#include <stdio.h>
#include <string.h>

#include "config.h"
#include "lx-threads.h"

typedef struct {
  const char *name;
  int (*run)(int argc, char **argv);
  const char *summary;
} CliCommand;

static const CliCommand commands[] = {
    {"detect", cli_detect, "find the objects in images"},
    {"ask", cli_ask, "answer a question about an image"},
    {"attention", cli_attention, "draw or write one attention map"},
    {"world", cli_world, "make the demo world's scenes and questions"},
    {"train", cli_train, "pre-train or fine-tune a model, or train a detector"},
    {"jobs", cli_jobs, "list, watch, stop and resume trainings"},
    {"eval", cli_eval, "count how many questions of a split a model answers"},
    {"ablation", cli_ablation, "train what the paper compares LXMERT with; the table"},
    {"findings", cli_findings, "what the attention of a model does over a split"},
    {"perturb", cli_perturb, "take away what answers rest on, and see them fall"},
    {"convert", cli_convert, "any checkpoint into a model folder"},
    {"inspect", cli_inspect, "what a model is made of"},
    {"forward", cli_forward, "a batch in, everything the model computes out"},
    {"gradients", cli_gradients, "gradients of the loss for every parameter"},
    {"relevancy", cli_relevancy, "which words and boxes an answer rests on"},
    {"stages", cli_stages, "every intermediate result of a detector"},
    {"tokenize", cli_tokenize, "texts to WordPiece ids"},
    {"tsv", cli_tsv, "look into and check a file of object features"},
    {NULL, NULL, NULL},
};

static void print_commands(FILE *out)
{
  fputs("usage: crosslens-cli COMMAND [arguments]\n\n"
        "Looks inside LXMERT without a window.\n\ncommands:\n",
        out);
  for (const CliCommand *c = commands; c->name; c++)
    fprintf(out, "  %-16s %s\n", c->name, c->summary);
  fputs("\ncrosslens-cli COMMAND --help explains one of them.\n"
        "Exit codes: 0 done, 1 failed, 2 wrong usage.\n",
        out);
}

static int run(int argc, char **argv)
{
  if (argc < 2) {
    print_commands(stderr);
    return CLI_USAGE;
  }
  if (!strcmp(argv[1], "--help") || !strcmp(argv[1], "-h") || !strcmp(argv[1], "help")) {
    print_commands(stdout);
    return CLI_OK;
  }
  if (!strcmp(argv[1], "--version")) {
    puts("crosslens-cli " CROSSLENS_VERSION);
    return CLI_OK;
  }
  for (const CliCommand *c = commands; c->name; c++)
    if (!strcmp(argv[1], c->name))
      return c->run(argc - 1, argv + 1);
  fprintf(stderr, "crosslens-cli: there is no command \"%s\"; see crosslens-cli --help\n", argv[1]);
  return CLI_USAGE;
}

int main(int argc, char **argv)
{
  int code;

  lx_threads_start(argv);
  code = run(argc, argv);
  if (fflush(stdout) != 0 || ferror(stdout)) /* a full disk, a closed pipe */
    return cli_fail("cannot write to the standard output");
  return code;
}
