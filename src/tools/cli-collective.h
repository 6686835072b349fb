/* The processes that mpirun started as one training. */
#pragma once

#include "lx-collective.h"

/* *out stays NULL when this process was not started by mpirun (srun, …), or when this program was built
 * without MPI. Borrowed. */
LxStatus cli_collective_open(const LxCollective **out, LxError *error);
/* Before the program ends; after a failure the other processes are ended too. */
void cli_collective_close(int failed);
