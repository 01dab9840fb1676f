/* Surnames of more than one character, simplified, with their reading. `open` marks those whose first character is a surname by
 * itself and whose second may stand in a given name: there both ways to split the name are taken. */
#include "name/name_internal.h"

static const bf_compound_surname compound_surnames[] = {
    {"爱新觉罗", "ai xin jue luo", false},
    {"叶赫那拉", "ye he na la", false},
    {"钮祜禄", "niu hu lu", false},
    {"欧阳", "ou yang", false},
    {"太史", "tai shi", false},
    {"端木", "duan mu", false},
    {"上官", "shang guan", false},
    {"司马", "si ma", false},
    {"东方", "dong fang", true},
    {"独孤", "du gu", false},
    {"南宫", "nan gong", false},
    {"万俟", "mo qi", false},
    {"闻人", "wen ren", true},
    {"夏侯", "xia hou", true},
    {"诸葛", "zhu ge", false},
    {"尉迟", "yu chi", false},
    {"公羊", "gong yang", false},
    {"赫连", "he lian", true},
    {"澹台", "tan tai", false},
    {"皇甫", "huang fu", false},
    {"宗政", "zong zheng", true},
    {"濮阳", "pu yang", true},
    {"公冶", "gong ye", false},
    {"太叔", "tai shu", false},
    {"申屠", "shen tu", true},
    {"公孙", "gong sun", false},
    {"慕容", "mu rong", true},
    {"仲孙", "zhong sun", true},
    {"钟离", "zhong li", true},
    {"长孙", "zhang sun", false},
    {"宇文", "yu wen", true},
    {"司徒", "si tu", false},
    {"司空", "si kong", true},
    {"司寇", "si kou", false},
    {"鲜于", "xian yu", false},
    {"闾丘", "lü qiu", false},
    {"子车", "zi ju", false},
    {"亓官", "qi guan", true},
    {"巫马", "wu ma", false},
    {"公西", "gong xi", false},
    {"颛孙", "zhuan sun", false},
    {"壤驷", "rang si", false},
    {"公良", "gong liang", true},
    {"漆雕", "qi diao", false},
    {"乐正", "yue zheng", true},
    {"宰父", "zai fu", false},
    {"谷梁", "gu liang", true},
    {"拓跋", "tuo ba", false},
    {"夹谷", "jia gu", false},
    {"轩辕", "xuan yuan", false},
    {"令狐", "ling hu", false},
    {"段干", "duan gan", false},
    {"百里", "bai li", false},
    {"呼延", "hu yan", true},
    {"东郭", "dong guo", false},
    {"南门", "nan men", false},
    {"羊舌", "yang she", false},
    {"微生", "wei sheng", false},
    {"梁丘", "liang qiu", true},
    {"左丘", "zuo qiu", true},
    {"东门", "dong men", false},
    {"西门", "xi men", false},
    {"第五", "di wu", false},
    {"单于", "chan yu", true},
    {"淳于", "chun yu", false},
    {"公仪", "gong yi", false},
    {"即墨", "ji mo", false},
    {"完颜", "wan yan", false},
    {"耶律", "ye lü", false},
    {"纳兰", "na lan", false},
    {"那拉", "na la", false},
    {"富察", "fu cha", false},
    {"赫舍", "he she", false},
    {"乌雅", "wu ya", true},
    {"贺兰", "he lan", true},
    {"贺若", "he ruo", true},
    {"宿勤", "su qin", true},
    {"斛律", "hu lü", false},
    {"叱干", "chi gan", false},
    {"哥舒", "ge shu", false},
    {"仆固", "pu gu", false},
    {"屈突", "qu tu", false},
    {"尔朱", "er zhu", false},
    {"侯莫", "hou mo", true},
    {"归海", "gui hai", false},
    {"南荣", "nan rong", true},
    {"北宫", "bei gong", false},
    {"西乞", "xi qi", false},
    {"公输", "gong shu", false},
    {"士孙", "shi sun", false},
    {"母丘", "mu qiu", false},
    {"毌丘", "guan qiu", false},
    {"褚师", "chu shi", false},
    {"叔孙", "shu sun", false},
    {"季孙", "ji sun", true},
    {"王孙", "wang sun", true},
};

const bf_compound_surname *bf_name_compound_surnames(guint *n)
{
    *n = G_N_ELEMENTS(compound_surnames);
    return compound_surnames;
}

const bf_compound_surname *bf_name_find_compound(const gunichar *han, guint n_han, guint *n_chars)
{
    for (guint i = 0; i < G_N_ELEMENTS(compound_surnames); i++) {
        const char *at = compound_surnames[i].characters;
        guint k = 0;
        while (*at && k < n_han && bf_name_simplify(han[k]) == bf_name_simplify(g_utf8_get_char(at))) {
            at = g_utf8_next_char(at);
            k++;
        }
        if (!*at && k < n_han) { /* something must be left for the given name */
            *n_chars = k;
            return &compound_surnames[i];
        }
    }
    return NULL;
}
