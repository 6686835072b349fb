/* Training with several processes, here threads with a transport of their own: the same model as one
 * process with the whole batch, also where the shares are uneven, and sums that travel while the backward
 * goes on. */
#include <math.h>
#include <pthread.h>
#include <string.h>

#include "train-fixture.h"

enum { MOST = 3, STEPS = 6 };

/* Sums are made in `finish`, in the order in which they were begun. */
typedef struct {
  pthread_barrier_t barrier;
  int size;
  double numbers[MOST][32];
  struct {
    float *values;
    int64_t n;
  } begun[MOST][512];
  int n_begun[MOST];
  bool failing; /* the second sum of losses finds that another process is gone */
} Place;

typedef struct {
  Place *place;
  int rank, sums;
  int advances, advances_after_first; /* of the last step */
  LxTrainer *trainer;
  LxStatus status;
  LxError error;
  double losses[STEPS];
} Process;

static LxStatus sum(void *user_data, double *values, int n, LxError *e)
{
  Process *self = user_data;
  Place *p = self->place;
  if (p->failing && ++self->sums == 2)
    return lx_fail(e, LX_ERR_IO, "Another process is gone.");
  memcpy(p->numbers[self->rank], values, (size_t)n * sizeof *values);
  pthread_barrier_wait(&p->barrier);
  for (int i = 0; i < n; i++) {
    values[i] = 0;
    for (int r = 0; r < p->size; r++)
      values[i] += p->numbers[r][i];
  }
  pthread_barrier_wait(&p->barrier);
  return LX_OK;
}

static LxStatus begin(void *user_data, float *values, int64_t n, LxError *e)
{
  Process *self = user_data;
  int *count = &self->place->n_begun[self->rank];
  if (*count == 512)
    return lx_fail(e, LX_ERR_MEMORY, "Too many sums.");
  if (*count == 0)
    self->advances_after_first = 0;
  self->place->begun[self->rank][*count].values = values;
  self->place->begun[self->rank][(*count)++].n = n;
  return LX_OK;
}

static void advance(void *user_data)
{
  Process *self = user_data;
  self->advances++;
  self->advances_after_first++;
}

static LxStatus finish(void *user_data, LxError *e)
{
  Process *self = user_data;
  Place *p = self->place;
  pthread_barrier_wait(&p->barrier);
  for (int i = 0; self->rank == 0 && i < p->n_begun[0]; i++)
    for (int64_t j = 0; j < p->begun[0][i].n; j++) {
      float all = 0;
      for (int r = 0; r < p->size; r++)
        all += p->begun[r][i].values[j];
      for (int r = 0; r < p->size; r++)
        p->begun[r][i].values[j] = all;
    }
  pthread_barrier_wait(&p->barrier);
  p->n_begun[self->rank] = 0;
  return LX_OK;
}

static void *run(void *user_data)
{
  Process *self = user_data;
  LxTrainReport report;
  for (int i = 0; i < STEPS && !self->status; i++) {
    self->advances = 0;
    self->status = lx_trainer_step(self->trainer, &report, &self->error);
    self->losses[i] = self->status ? NAN : report.loss;
  }
  return NULL;
}

static void run_all(Process *processes, int n)
{
  pthread_t threads[MOST];
  for (int r = 0; r < n; r++)
    CHECK(!pthread_create(&threads[r], NULL, run, &processes[r]));
  for (int r = 0; r < n; r++)
    pthread_join(threads[r], NULL);
}

static double distance(LxTrainer *a, LxTrainer *b)
{
  LxTensors *x = lx_trainer_params(a), *y = lx_trainer_params(b);
  double most = 0;
  for (size_t i = 0; i < lx_tensors_count(x); i++) {
    const LxTensor *t = lx_tensors_at(x, i), *u = lx_tensors_at(y, i);
    for (int64_t j = 0; j < lx_tensor_count(t); j++)
      most = fmax(most, fabs((double)lx_f32((LxTensor *)t)[j] - (double)lx_f32((LxTensor *)u)[j]));
  }
  return most;
}

