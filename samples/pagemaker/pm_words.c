#include "pm_words.h"

/* All places and units are invented. */
static const char *const places[] = {"东泽县", "玉河县", "柳泉县", "安泽州", "清源地区", "和宁县", "沙枣县", "天湖区", "白杨市", "石坝县"};
static const char *const units[] = {
    "东泽县委党校",
    "玉河县第二中学",
    "柳泉县实验小学",
    "安泽州教师进修学校",
    "清源地区行政学院",
    "和宁县职业技术学校",
    "沙枣县文化馆",
    "天湖区教育科学研究室",
    "白杨市委党校",
    "石坝县双语幼儿园",
    "玉河县广播电视中心",
    "清源地区农业技术推广站",
    "和宁县人力资源和社会保障局",
    "白杨市第三十八中学",
    "沙枣县委党校",
};
static const char *const lessons[] = {"《马克思主义基本原理》", "《公共管理导论》", "《党史专题》",    "《行政法与行政诉讼法》",
                                      "《领导科学》",           "《初中语文》",     "《经济学基础》",  "《应用文写作》",
                                      "《信息技术应用》",       "《教育心理学》",   "《生态文明建设》"};
static const char *const titles[] = {"讲师", "助理讲师", "高级讲师", "一级教师", "二级教师", "馆员", "助理馆员", "工程师", "农艺师"};
static const char *const journals[] = {"《清源社会科学》", "《基层党建研究》", "《安泽教育》", "《西部行政论坛》", "《课程与教学探索》"};
static const char *const schools[] = {"清源师范学院", "安泽大学", "白杨农业大学", "西河师范大学", "天湖理工学院"};
static const char *const subjects[] = {"思想政治教育",   "汉语言文学", "行政管理", "法学",
                                       "数学与应用数学", "应用经济学", "学前教育", "农学"};

static const char *const sentences[] = {
    "坚持以习近平新时代中国特色社会主义思想为指导，认真学习贯彻党的路线方针政策，不断提高政治判断力、政治领悟力、政治执行力。",
    "全年共承担{L}等课程的教学任务，累计授课{n}学时，听课学员{n}人次，教学评价结果为优秀。",
    "积极参加集体备课和教学研讨活动，注重理论联系实际，努力做到深入浅出、通俗易懂。",
    "在教学过程中注意运用案例式、研讨式、情景模拟式等多种方法，课堂气氛活跃，学员反映良好。",
    "{Y}年{M}月参加了{A}组织的骨干教师培训班，学习期间遵守纪律，按时完成全部作业并取得结业证书。",
    "能够严格遵守单位的各项规章制度，按时上下班，不迟到、不早退，服从组织安排，团结同事，关心集体。",
    "结合本地实际，深入乡镇和社区开展专题调研{n}次，形成调研报告{n}篇，其中两篇被有关部门采用。",
    "坚持把师德师风建设摆在首位，做到为人师表、教书育人，树立了良好的职业形象。",
    "按照年度工作计划，完成了教学管理、学员管理以及档案整理等各项工作，没有发生任何责任事故。",
    "在{J}上发表论文一篇，主持完成校级课题一项，参与地区级课题研究，并顺利通过结项验收。",
    "针对学员基础参差不齐的情况，认真分析原因，及时调整教学内容，采取分层教学的办法加以解决。",
    "平时注重学习教育学、心理学等方面的知识，撰写读书笔记{n}万余字，业务能力有了明显提高。",
    "工作中还存在一些不足，主要是创新意识不强，对新情况、新问题研究不够，今后将努力加以改进。",
    "参加继续教育公需科目和专业科目学习，{Y}年度累计完成{n}学时，成绩合格。",
    "根据组织安排，于{Y}年在{A}开展驻村工作，走访群众{n}户，协调解决实际困难{n}件。",
    "先后为机关干部、村（社区）党组织书记和入党积极分子讲授专题党课，受到学员的一致好评。",
    "以上材料内容属实，所附证明材料均经所在单位审核，并在单位内部进行了公示，公示期内无异议。",
    "严格执行财务制度和请示报告制度，自觉接受群众监督，始终保持清正廉洁的工作作风。",
    "在担任班主任期间，组织开展主题班会和社会实践活动，班级先后两次被评为先进集体。",
    "教学之余承担了图书资料的编目工作，整理各类文献{n}册，为教学科研提供了有力保障。",
};
static const char *const personal[] = {
    "{N}同志政治立场坚定，工作认真负责。",    "{N}老师自参加工作以来，一直在教学第一线任教。",
    "经考核，{N}同志{Y}年度考核等次为合格。", "本人{N}，现任职于{U}，申报{T}职称。",
    "课题组由{O}、{N}、{O}三位同志组成。",    "{Y}年，{N}被评为校级先进工作者。",
    "在{O}老师的指导下，{N}完成了课程设计。", "会议由{O}主持，{N}作了专题发言。",
    "{N}与{O}共同承担了该项教学改革任务。",   "听课教师：{O}、{O}、{N}，评议结果为良好。",
    "承担该课程的教师为{N}，教研组长为{O}。", "{U}{N}同志参加了本次培训。",
};
static const char *const english[] = {
    "This paper discusses the teaching of basic courses in county schools and its present problems. ",
    "Based on a survey of several rural classes, the main factors that affect learning results are analysed. ",
    "The results show that case teaching improves both attention and the ability to apply what was learned. ",
    "Suggestions are put forward for the training of teachers and for the evaluation of courses. ",
    "A comparison with earlier studies indicates that local conditions must be taken into account. ",
};

#define WORD(name, table)                                                                                                                  \
    const char *pm_word_##name(pm_random *r)                                                                                               \
    {                                                                                                                                      \
        return pm_random_pick(r, table);                                                                                                   \
    }
WORD(unit, units)
WORD(place, places)
WORD(lesson, lessons)
WORD(title, titles)
WORD(journal, journals)
WORD(sentence, sentences)
WORD(personal, personal)
WORD(english, english)
WORD(school, schools)
WORD(subject, subjects)

const char *pm_word_filler(guint n, guint which)
{
    static const char *const by_length[] = {"", "即", "同时", "经研究", "与此同时", "经集体研究", "根据有关规定", "经组织研究决定"};
    static const char *const longest[] = {"按照年度工作计划", "结合本人工作实际", "对照岗位职责任务", "依据评审条件要求",
                                          "经过所在单位同意"};
    g_assert(n >= 1 && n <= 8);
    return n == 8 ? longest[which % G_N_ELEMENTS(longest)] : by_length[n];
}
