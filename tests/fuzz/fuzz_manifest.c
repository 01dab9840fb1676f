/* A model manifest of anybody's making: it names an item whole and within its folder, or it is an error. */
#include "read/models.h"
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char *file = NULL, *version = NULL, *sha256 = NULL;
    g_autoptr(GError) error = NULL;
    if (bf_manifest_find((const char *)data, (gssize)size, "rec", &file, &version, &sha256, &error)) {
        if (file == NULL || version == NULL || sha256 == NULL || error != NULL || strchr(file, '/') != NULL || file[0] == '.')
            abort();
    } else if (file != NULL || version != NULL || sha256 != NULL || error == NULL) {
        abort();
    }
    g_free(file);
    g_free(version);
    g_free(sha256);
    return 0;
}
