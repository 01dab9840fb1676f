/* How often does the comparison of glyphs tell characters apart? Draws characters with one font, spoils them as captures do, and lets the
 * comparison decide without that font's family. */
#include "blindfold/glyph.h"
#include <math.h>
#include <stdio.h>
#include <string.h>

static const char *const PAIRS[] = {"亓元", "今令", "今合", "曰日", "己已", "己巳", "未末", "士土", "旻昊", "旻曼", "瑀璃",
                                    "琀玲", "翀翔", "璠播", "骉马", "龑龚", "敏繁", "芃芄", "祎祥", "赟斌", "钰铥", "昇升",
                                    "堃望", "玥明", "珺琚", "瑄暄", "淼森", "焱炎", "燚焱", "垚圭", "嫣媽", "尕孕", "嵘嵝",
                                    "王玉", "李季", "王主", "明朋", "大太", "天夭", "刘列", "陈陆", "徐除"};
static const char RANDOM[] =
    "的一国在人了有中是年和大业不为发会工经上地市要个产这出行作生家以成到日民来我部对进多全建他公开们场展时理新方主企";
static const char *const FONTS[] = {"Noto Serif CJK", "AR PL UMing", "Noto Sans", "WenQuanYi Zen Hei",
                                    "AR PL UKai",     "LXGW WenKai", "cwTeX"};

typedef struct {
    int size_px, blur;
    float noise, shift;
} spoil;
static const spoil SPOILS[] = {{40, 0, 0, 0},     {28, 0, 20, 0.15F}, {22, 1, 10, -0.15F},
                               {16, 0, 10, 0.1F}, {16, 1, 20, -0.2F}, {13, 1, 10, 0}};

static void spoil_picture(bf_picture *p, const spoil *s, GRand *rand)
{
    int w = p->width_px, h = p->height_px;
    for (int b = 0; b < s->blur; b++) {
        g_autofree uint8_t *copy = g_memdup2(p->data, (gsize)w * (gsize)h * 3);
        for (int y = 1; y + 1 < h; y++)
            for (int x = 1; x + 1 < w; x++)
                for (int c = 0; c < 3; c++) {
                    int sum = 0;
                    for (int k = 0; k < 9; k++)
                        sum += copy[((y + k / 3 - 1) * w + x + k % 3 - 1) * 3 + c];
                    p->data[(y * w + x) * 3 + c] = (uint8_t)(sum / 9);
                }
    }
    for (int i = 0; i < w * h; i++) {
        int v = (int)(p->data[3 * i] * 0.8F + 40 + g_rand_double_range(rand, -1, 1) * s->noise);
        p->data[3 * i] = p->data[3 * i + 1] = p->data[3 * i + 2] = (uint8_t)CLAMP(v, 0, 255);
    }
}

/* Shows `shown` between two others; is it `wanted` or `rival`? */
static void ask(bf_glyphs *painter, guint face, bf_glyphs *judge, const spoil *s, gunichar shown, gunichar wanted, gunichar rival,
                GRand *rand, bf_glyph_answer *out)
{
    gunichar text[3] = {0x674E, shown, 0x56FD};
    g_autoptr(bf_picture) p = NULL;
    int height = s->size_px * 5 / 4;
    if (!bf_glyphs_draw(painter, face, text, 3, s->size_px, height, &p, NULL))
        return;
    spoil_picture(p, s, rand);
    float em = (float)height;
    bf_glyph_place place = {(2.5F + s->shift) * (float)s->size_px, em / 2, em, 0, 0, em};
    bf_glyphs_judge(judge, p, &place, &wanted, 1, &rival, 1, out);
}

int main(int argc, char **argv)
{
    g_autoptr(GRand) rand = g_rand_new_with_seed(argc > 1 ? (guint32)strtoul(argv[1], NULL, 10) : 1);
    bool verbose = argc > 2;
    gint64 t0 = g_get_monotonic_time();
    bf_glyphs *probe = bf_glyphs_new();
    printf("%u faces, opened in %.0f ms\n", bf_glyphs_n_faces(probe), (double)(g_get_monotonic_time() - t0) / 1000);
    bf_glyphs_free(probe);
    for (gsize f = 0; f < G_N_ELEMENTS(FONTS); f++) {
        bf_glyphs *judge = bf_glyphs_new_of(FONTS[f], true), *painter = bf_glyphs_new_of(FONTS[f], false);
        for (gsize s = 0; s < G_N_ELEMENTS(SPOILS); s++) {
            guint bins[2][2][9] = {0}, n = 0; /* lookalike or random; the name's or the rival's is shown; margin */
            gint64 t = g_get_monotonic_time();
            for (gsize k = 0; k < G_N_ELEMENTS(PAIRS) * 2; k++) {
                gsize pair = k / 2;
                gunichar a = g_utf8_get_char(PAIRS[pair]), b = g_utf8_get_char(g_utf8_next_char(PAIRS[pair]));
                if (k % 2)
                    b = g_utf8_get_char(g_utf8_offset_to_pointer(RANDOM, g_rand_int_range(rand, 0, (gint32)g_utf8_strlen(RANDOM, -1))));
                if (!bf_glyphs_count(painter, a) || !bf_glyphs_count(painter, b))
                    continue;
                for (int other = 0; other < 2; other++) {
                    bf_glyph_answer r;
                    ask(painter, 0, judge, &SPOILS[s], other ? b : a, a, b, rand, &r);
                    float right = other ? -r.margin : r.margin;
                    bins[k % 2][other][CLAMP((int)floorf(right * 4.5F + 4.5F), 0, 8)]++;
                    n++;
                    if (verbose)
                        printf("# %zu %zu %zu %d %f %f %f\n", f, s, k, other, (double)right, (double)r.apart, (double)r.distance);
                    if (verbose && right < -2.2F) {
                        char u[16] = "", v[16] = "";
                        g_unichar_to_utf8(a, u);
                        g_unichar_to_utf8(b, v);
                        printf("    %s/%s %s shown: margin %.2f distance %.2f%s\n", u, v, other ? v : u, (double)r.margin,
                               (double)r.distance, r.blank ? " blank" : "");
                    }
                }
            }
            printf("%-18s %2d px blur %d:", FONTS[f], SPOILS[s].size_px, SPOILS[s].blur);
            for (int k = 0; k < 2; k++) {
                printf("  %s ", k ? "random" : "alike");
                for (int b = 0; b < 9; b++)
                    printf(" %u", bins[k][0][b] + bins[k][1][b]);
            }
            printf("  %.2f ms each\n", (double)(g_get_monotonic_time() - t) / 1000 / MAX(n, 1));
        }
        bf_glyphs_free(judge);
        bf_glyphs_free(painter);
    }
    return 0;
}
