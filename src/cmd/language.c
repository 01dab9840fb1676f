#include "cmd/language.h"

#include <glib/gi18n.h>
#include <langinfo.h>
#include <locale.h>
#include <string.h>

/* The value of the last --lang before "--"; takes the option and its value out. False when a value is missing. */
static bool take_option(int *argc, char **argv, const char **value)
{
    int kept = 1;
    bool ok = true, options = true;
    for (int i = 1; i < *argc; i++) {
        options = options && strcmp(argv[i], "--") != 0;
        if (options && g_str_has_prefix(argv[i], "--lang=")) {
            *value = argv[i] + strlen("--lang=");
        } else if (options && strcmp(argv[i], "--lang") == 0) {
            ok = ok && i + 1 < *argc;
            *value = i + 1 < *argc ? argv[++i] : "";
        } else {
            argv[kept++] = argv[i];
        }
    }
    argv[kept] = NULL;
    *argc = kept;
    return ok;
}

static const char *first_set(const char *const *variables)
{
    for (; *variables; variables++) {
        const char *value = g_getenv(*variables);
        if (value && *value)
            return value;
    }
    return "";
}

/* What gettext itself would choose, but also where that locale is not installed on this machine. */
static bool environment_wants_chinese(void)
{
    static const char *const variables[] = {"LC_ALL", "LC_MESSAGES", "LANG", NULL};
    const char *locale = first_set(variables), *language = g_getenv("LANGUAGE");
    if (!*locale || strcmp(locale, "C") == 0 || strcmp(locale, "POSIX") == 0)
        return false;
    return g_str_has_prefix(language && *language ? language : locale, "zh");
}

/* Without a locale (cron, systemd, a bare container) text is UTF-8 all the same: names are Chinese everywhere. */
static void set_encoding(void)
{
    if (!setlocale(LC_CTYPE, "") || strcmp(nl_langinfo(CODESET), "ANSI_X3.4-1968") == 0)
        setlocale(LC_CTYPE, "C.UTF-8");
}

/* gettext asks LANGUAGE only when messages are in some locale that is not "C"; any will do, and C.UTF-8 is on every system. */
static void set_messages(bool chinese)
{
    if (!setlocale(LC_MESSAGES, "") || strcmp(setlocale(LC_MESSAGES, NULL), "C") == 0)
        setlocale(LC_MESSAGES, "C.UTF-8");
    g_setenv("LANGUAGE", chinese ? "zh_CN" : "en", TRUE);
}

/* Beside the program in the build tree, else where it is installed: found from the program's own place, so that it may be moved. */
static char *catalogue_dir(void)
{
    g_autofree char *program = g_file_read_link("/proc/self/exe", NULL);
    g_autofree char *dir = program ? g_path_get_dirname(program) : g_strdup(".");
    g_autofree char *beside = g_build_filename(dir, "locale", NULL);
    if (g_file_test(beside, G_FILE_TEST_IS_DIR))
        return g_steal_pointer(&beside);
    return g_build_filename(dir, "..", "share", "locale", NULL);
}

bool cmd_language_init(int *argc, char **argv)
{
    const char *value = NULL;
    bool ok = take_option(argc, argv, &value);
    bool known = value && (strcmp(value, "zh") == 0 || strcmp(value, "en") == 0);
    set_encoding();
    set_messages(known ? value[0] == 'z' : environment_wants_chinese());
    g_autofree char *dir = catalogue_dir();
    bindtextdomain(GETTEXT_PACKAGE, dir);
    bind_textdomain_codeset(GETTEXT_PACKAGE, "UTF-8");
    textdomain(GETTEXT_PACKAGE);
    (void)gettext(""); /* loads the catalogue: a process that gives up files later could not */
    return ok && (known || !value);
}

bf_language cmd_language(void)
{
    return g_str_has_prefix(g_getenv("LANGUAGE"), "zh") ? BF_LANGUAGE_ZH : BF_LANGUAGE_EN; /* set_messages has set it */
}
