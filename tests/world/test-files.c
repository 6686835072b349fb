/* The files: the same bytes twice, and the fields that the authors' code reads. */
#include <ftw.h>
#include <jansson.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lx-test.h"
#include "world-write.h"

static const char *const names[] = {"world.json",
                                    "vocab.txt",
                                    "objects_vocab.txt",
                                    "attributes_vocab.txt",
                                    "vqa/train.json",
                                    "vqa/heldout.json",
                                    "vqa/trainval_ans2label.json",
                                    "gqa/test.json",
                                    "gqa/trainval_label2ans.json",
                                    "nlvr2/train.json",
                                    "nlvr2/test.json",
                                    "lxmert/world_train.json",
                                    "lxmert/world_minival.json",
                                    "lxmert/all_ans.json",
                                    "scene_graphs/minival.json",
                                    "images/world_test_000000000001.png"};

static char *slurp(const char *dir, const char *name, size_t *size)
{
  char path[4096];
  snprintf(path, sizeof path, "%s/%s", dir, name);
  FILE *f = fopen(path, "rb");
  CHECK(f != NULL, "%s", path);
  if (!f)
    return NULL;
  fseek(f, 0, SEEK_END);
  *size = (size_t)ftell(f);
  rewind(f);
  char *data = malloc(*size + 1);
  CHECK(fread(data, 1, *size, f) == *size);
  data[*size] = 0;
  fclose(f);
  return data;
}

static json_t *load(const char *dir, const char *name)
{
  char path[4096];
  json_error_t why;
  snprintf(path, sizeof path, "%s/%s", dir, name);
  json_t *root = json_load_file(path, JSON_REJECT_DUPLICATES, &why);
  CHECK(root != NULL, "%s: %s", path, why.text);
  return root;
}

static bool keep_going(double fraction, const char *what, void *user_data)
{
  double *last = user_data;
  CHECK(fraction >= *last && fraction <= 1.0 + 1e-9 && what != NULL, "%f after %f", fraction,
        *last);
  *last = fraction;
  return true;
}

static bool stop_at_once(double fraction, const char *what, void *user_data)
{
  return false;
}

static WorldWriteOptions options_for(const char *dir)
{
  WorldWriteOptions o;
  world_write_options_init(&o, dir, 30, 11);
  o.images = true;
  return o;
}

static void test_same_bytes(const char *a, const char *b)
{
  for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
    size_t na = 0, nb = 0;
    char *da = slurp(a, names[i], &na), *db = slurp(b, names[i], &nb);
    CHECK(da && db && na == nb && memcmp(da, db, na) == 0, "%s differs", names[i]);
    free(da);
    free(db);
  }
}

static void test_vqa(const char *dir)
{
  json_t *list = load(dir, "vqa/train.json"), *table = load(dir, "vqa/trainval_ans2label.json"),
         *entry;
  json_t *ids = json_object();
  size_t i;
  CHECK(json_array_size(list) == 21 * 12, "%zu", json_array_size(list));
  json_array_foreach (list, i, entry) {
    char id[32];
    json_t *label = json_object_get(entry, "label");
    const char *answer = json_object_iter_key(json_object_iter(label));
    snprintf(id, sizeof id, "%lld",
             (long long)json_integer_value(json_object_get(entry, "question_id")));
    CHECK(json_is_integer(json_object_get(entry, "question_id")) && !json_object_get(ids, id), "%s",
          id);
    json_object_set_new(ids, id, json_true());
    CHECK(json_object_size(label) == 1 && json_number_value(json_object_get(label, answer)) == 1.0);
    CHECK(json_is_integer(json_object_get(table, answer)), "%s", answer);
    CHECK(strcmp(json_string_value(json_object_get(entry, "answer_type")),
                 world_answer_type(answer)) == 0);
    CHECK(strncmp(json_string_value(json_object_get(entry, "img_id")), "world_train_", 12) == 0);
    CHECK(json_is_string(json_object_get(entry, "sent")) &&
          json_is_string(json_object_get(entry, "question_type")));
  }
  json_decref(ids);
  json_decref(table);
  json_decref(list);
}

static void test_pretraining(const char *dir)
{
  json_t *list = load(dir, "lxmert/world_train.json"), *entry;
  size_t i;
  CHECK(json_array_size(list) == 21);
  json_array_foreach (list, i, entry) {
    json_t *sentences = json_object_get(entry, "sentf"), *labels = json_object_get(entry, "labelf"),
           *answers;
    const char *set;
    CHECK(json_array_size(json_object_get(sentences, "mscoco")) == 8);
    json_object_foreach (labels, set, answers)
      CHECK(json_array_size(answers) == json_array_size(json_object_get(sentences, set)), "%s",
            set);
    CHECK(json_object_size(labels) == 2);
  }
  json_decref(list);
  list = load(dir, "lxmert/all_ans.json");
  CHECK((int)json_array_size(list) == world_n_answers());
  CHECK(json_is_string(json_object_get(json_array_get(list, 0), "ans")) &&
        json_is_array(json_object_get(json_array_get(list, 0), "dsets")));
  json_decref(list);
}

