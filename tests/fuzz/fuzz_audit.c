/* A record of anybody's making: checked, then read. A record that holds must be readable to its last line. */
#include "blindfold/audit.h"
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

static bool count_entry(const bf_audit_entry *entry, void *user)
{
    guint64 *n = user;
    if (entry->seq == *n && strlen(entry->time) > 0 && entry->line[0] == '{')
        ++*n;
    return true;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    int fd = memfd_create("record", MFD_CLOEXEC);
    if (fd < 0 || write(fd, data, size) != (ssize_t)size)
        abort();
    g_autofree char *path = g_strdup_printf("/proc/self/fd/%d", fd);
    bf_audit_summary summary;
    guint64 n = 0;
    bool holds = bf_audit_verify(path, &summary, NULL);
    bool readable = bf_audit_foreach(path, count_entry, &n, NULL);
    close(fd);
    if (holds && !readable)
        abort();
    if (holds && summary.keyed)
        abort();
    return 0;
}
