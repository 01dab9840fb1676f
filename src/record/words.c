#include "blindfold/words.h"

#include <string.h>

static const bf_word reasons[] = {
    {"expected-name-missing",
     {"应有姓名，未找到", "Expected name not found"},
     {"按文件夹或文件名，本页应有申报人姓名，但没有找到。请确认是否本人材料、姓名是否手写或另有写法。",
      "By its path this page should bear the name, and none was found. Is it the right person's? Is the name handwritten or spelled "
      "otherwise?"}},
    {"other-applicant",
     {"可能是他人材料", "Another applicant's page"},
     {"本页写的是名册中的另一位申报人，没有找到本人姓名。请确认是否放错。",
      "The page names another applicant of the roster and not this one. Was it filed by mistake?"}},
    {"signature-uncovered",
     {"签名处有未遮盖的字迹", "Ink where one signs"},
     {"本人签名处有遮盖以外的字迹，既不是印刷文字也不是已识别的姓名。请查看并手工遮盖。",
      "Where the applicant signs there is ink that is neither print nor covered. Look, and mask by hand."}},
    {"signature-not-found",
     {"未找到签名处", "No place to sign found"},
     {"本页是承诺书，但没有找到本人签名的位置。请查看签名在哪里，并手工遮盖。",
      "A commitment letter on which no place to sign was found. See where the signature is, and mask it by hand."}},
    {"doubtful-name",
     {"疑似姓名", "Perhaps the name"},
     {"标出的位置可能是姓名，程序不能确定。请看清后决定。",
      "The place marked may be the name; the program could not tell. Look closely and decide."}},
    {"name-in-watermark",
     {"水印中有姓名", "Name in a watermark"},
     {"姓名出现在浅色的水印里，压在正文上的部分不能确认已全部遮盖。请逐处查看，并补画遮盖框。",
      "The name stands in pale ink, such as a watermark; where that crosses print nothing proves that all of it is masked. "
      "Look everywhere, and draw the masks that are missing."}},
    {"unread-ink",
     {"有未识别的字迹", "Ink that was not read"},
     {"标出的位置像文字，但读不出来：可能是手写、印章或浅淡的字。请看是否有姓名。",
      "Something that looks like text could not be read: handwriting, a stamp, faint print. Look for the name in it."}},
    {"badly-read-line",
     {"有一行文字识别不清", "A line was read badly"},
     {"标出的一行多次识别仍不清楚（弯曲或模糊）。请看其中是否有姓名。",
      "The line marked stayed badly read after all looks: bent, or smeared. Look for the name in it."}},
    {"illegible",
     {"不清晰", "Not legible"},
     {"文字读不清。如果人眼也看不清，请退回重传。",
      "The text could not be read well enough. If you cannot read it either, send the page back."}},
    {"orientation-unknown",
     {"方向不明", "Which way up is unclear"},
     {"没有一个方向读起来明显更好。请确认图片是否放正。", "No turn of the page reads clearly best. See whether it stands upright."}},
    {"script-not-proved",
     {"姓名写法无法自动核对", "A spelling cannot be checked"},
     {"姓名的某种写法程序不能识别，请逐页仔细查看。",
      "One spelling of the name cannot be looked for by the program. Look at every page with care."}},
    {"weak-reader",
     {"识别引擎不足", "Weak reader"},
     {"主识别引擎未启用，结果不能作为依据。", "The main reader was not in use; what was found proves nothing."}},
    {"name-still-visible",
     {"姓名仍可见", "Name still visible"},
     {"遮盖之后仍在标出的位置读到姓名。请补画遮盖。", "After masking, the name is still read at the place marked. Cover it."}},
    {"not-verified",
     {"未能验证", "Not proved"},
     {"成品未能证明与原件只差遮盖。", "The finished page could not be proved to be the original with masks and nothing else."}},
    {"not-readable",
     {"处理失败", "Could not be processed"},
     {"识别时出错，多因内存不足。可稍后重试。", "A reader failed on this page, mostly for lack of memory. Try again later."}},
    {"truncated",
     {"文件不完整", "File cut short"},
     {"图片数据提前结束，缺一部分。请退回重传。", "The file ends early and a part of the page is missing. Send it back."}},
    {"damaged",
     {"文件有损坏", "File damaged"},
     {"图片数据有损坏，已尽量读取。", "The file's data is damaged; it was read as far as possible."}},
    {"corrupt", {"打不开", "Cannot be opened"}, {"图片无法解码，请退回重传。", "The picture cannot be decoded. Send it back."}},
    {"not-a-jpeg",
     {"不是 JPG", "Not a JPG"},
     {"扩展名是 jpg，内容不是。请退回重传。", "It is named like a JPG and is something else. Send it back."}},
    {"unsupported-coding",
     {"特殊的 JPG", "Unusual JPG"},
     {"这种 JPG 编码不能处理，请另存为普通 JPG。", "This kind of JPG cannot be handled. Ask for an ordinary one."}},
    {"too-large",
     {"图片过大", "Too large"},
     {"超过大小限制，请按通常尺寸重新扫描。", "It is over the limits. Ask for a scan of usual size."}},
    {"out-of-memory", {"内存不足", "Out of memory"}, {"处理本页时内存不足。", "There was not enough memory for this page."}},
    {"too-many-places",
     {"遮盖处过多", "Too many places"},
     {"本页需遮盖或核对的地方超过两万处，不像正常材料。", "More than 20,000 places to mask or to look at: no ordinary page."}},
    {"unreadable-entry",
     {"压缩包内文件损坏", "Damaged in the zip"},
     {"压缩包里的这个文件读不出来。", "This file's bytes cannot be had from the zip."}},
    {"interrupted",
     {"处理中断", "Interrupted"},
     {"处理被中断，请再运行一次。", "The run was ended while this page was in work. Run again."}},
    {"time-limit",
     {"处理超时", "Took too long"},
     {"本页处理时间过长，已停止。", "The work on this page was stopped because it took too long."}},
    {"reader-crashed",
     {"处理时崩溃", "Crashed the reader"},
     {"处理本页的进程异常结束，文件可能有问题。", "The process that worked on this page died; the file may be hostile or odd."}},
    {"not-an-image",
     {"不是图片", "Not an image"},
     {"不是 JPG，未放入成品包。若是以 PDF、PNG 等格式上传的页，则缺页。",
      "No JPG, and not in the package. If pages were sent as PDF or PNG, they are missing."}},
    {"empty", {"空文件", "Empty file"}, {"文件没有内容，请重传。", "The file has no bytes. Ask for it again."}},
    {"encrypted",
     {"有密码", "Needs a password"},
     {"压缩包内文件加密，请提供不加密的压缩包。", "It needs a password. Ask for a zip without one."}},
    {"unsafe-path", {"路径不安全", "Unsafe path"}, {"文件路径异常，请查明压缩包来源。", "Its path is not safe. Look at who made the zip."}},
    {"duplicate",
     {"重名文件", "Same name twice"},
     {"与另一文件同名，请确认用哪一个。", "Another entry has the same name. See which is meant."}},
    {"unreadable",
     {"内容读不出", "Cannot be read"},
     {"内容无法读取，请重新提供。", "Its content could not be looked at. Ask for it again."}},
    {"no-pages", {"没有图片", "No page"}, {"包里没有一页图片。", "There is no page in it. Ask for the package again."}},
    {"review", {"待人工审核", "Held for a person"}, {NULL, NULL}},
    {"not-a-zip",
     {"不是有效的压缩包", "Not a zip"},
     {"不是 zip 或已损坏，请重新提供。", "It is no zip, or a damaged one. Ask for the package again."}},
    {"over-limits", {"超出限制", "Over the limits"}, {"文件数量或大小超出限制。", "It holds more entries or bytes than allowed."}},
    {"input-unreadable",
     {"找不到或无权读取", "Missing or not readable"},
     {"附件包不存在或没有读取权限。", "The package is missing or may not be read."}},
    {"report-unreadable", {"报告读不出", "Report unreadable"}, {"请用 --force 重新处理。", "Run again with --force."}},
    {"recalled",
     {"已收回", "Called back"},
     {"抽查发现问题，已从待评审材料中收回。", "A spot check found something; the package was taken back."}},
};