static void test_nlvr2(const char *dir)
{
  json_t *list = load(dir, "nlvr2/train.json"), *entry;
  size_t i;
  int right = 0;
  CHECK(json_array_size(list) == 10 * 4, "%zu", json_array_size(list));
  json_array_foreach (list, i, entry) {
    int set, pair, sentence;
    CHECK(sscanf(json_string_value(json_object_get(entry, "identifier")), "train-%d-%d-%d", &set,
                 &pair, &sentence) == 3);
    CHECK(set == (int)i / 4 && pair == (int)i % 4);
    CHECK(json_is_string(json_object_get(entry, "img0")) &&
          json_is_string(json_object_get(entry, "img1")));
    CHECK(json_is_string(json_object_get(entry, "uid")) &&
          json_is_string(json_object_get(entry, "sent")));
    right += (int)json_integer_value(json_object_get(entry, "label"));
  }
  CHECK(right * 2 == (int)json_array_size(list));
  json_decref(list);
}

static void test_graphs(const char *dir)
{
  json_t *graphs = load(dir, "scene_graphs/minival.json"), *graph, *object;
  const char *image, *id;
  CHECK(json_object_size(graphs) == 3);
  json_object_foreach (graphs, image, graph) {
    json_t *objects = json_object_get(graph, "objects");
    CHECK(json_object_size(objects) >= 4);
    json_object_foreach (objects, id, object) {
      size_t i;
      json_t *relation;
      int x = (int)json_integer_value(json_object_get(object, "x")),
          w = (int)json_integer_value(json_object_get(object, "w"));
      CHECK(x >= 0 && w > 0 && x + w <= WORLD_WIDTH);
      json_array_foreach (json_object_get(object, "relations"), i, relation)
        CHECK(json_object_get(objects, json_string_value(json_object_get(relation, "object"))));
    }
  }
  json_decref(graphs);
}

static void test_lists(const char *dir)
{
  size_t size;
  char *text = slurp(dir, "vocab.txt", &size);
  CHECK(strncmp(text, "[PAD]\n[UNK]\n[CLS]\n[SEP]\n[MASK]\n", 31) == 0);
  int lines = 0;
  for (char *p = text; *p; p++)
    lines += *p == '\n';
  CHECK(lines == world_n_vocabulary());
  CHECK(strstr(text, "\n##z\n") && strstr(text, "\n##9\n") && strstr(text, "\nq\n") &&
        strstr(text, "\n'\n"));
  free(text);
}

static void test_options(const char *dir)
{
  WorldWriteOptions written = options_for(dir), back;
  char error[512] = "";
  CHECK(world_read_options(dir, &back, error, sizeof error), "%s", error);
  CHECK(back.seed == written.seed && back.images == written.images &&
        back.vqa_per_scene == written.vqa_per_scene);
  CHECK(memcmp(back.scenes, written.scenes, sizeof back.scenes) == 0);
  CHECK(!world_read_options("/nowhere", &back, error, sizeof error) && strstr(error, "/nowhere"));
}

static void test_failures(const char *file, const char *dir)
{
  char error[512] = "";
  WorldWriteOptions o = options_for(file); /* a file where the folder should be */
  CHECK(!world_write(&o, NULL, NULL, error, sizeof error) && strstr(error, file), "%s", error);
  o = options_for(dir);
  o.vqa_per_scene = 5000;
  CHECK(!world_write(&o, NULL, NULL, error, sizeof error) && strstr(error, "5000"), "%s", error);
  o = options_for(dir);
  CHECK(!world_write(&o, stop_at_once, NULL, error, sizeof error) && strcmp(error, "stopped") == 0,
        "%s", error);
}

static int remove_entry(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
  return remove(path);
}

int main(void)
{
  char root[] = "/tmp/world-files-XXXXXX", a[64], b[64], c[64], file[80], error[512] = "";
  double last = 0;
  CHECK(mkdtemp(root) != NULL);
  snprintf(a, sizeof a, "%s/a", root);
  snprintf(b, sizeof b, "%s/b", root);
  snprintf(c, sizeof c, "%s/c", root);
  WorldWriteOptions o = options_for(a);
  CHECK(world_write(&o, keep_going, &last, error, sizeof error), "%s", error);
  CHECK(last == 1);
  o.dir = b;
  CHECK(world_write(&o, NULL, NULL, error, sizeof error), "%s", error);
  test_same_bytes(a, b);
  test_vqa(a);
  test_pretraining(a);
  test_nlvr2(a);
  test_graphs(a);
  test_lists(a);
  test_options(a);
  snprintf(file, sizeof file, "%s/vocab.txt", a);
  test_failures(file, c);
  nftw(root, remove_entry, 16, FTW_DEPTH | FTW_PHYS);
  return lx_test_end();
}
