/* A package from anybody's bytes: listing, output names and reading keep within their limits and never crash. */
#include "blindfold/name.h"
#include "blindfold/package.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const bf_limits limits = {.max_entries = 64, .max_entry_bytes = 1 << 16, .max_total_bytes = 1 << 18, .max_ratio = 50};

static void check_names(const bf_package *p)
{
    g_autoptr(bf_query) query = NULL;
    bf_package_plan plan;
    if (!bf_name_build("乔雨溱", NULL, &query, NULL))
        abort();
    bf_package_plan_names(p, query, &plan);
    g_autoptr(GHashTable) seen = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    for (guint i = 0; i < plan.order->len; i++) {
        const char *name = plan.names->pdata[g_array_index(plan.order, guint, i)];
        g_autofree char *folded = g_utf8_casefold(name, -1);
        if (!g_utf8_validate(name, -1, NULL) || bf_name_in_text(query, name) || name[0] == '/' || strstr(name, "./") ||
            !g_str_has_suffix(name, ".jpg") || !g_hash_table_add(seen, g_steal_pointer(&folded)))
            abort();
    }
    bf_package_plan_clear(&plan);
}

static void read_all(bf_package *p)
{
    gint64 total = 0;
    for (guint i = 0; i < bf_package_n_entries(p); i++) {
        const bf_package_entry *e = bf_package_get_entry(p, i);
        g_autoptr(GBytes) bytes = NULL;
        if (!g_utf8_validate(e->name, -1, NULL) || (e->holds && !e->drop))
            abort();
        if (!bf_package_read(p, i, &bytes, NULL))
            continue;
        total += (gint64)g_bytes_get_size(bytes);
        if (e->drop || g_bytes_get_size(bytes) > (gsize)limits.max_entry_bytes || total > limits.max_total_bytes)
            abort();
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    int fd = memfd_create("fuzz", MFD_CLOEXEC);
    if (fd < 0 || write(fd, data, size) != (ssize_t)size)
        abort();
    g_autofree char *path = g_strdup_printf("/proc/self/fd/%d", fd);
    g_autoptr(bf_package) p = NULL;
    if (bf_package_open(path, &limits, &p, NULL)) {
        check_names(p);
        read_all(p);
    }
    close(fd);
    return 0;
}
