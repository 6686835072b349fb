#include "cli.h"

#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MAX_OPTIONS 32

static void print_help(const CliSpec *spec, const char *command)
{
  printf("usage: crosslens-cli %s %s\n\n%s\n\noptions:\n", command, spec->usage, spec->summary);
  for (int i = 0; i < spec->n_options; i++) {
    const CliOption *o = &spec->options[i];
    char left[64];
    snprintf(left, sizeof left, "--%s%s%s", o->name, o->argument ? " " : "",
             o->argument ? o->argument : "");
    printf("  %-24s %s\n", left, o->help);
  }
  printf("  %-24s %s\n", "--help", "this text");
}

static int set_value(const CliOption *option, const char *text, const char *command)
{
  char *end = NULL;
  errno = 0;
  switch (option->type) {
  case CLI_FLAG:
    *(bool *)option->value = true;
    return CLI_GO_ON;
  case CLI_STRING:
    *(const char **)option->value = text;
    return CLI_GO_ON;
  case CLI_INT: {
    long long n = strtoll(text, &end, 10);
    if (end == text || *end || errno)
      return cli_usage(command, "--%s takes a whole number, not \"%s\"", option->name, text);
    *(int64_t *)option->value = n;
    return CLI_GO_ON;
  }
  case CLI_DOUBLE: {
    double x = strtod(text, &end);
    if (end == text || *end || errno || x != x)
      return cli_usage(command, "--%s takes a number, not \"%s\"", option->name, text);
    *(double *)option->value = x;
    return CLI_GO_ON;
  }
  }
  return CLI_GO_ON;
}

static int check_arguments(const CliSpec *spec, int n, const char *command)
{
  if (n < spec->min_arguments)
    return cli_usage(command, "an argument is missing; usage: %s %s", command, spec->usage);
  if (spec->max_arguments >= 0 && n > spec->max_arguments)
    return cli_usage(command, "too many arguments; usage: %s %s", command, spec->usage);
  return CLI_GO_ON;
}

int cli_parse(const CliSpec *spec, int *argc, char **argv)
{
  struct option longs[MAX_OPTIONS + 2] = {0};
  const char *command = argv[0];
  int code;

  for (int i = 0; i < spec->n_options && i < MAX_OPTIONS; i++)
    longs[i] = (struct option){spec->options[i].name,
                               spec->options[i].type == CLI_FLAG ? no_argument : required_argument,
                               NULL, 256 + i};
  longs[spec->n_options] = (struct option){"help", no_argument, NULL, 'h'};

  optind = 0; /* glibc: start over, arguments are moved behind the options */
  opterr = 0;
  while ((code = getopt_long(*argc, argv, ":h", longs, NULL)) != -1) {
    int result = CLI_GO_ON;
    if (code == 'h') {
      print_help(spec, command);
      return CLI_OK;
    }
    if (code == ':')
      result = cli_usage(command, "%s needs a value", argv[optind - 1]);
    else if (code == '?')
      result = cli_usage(command, "unknown option %s", argv[optind - 1]);
    else
      result = set_value(&spec->options[code - 256], optarg, command);
    if (result != CLI_GO_ON)
      return result;
  }
  int n = *argc - optind;
  memmove(argv + 1, argv + optind, (size_t)n * sizeof *argv);
  argv[n + 1] = NULL;
  *argc = n + 1;
  return check_arguments(spec, n, command);
}
