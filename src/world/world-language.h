/* Sentences about scenes: questions with answers, captions, statements about two scenes, with
 * the exact part of speech of every word and the object that it speaks of. */
#pragma once

#include "world-scene.h"

#define WORLD_MAX_WORDS 40
#define WORLD_MAX_TEXT 240

typedef enum {
  WORLD_POS_NOUN,
  WORLD_POS_VERB,
  WORLD_POS_ARTICLE,
  WORLD_POS_PRONOUN,
  WORLD_POS_ADJECTIVE,
  WORLD_POS_PREPOSITION,
  WORLD_POS_WH,
  WORLD_POS_NUMBER,
  WORLD_POS_CONJUNCTION,
  WORLD_POS_ADVERB,
  WORLD_POS_PUNCTUATION,
  WORLD_POS_OTHER,
  WORLD_N_POS
} WorldPos;

/* Words as BERT's basic tokenizer splits them: punctuation marks are words. */
typedef struct {
  char text[WORLD_MAX_TEXT];
  int n_words;
  uint8_t pos[WORLD_MAX_WORDS];   /* WorldPos */
  bool plural[WORLD_MAX_WORDS];   /* of nouns: a plural form */
  int8_t object[WORLD_MAX_WORDS]; /* of nouns and pronouns: index in scene->objects, or -1 */
} WorldSentence;

typedef enum { WORLD_VQA, WORLD_GQA, WORLD_N_TASKS } WorldTask;

typedef enum {
  WORLD_Q_EXIST,
  WORLD_Q_EXIST_COLOUR,
  WORLD_Q_EXIST_RELATION,
  WORLD_Q_COUNT,
  WORLD_Q_COUNT_CATEGORY,
  WORLD_Q_COUNT_COLOUR,
  WORLD_Q_COLOUR,
  WORLD_Q_COLOUR_HOP2,
  WORLD_Q_COLOUR_HOP3,
  WORLD_Q_COLOUR_VERIFY,
  WORLD_Q_COLOUR_CHOOSE,
  WORLD_Q_PLACE,
  WORLD_Q_PLACE_VERIFY,
  WORLD_Q_PLACE_CHOOSE,
  WORLD_Q_WEATHER,
  WORLD_Q_LIGHT,
  WORLD_Q_STATE,
  WORLD_Q_STATE_CHOOSE,
  WORLD_Q_SIZE_CHOOSE,
  WORLD_Q_WHAT,
  WORLD_Q_WHAT_HOP2,
  WORLD_Q_RELATION_VERIFY,
  WORLD_Q_RELATION_CHOOSE,
  WORLD_Q_POSITION_VERIFY,
  WORLD_Q_POSITION_CHOOSE,
  WORLD_Q_CLASS_CHOOSE,
  WORLD_Q_SAME_COLOUR,
  WORLD_Q_LARGER_VERIFY,
  WORLD_Q_LARGER_CHOOSE,
  WORLD_Q_BOTH,
  WORLD_N_QUESTION_TYPES
} WorldQuestionType;

typedef struct {
  WorldSentence sentence;
  WorldQuestionType type;
  const char *answer; /* borrowed; one of world_answer() */
  int focus;          /* object that is asked about, or -1 */
  bool held_out;      /* speaks of a held-out class-colour pair */
} WorldQuestion;

/* Asks up to `n` different questions about the scene; returns how many were written to `out`.
 * The same scene, task and `seed` give the same questions. In the held-out split all of them
 * speak of a held-out pair, elsewhere none does. At most 20 tokens with [CLS] and [SEP].
 * `wanted`: a bit for each WorldQuestionType that may be asked. */
#define WORLD_ALL_TYPES (~UINT32_C(0))
int world_scene_questions(const WorldScene *scene, WorldTask task, uint32_t wanted, uint64_t seed,
                          int n, WorldQuestion *out);

/* Up to `n` different captions, for pre-training. */
int world_scene_captions(const WorldScene *scene, uint64_t seed, int n, WorldSentence *out);

/* A statement of NLVR2's kind with its pairs: `pairs[k]` are two scene indices and `label[k]`
 * whether the statement is true of them. Two of the four are true. */
#define WORLD_STATEMENT_PAIRS 4
typedef struct {
  WorldSentence sentence; /* object[] is -1: it speaks of two scenes */
  int pairs[WORLD_STATEMENT_PAIRS][2];
  bool label[WORLD_STATEMENT_PAIRS];
} WorldStatement;

/* Makes up to `n` statements over the given scenes (at least 8); returns how many. */
int world_statements(const WorldScene *const *scenes, int n_scenes, uint64_t seed, int n,
                     WorldStatement *out);

const char *world_question_type_name(int type); /* "count", "color hop 2", ... */
/* "yes/no", "number" or "other", as in VQA; a GQA choice counts as binary. */
const char *world_answer_type(const char *answer);

/* The closed list of answers, in table order; NULL past the end. */
int world_n_answers(void);
const char *world_answer(int i);
int world_answer_index(const char *answer); /* -1: not in the table */

/* The vocabulary in WordPiece order: [PAD] [UNK] [CLS] [SEP] [MASK], words, characters, pieces. */
int world_n_vocabulary(void);
const char *world_vocabulary(int i);