static void start_all(Place *place, Process *processes, LxCollective *collectives, int n,
                      const LxTokenizer *tokenizer, const LxConfig *config, LxTrainOptions options)
{
  *place = (Place){.size = n};
  CHECK(!pthread_barrier_init(&place->barrier, NULL, (unsigned)n));
  for (int r = 0; r < n; r++) {
    processes[r] = (Process){.place = place, .rank = r};
    collectives[r] = (LxCollective){r, n, sum, begin, finish, advance, &processes[r]};
    options.collective = &collectives[r];
    processes[r].trainer = start(config, tokenizer, &options);
  }
}

static void end_all(Place *place, Process *processes, int n)
{
  for (int r = 0; r < n; r++)
    lx_trainer_free(processes[r].trainer);
  pthread_barrier_destroy(&place->barrier);
}

static void test_same(const LxTokenizer *tokenizer, LxTask task, int n, int64_t batch)
{
  static Place place;
  Process processes[MOST], alone = {0};
  LxCollective collectives[MOST];
  LxConfig config = small_config(lx_tokenizer_count(tokenizer));
  LxTrainOptions options = small_options(task);
  options.batch = batch;
  options.accumulate = 2;
  options.dropout = 0;
  options.optimizer.lr = 1e-3;
  alone.trainer = start(&config, tokenizer, &options);
  start_all(&place, processes, collectives, n, tokenizer, &config, options);
  run(&alone);
  run_all(processes, n);
  double far = distance(alone.trainer, processes[0].trainer);
  printf("%s, %d processes, batch %d: parameters differ by %.1e\n", lx_task_name(task), n,
         (int)batch, far);
  CHECK(!alone.status && !processes[0].status, "%s", processes[0].error.message);
  CHECK(far < 2e-5, "%g", far);
  for (int r = 1; r < n; r++)
    CHECK(distance(processes[0].trainer, processes[r].trainer) == 0);
  for (int i = 0; i < STEPS; i++)
    CHECK(fabs(alone.losses[i] - processes[0].losses[i]) < 1e-4 * fabs(alone.losses[i]), "%g %g",
          alone.losses[i], processes[0].losses[i]);
  /* Most of a step's last backward lies behind the first sum that was begun (half of the calls are of
   * the batch before it, which is gathered). */
  CHECK(processes[0].advances_after_first > processes[0].advances / 4, "%d of %d",
        processes[0].advances_after_first, processes[0].advances);
  end_all(&place, processes, n);
  lx_trainer_free(alone.trainer);
  lx_config_clear(&config);
}

static void test_gone(const LxTokenizer *tokenizer)
{
  static Place place;
  Process processes[1];
  LxCollective collectives[1];
  LxConfig config = small_config(lx_tokenizer_count(tokenizer));
  start_all(&place, processes, collectives, 1, tokenizer, &config, small_options(LX_TASK_VQA));
  place.failing = true;
  run_all(processes, 1);
  CHECK(processes[0].status == LX_ERR_IO && strstr(processes[0].error.message, "gone"));
  CHECK(lx_trainer_steps(processes[0].trainer) == 1);
  end_all(&place, processes, 1);
  lx_config_clear(&config);
}

int main(void)
{
  LxTokenizer *tokenizer = NULL;
  CHECK(!lx_tokenizer_open(lx_test_data("train/vocab.txt"), &tokenizer, &error), "%s",
        error.message);
  if (!tokenizer)
    return lx_test_end();
  make_examples();
  test_same(tokenizer, LX_TASK_VQA, 2, 16);
  test_same(tokenizer, LX_TASK_VQA, 3, 7);
  test_same(tokenizer, LX_TASK_NLVR2, 2, 5);
  test_same(tokenizer, LX_TASK_PRETRAIN, 2, 9);
  test_gone(tokenizer);
  free_examples();
  lx_tokenizer_free(tokenizer);
  return lx_test_end();
}
