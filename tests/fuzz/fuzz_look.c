/* Any bytes as a file that claims to be a JPEG: it is of a kind that has a word, and what it carries beside its picture lies within it. */
#include "blindfold/jpeg_look.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const guint8 *data, size_t size);

static void must(bool ok)
{
    if (!ok)
        abort();
}

int LLVMFuzzerTestOneInput(const guint8 *data, size_t size)
{
    static const char *const kinds[] = {"thumbnail", "second-picture", "after-end", "metadata", "comment", NULL};
    g_autoptr(GBytes) file = g_bytes_new(data, size); /* a copy: reads beyond it are seen by the sanitizer */
    const char *kind = bf_file_kind(file);
    must(kind != NULL && *kind != '\0' && (strcmp(kind, "empty") == 0) == (size == 0));
    g_autoptr(GArray) extras = bf_jpeg_extras(file);
    for (guint i = 0; i < extras->len; i++) {
        const bf_jpeg_extra *e = &g_array_index(extras, bf_jpeg_extra, i);
        must(g_strv_contains(kinds, e->kind));
        gsize n = 0;
        const void *bytes = e->data != NULL ? g_bytes_get_data(e->data, &n) : NULL;
        must(e->data != NULL && n <= size && (n == 0 || memmem(data, size, bytes, n) != NULL));
    }
    return 0;
}
