#include "cmd/table.h"

static guint cells_of(gunichar c)
{
    return g_unichar_iszerowidth(c) ? 0 : g_unichar_iswide(c) ? 2 : 1;
}

guint table_width(const char *text)
{
    guint width = 0;
    for (const char *p = text; *p; p = g_utf8_next_char(p))
        width += cells_of(g_utf8_get_char(p));
    return width;
}

void table_append(GString *row, const char *text, guint cells)
{
    guint width = table_width(text), used = 0, room = width > cells && cells > 0 ? cells - 1 : cells;
    const char *p = text;
    for (; *p && used + cells_of(g_utf8_get_char(p)) <= room; p = g_utf8_next_char(p)) {
        used += cells_of(g_utf8_get_char(p));
        g_string_append_unichar(row, g_utf8_get_char(p));
    }
    if (*p && used < cells) {
        g_string_append(row, "…");
        used++;
    }
    for (; used < cells; used++)
        g_string_append_c(row, ' ');
}
