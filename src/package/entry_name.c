#include "package/package_internal.h"

#include <string.h>

enum { MAX_PARTS = 33, MAX_PATH_BYTES = 1024 };

bool name_says_jpeg(const char *name)
{
    size_t n = strlen(name);
    return (n >= 4 && g_ascii_strcasecmp(name + n - 4, ".jpg") == 0) || (n >= 5 && g_ascii_strcasecmp(name + n - 5, ".jpeg") == 0);
}

/* GB2312 text can be valid UTF-8 by chance, but then only as two-byte sequences whose bytes are a Han character's row and cell. */
static bool looks_like_gb2312(const char *s)
{
    bool any = false;
    for (const guchar *p = (const guchar *)s; *p; p++) {
        if (*p < 0x80)
            continue;
        if (*p < 0xB0 || *p > 0xF7 || p[1] < 0xA1)
            return false;
        any = true;
        p++;
    }
    return any;
}

static bool untold_names_are_utf8(const GArray *raw)
{
    bool all_gb2312 = true, any = false;
    for (guint i = 0; i < raw->len; i++) {
        const raw_entry *e = &g_array_index(raw, raw_entry, i);
        if (e->utf8_told || g_str_is_ascii(e->raw_name))
            continue;
        if (!g_utf8_validate(e->raw_name, -1, NULL))
            return false;
        any = true;
        all_gb2312 = all_gb2312 && looks_like_gb2312(e->raw_name);
    }
    return any && !all_gb2312;
}

GPtrArray *decode_names(const GArray *raw)
{
    GPtrArray *names = g_ptr_array_new_with_free_func(g_free);
    bool utf8 = untold_names_are_utf8(raw);
    for (guint i = 0; i < raw->len; i++) {
        const raw_entry *e = &g_array_index(raw, raw_entry, i);
        char *name = NULL;
        if (!e->utf8_told && !utf8 && !g_str_is_ascii(e->raw_name))
            name = g_convert(e->raw_name, -1, "UTF-8", "GB18030", NULL, NULL, NULL);
        if (!name)
            name = g_utf8_make_valid(e->raw_name, -1);
        g_ptr_array_add(names, name);
    }
    return names;
}

static bool has_control(const char *utf8)
{
    for (const char *p = utf8; *p; p = g_utf8_next_char(p))
        if (g_unichar_iscntrl(g_utf8_get_char(p)))
            return true;
    return false;
}

static bool is_absolute(const char *slashed)
{
    return slashed[0] == '/' || (g_ascii_isalpha(slashed[0]) && slashed[1] == ':');
}

/* The parts without the empty ones and "."; NULL when one is "..", there are none, or there are too many. */
static GPtrArray *split_safely(const char *slashed)
{
    g_auto(GStrv) parts = g_strsplit(slashed, "/", -1);
    g_autoptr(GPtrArray) kept = g_ptr_array_new_with_free_func(g_free);
    for (char **part = parts; *part; part++) {
        if (strcmp(*part, "..") == 0)
            return NULL;
        if (**part != '\0' && strcmp(*part, ".") != 0)
            g_ptr_array_add(kept, g_strdup(*part));
    }
    if (kept->len == 0 || kept->len > MAX_PARTS)
        return NULL;
    g_ptr_array_add(kept, NULL);
    return g_steal_pointer(&kept);
}

clean_name clean_entry_name(const char *utf8)
{
    clean_name out = {.path = g_strdup(utf8)};
    g_strdelimit(out.path, "\\", '/');
    out.folder = g_str_has_suffix(out.path, "/");
    if (strlen(out.path) > MAX_PATH_BYTES || is_absolute(out.path) || has_control(out.path))
        return out;
    g_autoptr(GPtrArray) parts = split_safely(out.path);
    if (!parts)
        return out;
    g_free(out.path);
    out.path = g_strjoinv("/", (char **)parts->pdata);
    out.safe = true;
    return out;
}

bool is_system_file(const char *path)
{
    static const char *const names[] = {"thumbs.db", "desktop.ini", ".ds_store", NULL};
    const char *slash = strrchr(path, '/');
    g_autofree char *base = g_ascii_strdown(slash ? slash + 1 : path, -1);
    return g_strv_contains(names, base) || g_str_has_prefix(path, "__MACOSX/") || strstr(path, "/__MACOSX/") != NULL;
}

char *folded_name(const char *utf8)
{
    g_autofree char *normal = g_utf8_normalize(utf8, -1, G_NORMALIZE_ALL_COMPOSE);
    return g_utf8_casefold(normal ? normal : utf8, -1);
}

/* Compares the runs of digits that begin here by value; moves both on past them. */
static int compare_numbers(const char **a, const char **b)
{
    while (**a == '0')
        (*a)++;
    while (**b == '0')
        (*b)++;
    size_t n_a = strspn(*a, "0123456789"), n_b = strspn(*b, "0123456789");
    int order = n_a != n_b ? (n_a < n_b ? -1 : 1) : strncmp(*a, *b, n_a);
    *a += n_a;
    *b += n_b;
    return order;
}

int natural_compare(const char *a, const char *b)
{
    const char *start_a = a, *start_b = b;
    while (*a && *b) {
        if (g_ascii_isdigit(*a) && g_ascii_isdigit(*b)) {
            int order = compare_numbers(&a, &b);
            if (order != 0)
                return order;
            continue;
        }
        guchar c_a = *a == '/' ? 1 : (guchar)*a, c_b = *b == '/' ? 1 : (guchar)*b;
        if (c_a != c_b)
            return c_a < c_b ? -1 : 1;
        a++;
        b++;
    }
    if (*a || *b)
        return *a ? 1 : -1;
    return strcmp(start_a, start_b);
}
