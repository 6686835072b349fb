/* config.json: published sizes, unknown fields, and what must be refused. */
#include "lx-config.h"
#include "lx-test-io.h"

static void read_defaults(void)
{
  LxConfig c;
  LxError e = {0};
  CHECK(lx_config_parse("{}", 2, "empty", &c, &e) == LX_OK, "%s", e.message);
  CHECK(c.hidden_size == 768 && c.num_attention_heads == 12 && c.l_layers == 9);
  CHECK(c.num_qa_labels == 9500 && c.vocab_size == 30522 && c.task_qa);
  CHECK(fabs(c.visual_loss_normalizer - 6.666666666666667) < 1e-15);
  lx_config_clear(&c);
}

static void unknown_fields_survive(void)
{
  const char *text = "{\"architectures\":[\"LxmertForPreTraining\"],\"hidden_size\":64,"
                     "\"num_attention_heads\":4,\"layer_norm_eps\":1e-12,\"mine\":{\"a\":[1,2.5]},"
                     "\"hidden_dropout_prob\":0,\"task_qa\":false}";
  LxConfig c, d, copy;
  LxError e = {0};
  CHECK(lx_config_parse(text, strlen(text), "text", &c, &e) == LX_OK, "%s", e.message);
  CHECK(strcmp(c.architecture, "LxmertForPreTraining") == 0);
  CHECK(c.layer_norm_eps == 1e-12 && c.hidden_dropout_prob == 0 && !c.task_qa);
  c.num_qa_labels = 17;
  const char *path = lx_test_path("config.json");
  CHECK(lx_config_copy(&c, &copy, &e) == LX_OK);
  CHECK(lx_config_write(&copy, path, &e) == LX_OK, "%s", e.message);
  CHECK(lx_config_read(path, &d, &e) == LX_OK, "%s", e.message);
  CHECK(d.num_qa_labels == 17 && d.hidden_size == 64 && d.layer_norm_eps == 1e-12);
  char *written;
  lx_test_read(path, &written);
  CHECK(strstr(written, "\"mine\"") && strstr(written, "2.5"), "%s", written);
  CHECK(strstr(written, "\"model_type\": \"lxmert\"") && strstr(written, "1e-12"), "%s", written);
  free(written);
  lx_config_clear(&c);
  lx_config_clear(&copy);
  lx_config_clear(&d);
}

static void refuses(const char *text, const char *word)
{
  LxConfig c;
  LxError e = {0};
  CHECK(lx_config_parse(text, strlen(text), "bad.json", &c, &e) != LX_OK, "%s", text);
  CHECK(strstr(e.message, word) && strstr(e.message, "bad.json"), "%s -> %s", text, e.message);
}

int main(void)
{
  LxConfig c;
  LxError e = {0};
  read_defaults();
  unknown_fields_survive();
  refuses("{\"hidden_size\":770}", "heads");
  refuses("{\"hidden_size\":-1}", "hidden_size");
  refuses("{\"hidden_size\":0}", "hidden_size");
  refuses("{\"hidden_size\":1000000000000000000000}", "bad.json");
  refuses("{\"hidden_size\":65536,\"intermediate_size\":1048576}", "numbers");
  refuses("{\"num_qa_labels\":10000000}", "numbers");
  refuses("{\"x_layers\":-1}", "x_layers");
  refuses("{\"l_layers\":257}", "l_layers");
  refuses("{\"num_attention_heads\":-12}", "num_attention_heads");
  refuses("{\"layer_norm_eps\":-1}", "layer_norm_eps");
  refuses("{\"hidden_size\":1e3}", "hidden_size");
  refuses("{\"vocab_size\":99999999999}", "vocab_size");
  refuses("{\"num_attention_heads\":0}", "num_attention_heads");
  refuses("{\"hidden_act\":\"mish\"}", "mish");
  refuses("{\"hidden_act\":7}", "hidden_act");
  refuses("{\"hidden_dropout_prob\":1.5}", "hidden_dropout_prob");
  refuses("{\"task_qa\":1}", "task_qa");
  refuses("{\"model_type\":\"bert\"}", "bert");
  refuses("[]", "object");
  refuses("{\"a\":", "line 1");
  refuses("", "JSON");
  CHECK(lx_config_read(lx_test_path("absent.json"), &c, &e) == LX_ERR_IO);
  CHECK(strstr(e.message, "absent.json"), "%s", e.message);
  lx_test_clean();
  return lx_test_end();
}
