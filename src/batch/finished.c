#include "batch/finished.h"

#include "blindfold/report.h"

#include <fcntl.h>
#include <string.h>
#include <unistd.h>

static bool sha256_of_file(const char *path, char hex[BF_SHA256_HEX])
{
    g_autoptr(GChecksum) sum = g_checksum_new(G_CHECKSUM_SHA256);
    guchar block[65536];
    ssize_t n = -1;
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
    if (fd < 0)
        return false;
    while ((n = read(fd, block, sizeof block)) > 0)
        g_checksum_update(sum, block, n);
    close(fd);
    g_strlcpy(hex, g_checksum_get_string(sum), BF_SHA256_HEX);
    return n == 0;
}

/* The output is where the verdict says, is what the report says, and the other folder has none. */
static bool output_stands(const char *output_dir, const bf_package_result *r)
{
    bool released = r->verdict == BF_VERDICT_RELEASED;
    g_autofree char *name = g_strconcat(r->id, ".zip", NULL);
    g_autofree char *place = g_strconcat(released ? "packages/" : "held/", name, NULL);
    g_autofree char *path = g_build_filename(output_dir, place, NULL);
    g_autofree char *other = g_build_filename(output_dir, released ? "held" : "packages", name, NULL);
    char hex[BF_SHA256_HEX] = "";
    return r->verdict != BF_VERDICT_FAILED && g_strcmp0(r->output, place) == 0 && !g_file_test(other, G_FILE_TEST_EXISTS) &&
           sha256_of_file(path, hex) && strcmp(hex, r->output_sha256) == 0;
}

bf_package_result *finished_before(const char *output_dir, const bf_tool_info *tool, const bf_package_result *wanted)
{
    g_autoptr(bf_package_result) before = NULL;
    g_autoptr(bf_report_tool) made_by = NULL;
    if (!bf_report_read(output_dir, wanted->id, &before, NULL) || !bf_report_read_tool(output_dir, wanted->id, &made_by, NULL))
        return NULL;
    bool same = wanted->input_sha256[0] != '\0' && strcmp(before->input_sha256, wanted->input_sha256) == 0 && before->person &&
                g_strcmp0(before->person, wanted->person) == 0 && bf_report_tool_equals(&made_by->info, tool);
    return same && output_stands(output_dir, before) ? g_steal_pointer(&before) : NULL;
}
