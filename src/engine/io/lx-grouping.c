#include "lx-grouping.h"

#include <stdlib.h>
#include <string.h>

/* A statement: the identifier's first `head` bytes, and what follows its pair number. */
typedef struct {
  const char *text, *tail;
  size_t head;
} Statement;

static Statement statement_of(const char *identifier)
{
  const char *last = strrchr(identifier, '-'), *pair = last;
  while (pair && pair > identifier && *--pair != '-')
    ;
  if (pair && pair > identifier)
    return (Statement){identifier, last, (size_t)(pair - identifier)};
  return (Statement){identifier, "", strlen(identifier)};
}

static unsigned char letter_at(const Statement *s, size_t i)
{
  return (unsigned char)(i < s->head ? s->text[i] : s->tail[i - s->head]);
}

int lx_nlvr2_compare(const char *a, const char *b)
{
  const Statement x = statement_of(a), y = statement_of(b);
  size_t i = 0;
  while (letter_at(&x, i) && letter_at(&x, i) == letter_at(&y, i))
    i++;
  return letter_at(&x, i) - letter_at(&y, i);
}

char *lx_nlvr2_sentence(const char *identifier)
{
  const Statement s = statement_of(identifier);
  char *out = malloc(s.head + strlen(s.tail) + 1);
  if (out) {
    memcpy(out, s.text, s.head);
    strcpy(out + s.head, s.tail);
  }
  return out;
}

static bool is_yes_or_no(const char *answer)
{
  return strcmp(answer, "yes") == 0 || strcmp(answer, "no") == 0;
}

bool lx_gqa_is_binary(const char *question_type, const char *question, const char *answer)
{
  static const char *const binary[] = {"verify", "logical", "choose", "compare"};
  if (strcmp(question_type, "query") == 0)
    return false;
  for (int i = 0; i < 4; i++)
    if (strcmp(question_type, binary[i]) == 0)
      return true;
  if (strstr(question_type, "choose") || (answer && is_yes_or_no(answer)))
    return true;
  return answer && *answer && strstr(question, " or ") && strstr(question, answer);
}

const char *lx_vqa_answer_type(const char *answer)
{
  if (is_yes_or_no(answer))
    return "yes/no";
  return *answer >= '0' && *answer <= '9' ? "number" : "other";
}
