/* How every fallible engine function says what went wrong. */
#pragma once

#ifdef __cplusplus
extern "C" {
#endif

typedef enum {
  LX_OK = 0,
  LX_ERR_ARGUMENT,    /* the caller's arguments are unusable */
  LX_ERR_IO,          /* a file cannot be opened, read or written */
  LX_ERR_FORMAT,      /* a file is not what it claims to be */
  LX_ERR_SHAPE,       /* a tensor has another shape or type than needed */
  LX_ERR_MISSING,     /* a needed tensor, field or file is not there */
  LX_ERR_MEMORY,      /* not enough memory */
  LX_ERR_CANCELLED,   /* the progress callback asked to stop */
  LX_ERR_UNSUPPORTED, /* well-formed, but not something the engine does */
  LX_ERR_NUMERIC,     /* NaN or infinity where a number is needed */
} LxStatus;

/* Owned by the caller; `message` is one sentence or two that a person can act on. */
typedef struct {
  LxStatus code;
  char message[640];
} LxError;

/* Fills `error` (NULL is fine) and returns `code`, so that a failing function ends with
 * `return lx_fail(error, LX_ERR_IO, "…")`. */
LxStatus lx_fail(LxError *error, LxStatus code, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* From now on messages are in the language of `to`, which gives another format with the same arguments
 * for each (from any thread; static), or the same. NULL: English. Call before other threads begin. */
void lx_error_set_translate(const char *(*to)(const char *format));

/* Puts "`prefix`: " in front of the message already in `error`; returns its code. */
LxStatus lx_fail_in(LxError *error, const char *prefix);

/* Called by long operations, `done` in 0..1. Returns 0 to go on, anything else to cancel. */
typedef int (*LxProgress)(double done, const char *what, void *user_data);

#ifdef __cplusplus
}
#endif
