/* A roster from anybody's bytes: never crashes, and no problem or error tells any of its text. */
#include "blindfold/roster.h"

#include <stdint.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void must_be_ascii(const char *text)
{
    for (; *text; text++)
        if ((guchar)*text >= 0x80)
            abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    g_autoptr(bf_roster) roster = NULL;
    if (!bf_roster_parse((const char *)data, size, "fuzz", &roster, NULL))
        return 0;
    for (guint i = 0; i < roster->problems->len; i++)
        must_be_ascii(roster->problems->pdata[i]);
    for (guint i = 0; i < roster->rows->len; i++) {
        const bf_roster_row *row = roster->rows->pdata[i];
        if (!bf_roster_id_is_safe(row->id) || !*row->name || !*row->package || row->line == 0)
            abort();
    }
    return 0;
}
