/* Words of command lines. */
#include "pagemaker.h"
#include <string.h>

static bool too_many(guint room, GError **error)
{
    g_set_error(error, PM_ERROR, PM_ERROR_WORD, "more than %u words in a list", room);
    return false;
}

bool pm_kinds_parse(const char *list, pm_kind *out, guint room, guint *n, GError **error)
{
    g_auto(GStrv) words = g_strsplit(list ? list : "", ",", -1);
    for (*n = 0; words[*n]; ++*n) {
        if (*n == room)
            return too_many(room, error);
        if (!pm_kind_parse(words[*n], &out[*n], error))
            return false;
    }
    return true;
}

bool pm_captures_parse(const char *list, pm_capture *out, guint room, guint *n, GError **error)
{
    g_auto(GStrv) words = g_strsplit(list ? list : "", ",", -1);
    for (*n = 0; words[*n]; ++*n) {
        if (*n == room)
            return too_many(room, error);
        if (!pm_capture_parse(words[*n], &out[*n], error))
            return false;
    }
    return true;
}

bool pm_flags_parse(const char *list, guint *out, GError **error)
{
    static const struct {
        const char *word;
        pm_flags flag;
    } flags[] = {{"seal", PM_FLAG_SEAL},
                 {"fingerprint", PM_FLAG_FINGERPRINT},
                 {"no-name", PM_FLAG_NO_NAME},
                 {"near-names", PM_FLAG_NEAR_NAMES},
                 {"metadata", PM_FLAG_METADATA},
                 {"progressive", PM_FLAG_PROGRESSIVE},
                 {"spaced", PM_FLAG_SPACED},
                 {"traditional", PM_FLAG_TRADITIONAL},
                 {"line-break", PM_FLAG_LINE_BREAK},
                 {"vertical", PM_FLAG_VERTICAL},
                 {"white-on-dark", PM_FLAG_WHITE_ON_DARK},
                 {"name-seal", PM_FLAG_NAME_SEAL},
                 {"plain-name", PM_FLAG_PLAIN_NAME},
                 {"arabic", PM_FLAG_ARABIC}};
    *out = 0;
    g_auto(GStrv) words = g_strsplit(list ? list : "", ",", -1);
    for (guint i = 0; words[i]; i++) {
        guint k = 0;
        while (k < G_N_ELEMENTS(flags) && strcmp(flags[k].word, words[i]) != 0)
            k++;
        if (k == G_N_ELEMENTS(flags)) {
            g_set_error(error, PM_ERROR, PM_ERROR_WORD, "no such flag: %s", words[i]);
            return false;
        }
        *out |= flags[k].flag;
    }
    return true;
}
