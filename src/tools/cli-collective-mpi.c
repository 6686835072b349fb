#include "cli-collective.h"

#include <limits.h>
#include <malloc.h>
#include <mpi.h>
#include <stdbool.h>
#include <stdlib.h>

enum { LONGEST = 1 << 28 }; /* numbers of one sum */

static struct {
  LxCollective collective;
  MPI_Request *requests;
  int n, capacity;
  bool open;
} self;

static LxStatus lost(int code, LxError *error)
{
  char text[MPI_MAX_ERROR_STRING];
  int n = 0;

  MPI_Error_string(code, text, &n);
  return lx_fail(error, LX_ERR_IO,
                 "Another process of this training is gone (%.200s). The last checkpoint is whole: "
                 "start again with --resume.",
                 text);
}

static LxStatus sum(void *user_data, double *values, int n, LxError *error)
{
  int code = MPI_Allreduce(MPI_IN_PLACE, values, n, MPI_DOUBLE, MPI_SUM, MPI_COMM_WORLD);
  return code == MPI_SUCCESS ? LX_OK : lost(code, error);
}

static LxStatus start_piece(float *values, int n, LxError *error)
{
  if (self.n == self.capacity) {
    int capacity = self.capacity ? 2 * self.capacity : 512;
    MPI_Request *larger = realloc(self.requests, (size_t)capacity * sizeof *larger);
    if (!larger)
      return lx_fail(error, LX_ERR_MEMORY, "Not enough memory to train with other processes.");
    self.requests = larger;
    self.capacity = capacity;
  }
  int code = MPI_Iallreduce(MPI_IN_PLACE, values, n, MPI_FLOAT, MPI_SUM, MPI_COMM_WORLD,
                            &self.requests[self.n]);
  if (code != MPI_SUCCESS)
    return lost(code, error);
  self.n++;
  return LX_OK;
}

static LxStatus start(void *user_data, float *values, int64_t n, LxError *error)
{
  LxStatus status = LX_OK;

  for (int64_t at = 0; at < n && status == LX_OK; at += LONGEST)
    status = start_piece(values + at, (int)(n - at < LONGEST ? n - at : LONGEST), error);
  return status;
}

/* Open MPI moves a sum along only while the program is in one of its functions. */
static void advance(void *user_data)
{
  int done = 0;

  if (self.n > 0)
    MPI_Testall(self.n, self.requests, &done, MPI_STATUSES_IGNORE);
  if (done)
    self.n = 0;
}

static LxStatus finish(void *user_data, LxError *error)
{
  int code = MPI_Waitall(self.n, self.requests, MPI_STATUSES_IGNORE);
  self.n = 0;
  return code == MPI_SUCCESS ? LX_OK : lost(code, error);
}

/* Starting MPI costs time and lets no message through when nobody else is there. */
static bool was_started_together(void)
{
  static const char *const names[] = {"PMI_RANK", "PMIX_RANK", "OMPI_COMM_WORLD_RANK"};

  for (int i = 0; i < 3; i++)
    if (getenv(names[i]))
      return true;
  return false;
}

/* Each sum of gradients takes as much memory again while it travels. Given back and taken anew for every step it
 * would be cleared anew, which took a quarter of the time of a full-size model's. */
static void keep_memory(void)
{
  mallopt(M_MMAP_MAX, 0);
  mallopt(M_TRIM_THRESHOLD, INT_MAX);
}

LxStatus cli_collective_open(const LxCollective **out, LxError *error)
{
  int given = 0, rank = 0, size = 1;

  *out = NULL;
  if (!was_started_together())
    return LX_OK;
  if (MPI_Init_thread(NULL, NULL, MPI_THREAD_FUNNELED, &given) != MPI_SUCCESS ||
      given < MPI_THREAD_FUNNELED)
    return lx_fail(error, LX_ERR_IO, "MPI does not start here; without mpirun it is not needed.");
  self.open = true;
  MPI_Comm_set_errhandler(MPI_COMM_WORLD, MPI_ERRORS_RETURN);
  MPI_Comm_rank(MPI_COMM_WORLD, &rank);
  MPI_Comm_size(MPI_COMM_WORLD, &size);
  self.collective = (LxCollective){rank, size, sum, start, finish, advance, NULL};
  if (size > 1) {
    keep_memory();
    *out = &self.collective;
  }
  return LX_OK;
}

void cli_collective_close(int failed)
{
  if (!self.open)
    return;
  if (failed)
    MPI_Abort(MPI_COMM_WORLD, 1);
  MPI_Finalize();
  free(self.requests);
  self.open = false;
}
