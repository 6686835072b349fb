/* crosslens-bench: how fast the engine is at LXMERT's full size, beside the machine's limit. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bench-library.h"
#include "bench.h"
#include "lx-gemm.h"
#include "lx-threads.h"

static void usage(FILE *out)
{
  fputs(
      "usage: crosslens-bench [--json] [--batch N] [forward|train|gate|open|gemm|detect]…\n\n"
      "Times LXR955 (the published size) with random weights, 20 words and 36 objects, next to\n"
      "the speed of the best matrix product on this machine. Without names: all of them.\n\n"
      "  gemm     the products of one layer, by each library\n"
      "  forward  batch 1, every attention map kept, and 32, answers alone (or --batch, 1 to 64)\n"
      "  gate     one head of the last cross-modality layer switched off\n"
      "  train    a fine-tuning step at batch 32: forward, backward, BertAdam\n"
      "  open     a model folder opened and a first question asked, with peak memory\n"
      "  detect   the published detector's size on a 640x480 picture\n\n"
      "       crosslens-bench library FOLDER [IMAGES QUESTIONS]\n\n"
      "A library of 100,000 images and 1,000,000 questions, generated in FOLDER, opened, scrolled\n"
      "and searched.\n\n"
      "       crosslens-bench ui [gate | walk]\n\n"
      "Frame times over the graph of a full-size map, and how long the window does not answer\n"
      "while questions are asked and a model is trained; with \"gate\" the time from switching a\n"
      "head of a full-size model off to its answer on the screen; with \"walk\" the longest turn "
      "at\n"
      "each thing that is done with a full-size model. Needs a display.\n\n"
      "       crosslens-bench ui library FOLDER [IMAGES QUESTIONS]\n\n"
      "A library of 100,000 images with pictures and 1,000,000 questions (2 GB), generated in\n"
      "FOLDER, opened, scrolled, searched and changed in the window. Needs a display.\n\n"
      "       crosslens-bench data FOLDER [QUESTIONS IMAGES [MODEL]]\n\n"
      "A data set of 1,000,000 questions about 15,000 images with features of the published size\n"
      "(6 GB), generated in FOLDER, opened, scrolled and filtered in the window; a MODEL folder "
      "that\n"
      "takes such features then answers them for 20 seconds. Needs a display.\n\n"
      "       crosslens-bench training DATA [full] [ROW...]\n\n"
      "What trainings on a data folder (crosslens-cli world) were estimated to take, in time and\n"
      "memory, and then took; and how much longer questions take beside one (row \"questions\"). "
      "With\n"
      "\"full\" of a full-size model with random weights, else of the shipped one.\n",
      out);
}

enum { GEMM = 1, FORWARD = 2, GATE = 4, TRAIN = 8, OPEN = 16, DETECT = 32 };

static unsigned part_of(const char *name)
{
  static const char *const names[] = {"gemm", "forward", "gate", "train", "open", "detect"};
  for (unsigned i = 0; i < 6; i++)
    if (strcmp(name, names[i]) == 0)
      return 1u << i;
  return 0;
}

static LxStatus run(Bench *bench, unsigned parts, const char *program, LxError *error)
{
  LxStatus status = bench_limit(bench, error);
  if (!status && (parts & GEMM))
    status = bench_gemm(bench, error);
  if (!status && (parts & FORWARD))
    status = bench_forward(bench, error);
  if (!status && (parts & GATE))
    status = bench_gate(bench, error);
  if (!status && (parts & TRAIN))
    status = bench_train(bench, error);
  if (!status && (parts & OPEN))
    status = bench_open(bench, program, error);
  if (!status && (parts & DETECT))
    status = bench_detect(bench, error);
  return status;
}

int main(int argc, char **argv)
{
  static Bench bench;
  LxError error = {0};
  unsigned parts = 0;
  lx_threads_start(argv);
  if (argc == 3 && strcmp(argv[1], "--open-child") == 0)
    return bench_open_child(argv[2]);
  if (argc == 2 && strcmp(argv[1], "ui") == 0)
    return bench_ui(NULL);
  if (argc == 3 && strcmp(argv[1], "ui") == 0 && strcmp(argv[2], "gate") == 0)
    return bench_ui_gate();
  if (argc == 3 && strcmp(argv[1], "ui") == 0 && strcmp(argv[2], "walk") == 0)
    return bench_ui_walk();
  if (argc >= 4 && argc <= 6 && strcmp(argv[1], "ui") == 0 && strcmp(argv[2], "library") == 0)
    return bench_ui_library(argv[3], argc > 4 ? argv[4] : NULL, argc > 5 ? argv[5] : NULL);
  if (argc >= 3 && argc <= 6 && strcmp(argv[1], "data") == 0)
    return bench_ui_data(argv[2], argc > 3 ? argv[3] : NULL, argc > 4 ? argv[4] : NULL,
                         argc > 5 ? argv[5] : NULL);
  if (argc >= 3 && strcmp(argv[1], "training") == 0)
    return bench_ui_training(argv + 2);
  if (argc >= 3 && strcmp(argv[1], "library") == 0) {
    int images = argc > 3 ? atoi(argv[3]) : 100000, questions = argc > 4 ? atoi(argv[4]) : 1000000;
    return images > 0 && questions >= 0 ? bench_library(argv[2], images, questions)
                                        : (usage(stderr), 2);
  }
  for (int i = 1; i < argc; i++) {
    if (strcmp(argv[i], "--help") == 0) {
      usage(stdout);
      return 0;
    }
    if (strcmp(argv[i], "--json") == 0) {
      bench.json = true;
    } else if (strcmp(argv[i], "--batch") == 0 && i + 1 < argc && atoi(argv[i + 1]) > 0 &&
               atoi(argv[i + 1]) <= 64) {
      bench.batch = atoi(argv[++i]);
    } else if (part_of(argv[i])) {
      parts |= part_of(argv[i]);
    } else {
      usage(stderr);
      return 2;
    }
  }
  bench.products = lx_gemm_backend_name();
  if (run(&bench, parts ? parts : ~0u, argv[0], &error)) {
    fprintf(stderr, "crosslens-bench: %s\n", error.message);
    return 1;
  }
  if (bench.json)
    bench_print_json(&bench);
  return 0;
}
