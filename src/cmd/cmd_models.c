#include "blindfold/page.h"
#include "cmd/cmd.h"

#include <glib/gi18n.h>
#include <stdio.h>
#include <string.h>

static void print_readers(const bf_page_engine *engine)
{
    guint n = 0;
    const bf_reader_info *readers = bf_page_engine_readers(engine, &n);
    for (guint i = 0; i < n; i++)
        printf("%-12s  %-24s  %s\n", readers[i].name, readers[i].version, *readers[i].model_sha256 ? readers[i].model_sha256 : "-");
}

/* Opens the readers, which checks their files against the manifest. list NULL: the default ones, together. */
static int open_and_print(const char *list, const char *models_dir)
{
    const bf_page_settings settings = {.readers = list, .models_dir = models_dir};
    g_autoptr(GError) error = NULL;
    bf_page_engine *engine = NULL;
    if (!bf_page_engine_new(&settings, &engine, &error)) {
        cmd_say("%s", error->message);
        return CMD_STOPPED;
    }
    print_readers(engine);
    bf_page_engine_free(engine);
    return CMD_OK;
}

static const char *const each[] = {"ppocr", "tesseract"};

/* "ppocr  PP-OCRv4 mobile, ...  model 4a34b3201bcf  ready", or why it is not. */
static void print_readiness(const char *reader)
{
    const bf_page_settings settings = {.readers = reader};
    g_autoptr(GError) error = NULL;
    bf_page_engine *engine = NULL;
    guint n = 0;
    if (!bf_page_engine_new(&settings, &engine, &error)) {
        g_print("  %s\n", error->message);
        return;
    }
    const bf_reader_info *info = bf_page_engine_readers(engine, &n);
    const char *sha256 = info->model_sha256;
    g_print("  %-10s %s%s%.12s  %s\n", info->name, info->version, *sha256 ? _(", model ") : "", sha256, _("ready"));
    bf_page_engine_free(engine);
}

int cmd_version(void)
{
    g_print("blindfold " BF_VERSION "\n");
    for (guint i = 0; i < G_N_ELEMENTS(each); i++)
        print_readiness(each[i]);
    return CMD_OK;
}

int cmd_models(int argc, char **argv)
{
    g_autofree char *models_dir = NULL;
    const GOptionEntry entries[] = {
        {"models", 0, 0, G_OPTION_ARG_FILENAME, &models_dir, N_("Where the models are (default: $BLINDFOLD_MODELS)"), "DIR"},
        G_OPTION_ENTRY_NULL};
    const cmd_syntax syntax = {
        .words = "models list|verify",
        .summary =
            N_("The readers: name, version and SHA-256 of the model. list shows those that redact uses; verify opens each by itself\n"
               "and checks its files.\n\nExit status: 0 all well, 2 wrong call, 4 a reader is missing or not as it should be."),
        .entries = entries};
    g_auto(GStrv) words = NULL;
    if (!cmd_parse(&syntax, argc, argv, &words))
        return CMD_USAGE;
    if (words[0] && words[1])
        return cmd_usage("models", _("list and verify take no more words"));
    if (!words[0] || strcmp(words[0], "list") == 0)
        return open_and_print(NULL, models_dir);
    if (strcmp(words[0], "verify") != 0)
        return cmd_usage("models", _("what about the models? Say list or verify"));
    int status = CMD_OK;
    for (guint i = 0; i < G_N_ELEMENTS(each); i++) {
        int one = open_and_print(each[i], models_dir);
        status = MAX(status, one);
    }
    return status;
}
