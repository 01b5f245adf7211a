#include "sim/base/file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static bool write_all(int file, const char *text, size_t length)
{
    while (length > 0) {
        ssize_t written = write(file, text, length);

        if (written < 0 && errno == EINTR)
            continue;
        if (written <= 0)
            return false;
        text += written;
        length -= (size_t)written;
    }
    return true;
}

static bool complain(const char *path, char *error, size_t error_size)
{
    (void)snprintf(error, error_size, "%s: cannot write: %s", path, strerror(errno));
    return false;
}

/* Wait until what was written is on the disk.  Some file systems cannot say: that is no error. */
static bool sync_file(int file)
{
    while (fsync(file) != 0)
        if (errno != EINTR)
            return errno == EINVAL;
    return true;
}

/* A file that is being replaced. */
struct replacement {
    const char *path;
    const char *beside; /* what is renamed to it */
    int file;           /* open for writing: what is beside; -1: it could not be made */
    bool durable;
};

/* The directory that holds path, open to be synchronized; -1 with errno set.  EACCES: it may be
 * written to, and not read, which is no error: it comes to the disk when the system sees to it. */
static int open_directory(const char *path)
{
    const char *slash = strrchr(path, '/');
    char *name = slash == NULL ? strdup(".") : strndup(path, (size_t)(slash - path) + 1);
    int directory = name == NULL ? -1 : open(name, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

    free(name);
    return directory;
}

/* Bring the bytes to the file, and it to its place.  The new name is in the directory, which is
 * brought to the disk for itself, and after the bytes: a name must not be there without them. */
static bool fill_and_rename(const struct replacement *to, int directory, const void *bytes,
                            size_t length)
{
    bool ok = write_all(to->file, bytes, length) && (!to->durable || sync_file(to->file));

    ok = close(to->file) == 0 && ok;
    ok = ok && rename(to->beside, to->path) == 0;
    if (!ok) {
        int why = errno;

        (void)unlink(to->beside);
        errno = why;
    }
    return ok && (directory < 0 || sync_file(directory));
}

/* Returns false after a message. */
static bool replace(const struct replacement *to, const void *bytes, size_t length, char *error,
                    size_t error_size)
{
    if (to->file < 0)
        return complain(to->path, error, error_size);
    int directory = to->durable ? open_directory(to->path) : -1;
    bool lost = to->durable && directory < 0 && errno != EACCES;
    bool ok = !lost && fill_and_rename(to, directory, bytes, length);

    if (!ok)
        (void)complain(to->path, error, error_size);
    if (directory >= 0)
        (void)close(directory);
    if (lost) {
        (void)close(to->file);
        (void)unlink(to->beside);
    }
    return ok;
}

/* With any name beside path. */
static bool replace_once(const char *path, const void *bytes, size_t length, bool durable,
                         char *error, size_t error_size)
{
    size_t size = strlen(path) + sizeof(".XXXXXX");
    char *beside = malloc(size);

    if (beside == NULL)
        return complain(path, error, error_size);
    (void)snprintf(beside, size, "%s.XXXXXX", path);
    struct replacement to = {path, beside, mkstemp(beside), durable};

    if (to.file >= 0) {
        /* mkstemp makes it private; what is made is as public as any other file. */
        mode_t mask = umask(0);

        (void)umask(mask);
        (void)fchmod(to.file, 0666 & ~mask);
    }
    bool ok = replace(&to, bytes, length, error, error_size);

    free(beside);
    return ok;
}

bool file_replace(const char *path, const void *bytes, size_t length, char *error,
                  size_t error_size)
{
    return replace_once(path, bytes, length, false, error, error_size);
}

bool file_replace_durably(const char *path, const void *bytes, size_t length, char *error,
                          size_t error_size)
{
    return replace_once(path, bytes, length, true, error, error_size);
}

bool file_replace_again(const char *path, const void *bytes, size_t length, char *error,
                        size_t error_size)
{
    size_t size = strlen(path) + sizeof(".new");
    char *beside = malloc(size);

    if (beside == NULL)
        return complain(path, error, error_size);
    (void)snprintf(beside, size, "%s.new", path);
    struct replacement to = {path, beside,
                             open(beside, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666), true};
    bool ok = replace(&to, bytes, length, error, error_size);

    free(beside);
    return ok;
}

/* NULL with errno set. */
static char *slurp(FILE *file, size_t max, size_t *length)
{
    char *text = NULL;
    size_t capacity = 0;

    *length = 0;
    for (;;) {
        if (*length == capacity) {
            capacity = capacity == 0 ? 1 << 16 : 2 * capacity;
            char *longer = capacity / 2 > max ? NULL : realloc(text, capacity);

            if (longer == NULL) {
                free(text);
                errno = EFBIG;
                return NULL;
            }
            text = longer;
        }
        size_t got = fread(text + *length, 1, capacity - *length, file);

        *length += got;
        if (got == 0 && !ferror(file))
            return text;
        if (got == 0) {
            free(text);
            return NULL;
        }
    }
}

char *file_read(const char *path, size_t max, size_t *length, char *error, size_t error_size)
{
    FILE *file = fopen(path, "rb");

    *length = 0;
    errno = file == NULL ? errno : 0;
    char *text = file == NULL ? NULL : slurp(file, max, length);
    int why = errno;

    if (file != NULL)
        (void)fclose(file);
    if (text != NULL && *length > max) {
        free(text);
        text = NULL;
        why = EFBIG;
    }
    if (text == NULL)
        (void)snprintf(error, error_size, "%s: cannot read: %s", path, strerror(why));
    return text;
}
