/* A scene and a run made of formulas, so that widgets can be tested without engine or models. */
#pragma once

#include "lens-run.h"

/* 640x480 with `n` boxes in a grid, the first is "red cat". */
LensScene *lens_fake_scene(int n);

/* Language, vision and cross-modality layers with `heads` heads over a question of 9 tokens. Every
 * row sums to 1; head h of map m puts its peak of query i on key (i + h + m) mod keys. */
LensRun *lens_fake_run(LensScene *scene, int language, int vision, int cross, int heads);

/* The key on which a query of a head has its peak. */
int lens_fake_peak(LensMap *map, int map_index, int head, int query);
