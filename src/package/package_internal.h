/* What the files of the package room share; nobody else includes it. */
#pragma once
#include "blindfold/package.h"

/* An entry as its container lists it, before names are decoded and judged. */
typedef struct {
    char *raw_name; /* bytes as stored; owned */
    bool utf8_told; /* the container says that raw_name is UTF-8, and it is */
    bool special;   /* a link, a device: never opened */
    bool encrypted;
    bool too_deep;      /* a folder that was not walked into */
    gint64 size;        /* declared, uncompressed */
    gint64 packed_size; /* as it lies in the container; -1: not known */
    bool jpeg_content;  /* begins with FF D8 FF; only looked at when the name does not say .jpg */
    bool unreadable;    /* looking at the beginning failed */
} raw_entry;

/* A container of entries: a zip or a folder. */
typedef struct {
    bool (*read)(void *source, guint index, gint64 size, GBytes **out, GError **error);
    void (*close)(void *source);
} container_class;

typedef struct {
    const container_class *class;
    void *source;
    GArray *raw; /* raw_entry; cleared by raw_entry_clear */
    char sha256[BF_SHA256_HEX];
} container;

/* Both fill `out` on success only. fd stays the caller's. */
bool zip_container_open(int fd, const char *path, const bf_limits *limits, container *out, GError **error) G_GNUC_WARN_UNUSED_RESULT;
bool folder_container_open(int fd, const char *path, const bf_limits *limits, container *out, GError **error) G_GNUC_WARN_UNUSED_RESULT;
GArray *raw_entries_new(void);

/* Feeds the whole of a regular file from its beginning into the sum; does not move the file's position. */
bool hash_file(int fd, GChecksum *sum);

/* entry_name.c */
bool name_says_jpeg(const char *raw_or_utf8);
/* The stored names in UTF-8, in the same order: told UTF-8 as it is, the others decided together. */
GPtrArray *decode_names(const GArray *raw);
typedef struct {
    char *path; /* '/' between folders, no empty or "." parts; the decoded name as it is when it is not safe */
    bool safe;
    bool folder; /* ends in a separator */
} clean_name;
clean_name clean_entry_name(const char *utf8);
bool is_system_file(const char *path);
/* The same for two names that a person or a file system may take for one: case and width folded. */
char *folded_name(const char *utf8);
/* Order of names as people number them: 2 before 10, a folder's content together. For folded names. */
int natural_compare(const char *a, const char *b);
