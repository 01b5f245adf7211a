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

/* Fill the file that was opened beside path, whose name is beside, and put it in path's place. */
static bool fill_and_rename(int file, const char *beside, const char *path, const void *bytes,
                            size_t length)
{
    bool ok = write_all(file, bytes, length);

    ok = close(file) == 0 && ok;
    ok = ok && rename(beside, path) == 0;
    if (!ok) {
        int why = errno;

        (void)unlink(beside);
        errno = why;
    }
    return ok;
}

bool file_replace(const char *path, const void *bytes, size_t length, char *error,
                  size_t error_size)
{
    size_t size = strlen(path) + sizeof(".XXXXXX");
    char *beside = malloc(size);

    if (beside == NULL)
        return complain(path, error, error_size);
    (void)snprintf(beside, size, "%s.XXXXXX", path);
    int file = mkstemp(beside);

    if (file >= 0) {
        /* mkstemp makes it private; what is made is as public as any other file. */
        mode_t mask = umask(0);

        (void)umask(mask);
        (void)fchmod(file, 0666 & ~mask);
    }
    bool ok = (file >= 0 && fill_and_rename(file, beside, path, bytes, length)) ||
              complain(path, error, error_size);

    free(beside);
    return ok;
}

bool file_replace_again(const char *path, const void *bytes, size_t length, char *error,
                        size_t error_size)
{
    size_t size = strlen(path) + sizeof(".new");
    char *beside = malloc(size);

    if (beside == NULL)
        return complain(path, error, error_size);
    (void)snprintf(beside, size, "%s.new", path);
    int file = open(beside, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
    bool ok = (file >= 0 && fill_and_rename(file, beside, path, bytes, length)) ||
              complain(path, error, error_size);

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
