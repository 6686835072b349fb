/* A piece of background work as a row of a list: title, state, progress, message, error.
 * Properties change (and notify) on the main thread only; whoever does the work reports from any
 * thread and the reports are coalesced into one idle. */
#pragma once

#include <glib-object.h>

G_BEGIN_DECLS

typedef enum {
  LENS_JOB_QUEUED,
  LENS_JOB_RUNNING,
  LENS_JOB_PAUSED,
  LENS_JOB_DONE,
  LENS_JOB_FAILED,
  LENS_JOB_STOPPED,     /* by the person; what was made is kept */
  LENS_JOB_INTERRUPTED, /* the program ended while it ran; it can be resumed */
} LensJobState;

#define LENS_TYPE_JOB_STATE (lens_job_state_get_type())
GType lens_job_state_get_type(void);
/* "queued", "running", …: as stored; not translated. */
const char *lens_job_state_name(LensJobState state);
/* The opposite; INTERRUPTED for anything unknown. */
LensJobState lens_job_state_from_name(const char *name);

#define LENS_TYPE_JOB (lens_job_get_type())
G_DECLARE_DERIVABLE_TYPE(LensJob, lens_job, LENS, JOB, GObject)

/* Signal "updated": once for each coalesced report, after the properties' notifications. */
struct _LensJobClass {
  GObjectClass parent_class;
  /* Asks the work to end soon; may be called in any state. */
  void (*cancel)(LensJob *self);
  /* Main thread, just before "updated": moves what the worker left behind its lock into
   * objects that the window sees. May be NULL. */
  void (*publish)(LensJob *self);
  gpointer padding[6];
};

/* Properties "title" "state" "progress" "message" "error-text" "finished". Strings are borrowed
 * until the next turn of the main loop. */
const char *lens_job_get_title(LensJob *self);
void lens_job_set_title(LensJob *self, const char *title); /* main thread */
LensJobState lens_job_get_state(LensJob *self);
double lens_job_get_progress(LensJob *self);        /* 0..1 */
const char *lens_job_get_message(LensJob *self);    /* "" when there is nothing to say */
const char *lens_job_get_error_text(LensJob *self); /* NULL unless it failed */
gboolean lens_job_is_finished(LensJob *self);       /* done, failed, stopped or interrupted */
void lens_job_cancel(LensJob *self);

/* ---- for whoever does the work; any thread ---- */
void lens_job_report(LensJob *self, double progress, const char *message);
/* `error_text` is kept with LENS_JOB_FAILED; NULL else. */
void lens_job_report_state(LensJob *self, LensJobState state, const char *error_text);
/* Asks for one "updated" without changing a property. */
void lens_job_report_changed(LensJob *self);
/* Main thread: applies pending reports now (tests, and just before a job is shown). */
void lens_job_flush(LensJob *self);

G_END_DECLS
