#include "cmd/cmd_process.h"

#include <signal.h>
#include <string.h>

static atomic_bool interrupted; /* a signal handler knows nothing else */

static void on_signal(int signal_number)
{
    (void)signal_number;
    atomic_store(&interrupted, true);
}

const atomic_bool *cmd_catch_signals(void)
{
    struct sigaction action = {.sa_handler = on_signal, .sa_flags = SA_RESTART | (int)SA_RESETHAND};
    sigaction(SIGINT, &action, NULL);
    sigaction(SIGTERM, &action, NULL);
    signal(SIGPIPE, SIG_IGN); /* a closed pipe behind stderr must not end the run */
    return &interrupted;
}

bool cmd_make_utf8(char **text)
{
    if (!*text || g_utf8_validate(*text, -1, NULL))
        return true;
    char *utf8 = g_locale_to_utf8(*text, -1, NULL, NULL, NULL);
    if (!utf8)
        return false;
    g_free(*text);
    *text = utf8;
    return true;
}

bool cmd_readers_are_known(const char *list)
{
    static const char *const known[] = {"ppocr", "tesseract", NULL};
    g_auto(GStrv) words = g_strsplit(list, ",", -1);
    for (char **word = words; *word; word++)
        if (!g_strv_contains(known, *word))
            return false;
    return words[0] != NULL;
}
