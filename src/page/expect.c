/* Which pages must bear the applicant's name, by folder or file name. */
#include "blindfold/page.h"

bool bf_page_hit_expected(const char *entry_name)
{
    static const char *const bearing[] = {"身份证", "毕业证", "学位证", "学历", "职称证", "资格证", "教师证", "证书",
                                          "聘",     "承诺",   "考核",   "登记表", "结业", "获奖",   "荣誉",   "奖状"};
    static const char *const not_bearing[] = {"背面", "反面", "国徽", "封面", "封底", "目录"};
    for (gsize i = 0; i < G_N_ELEMENTS(not_bearing); i++)
        if (strstr(entry_name, not_bearing[i]) != NULL)
            return false;
    for (gsize i = 0; i < G_N_ELEMENTS(bearing); i++)
        if (strstr(entry_name, bearing[i]) != NULL)
            return true;
    return false;
}
