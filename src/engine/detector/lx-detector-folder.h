/* A detector's folder: config.json (or config.yaml), model.safetensors (or pytorch_model.bin),
 * objects_vocab.txt, attributes_vocab.txt. Or a file of weights alone, as the authors' .pkl: its sizes
 * are those of its tensors, everything else is as published. */
#pragma once

#include "lx-detector-config.h"
#include "lx-tensors.h"

/* One name a line in the files; 0 names when a file is absent. */
typedef struct {
  int n_classes;
  const char **classes;
  int n_attributes;
  const char **attributes;
} LxDetectorNames;

/* Reads everything; of a file also the names and the config.yaml that lie beside it. *params: float32, owned. *names: owned, lx_detector_names_clear. NaN or infinite
 * weights are LX_ERR_NUMERIC with the tensor's name. */
LxStatus lx_detector_folder_read(const char *path, LxDetectorConfig *config, LxTensors **params,
                                 LxDetectorNames *names, LxError *error);
/* Makes the folder where it is missing and replaces each file in one step. `dtype` as in
 * lx_safetensors_write. */
LxStatus lx_detector_folder_write(const char *folder, const LxDetectorConfig *config,
                                  const LxTensors *params, const LxDetectorNames *names, int dtype,
                                  LxError *error);
void lx_detector_names_clear(LxDetectorNames *names);