static const bf_word returns[] = {
    {"unclear",
     {"不清晰", "Unclear"},
     {"图片不清晰，请重新扫描或拍照后上传，文字须清楚可辨。",
      "The image is not clear. Scan or photograph it again so that all text can be read."}},
    {"cannot-open",
     {"打不开", "Cannot be opened"},
     {"图片无法打开，请重新上传完好的 *.jpg 文件。", "The image cannot be opened. Upload an intact *.jpg file."}},
    {"not-upright",
     {"未正向上传", "Not upright"},
     {"图片未正向上传，请旋转为正向后重新上传。", "The image is not the right way up. Turn it upright and upload it again."}},
    {"wrong-place",
     {"位置错误", "In the wrong place"},
     {"材料与所在栏目不符，请上传到正确的栏目。", "The document does not belong in this column. Upload it in its right place."}},
    {"not-own",
     {"非本人材料", "Not the applicant's"},
     {"该材料不是本人材料，请核对后上传本人材料。", "This is not your own document. Check, and upload yours."}},
    {"incomplete",
     {"缺页或不完整", "Incomplete"},
     {"材料缺页或内容不完整，请补齐后重新上传。", "Pages or parts are missing. Complete it and upload it again."}},
    {"other", {"其他", "Other"}, {"请按备注修改后重新上传。", "Mend what the remark says and upload it again."}},
};

static const bf_word *find(const bf_word *table, gsize n, const char *word)
{
    for (gsize i = 0; word && i < n; i++)
        if (strcmp(table[i].word, word) == 0)
            return &table[i];
    return NULL;
}

const bf_word *bf_words_find(const char *word)
{
    return find(reasons, G_N_ELEMENTS(reasons), word);
}

const bf_word *bf_words_find_return(const char *word)
{
    return find(returns, G_N_ELEMENTS(returns), word);
}

const bf_word *bf_words_reasons(guint *n)
{
    *n = G_N_ELEMENTS(reasons);
    return reasons;
}

const bf_word *bf_words_returns(guint *n)
{
    *n = G_N_ELEMENTS(returns);
    return returns;
}
