#include "blindfold/limits.h"

#include <string.h>

enum { MIB = 1 << 20, MEGA = 1000 * 1000 };

/* One row a field: where it is, how large it is by default and at most, in units of its key. */
static const struct {
    const char *key;
    gsize offset;
    bool wide; /* a gint64; else a guint */
    gint64 unit, standard, most;
    bool of_package;
} rows[] = {
    {"damaged-percent", G_STRUCT_OFFSET(bf_limits, max_damaged_percent), false, 1, 1, 100, false}, /* the engine tells it, as the pixels */
    {"entries", G_STRUCT_OFFSET(bf_limits, max_entries), false, 1, 2000, 65535, true},
    {"entry-mib", G_STRUCT_OFFSET(bf_limits, max_entry_bytes), true, MIB, 128, 2047, true},
    {"megapixels", G_STRUCT_OFFSET(bf_limits, max_pixels), true, MEGA, 60, 4000, false}, /* the engine tells it among its settings */
    {"page-mib", G_STRUCT_OFFSET(bf_limits, max_page_bytes), true, MIB, 4096, 1 << 20, false},
    {"page-seconds", G_STRUCT_OFFSET(bf_limits, page_seconds), false, 1, 120, 86400, false},
    {"ratio", G_STRUCT_OFFSET(bf_limits, max_ratio), false, 1, 200, 2000000, true},
    {"total-mib", G_STRUCT_OFFSET(bf_limits, max_total_bytes), true, MIB, 2048, 1 << 20, true},
};

static gint64 value_of(const bf_limits *limits, guint row)
{
    const void *field = G_STRUCT_MEMBER_P(limits, rows[row].offset);
    return rows[row].wide ? *(const gint64 *)field : (gint64) * (const guint *)field;
}

static void set_value(bf_limits *limits, guint row, gint64 value)
{
    void *field = G_STRUCT_MEMBER_P(limits, rows[row].offset);
    if (rows[row].wide)
        *(gint64 *)field = value;
    else
        *(guint *)field = (guint)value;
}

bf_limits bf_limits_effective(const bf_limits *given)
{
    bf_limits l = given ? *given : (bf_limits){0};
    for (guint i = 0; i < G_N_ELEMENTS(rows); i++)
        if (value_of(&l, i) <= 0)
            set_value(&l, i, rows[i].standard * rows[i].unit);
    return l;
}

bool bf_limits_set(bf_limits *limits, const char *setting)
{
    const char *equals = strchr(setting, '=');
    gsize length = equals ? (gsize)(equals - setting) : 0;
    for (guint i = 0; equals && i < G_N_ELEMENTS(rows); i++) {
        guint64 value = 0;
        if (strlen(rows[i].key) != length || strncmp(setting, rows[i].key, length) != 0)
            continue;
        if (!g_ascii_string_to_unsigned(equals + 1, 10, 1, (guint64)rows[i].most, &value, NULL))
            return false;
        set_value(limits, i, (gint64)value * rows[i].unit);
        return true;
    }
    return false;
}

char *bf_limits_text(const bf_limits *limits)
{
    const bf_limits l = bf_limits_effective(limits);
    GString *text = g_string_new(NULL);
    for (guint i = 0; i < G_N_ELEMENTS(rows); i++)
        if (rows[i].of_package && value_of(&l, i) != rows[i].standard * rows[i].unit)
            g_string_append_printf(text, "%s%s=%" G_GINT64_FORMAT, text->len ? "," : "", rows[i].key, value_of(&l, i) / rows[i].unit);
    return g_string_free(text, FALSE);
}
