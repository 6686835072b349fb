/* Ctrl+C and termination, taken by a thread of their own. No handler ever runs on a thread that
 * computes: oneDNN's products keep the stack register in a buffer on the heap for most of their time,
 * and a handler's frame would be written over the heap there. */
#include "cli.h"

#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stddef.h>

static atomic_bool interrupted;

static void *watch(void *user_data)
{
  const sigset_t *wanted = user_data;
  int number;

  if (sigwait(wanted, &number) == 0)
    atomic_store(&interrupted, true);
  if (sigwait(wanted, &number) == 0) { /* the second one ends the program at once */
    signal(number, SIG_DFL);
    pthread_sigmask(SIG_UNBLOCK, wanted, NULL);
    raise(number);
  }
  return NULL;
}

void cli_catch_interrupt(void)
{
  static sigset_t wanted;
  pthread_t thread;
  pthread_attr_t apart;

  sigemptyset(&wanted);
  sigaddset(&wanted, SIGINT);
  sigaddset(&wanted, SIGTERM);
  if (pthread_sigmask(SIG_BLOCK, &wanted, NULL) || pthread_attr_init(&apart))
    return;
  pthread_attr_setdetachstate(&apart, PTHREAD_CREATE_DETACHED);
  if (pthread_create(&thread, &apart, watch, &wanted)) /* then signals end the program as ever */
    pthread_sigmask(SIG_UNBLOCK, &wanted, NULL);
  pthread_attr_destroy(&apart);
}

bool cli_interrupted(void)
{
  return atomic_load(&interrupted);
}
