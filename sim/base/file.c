#include "sim/base/file.h"

#include <errno.h>
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

bool file_replace(const char *path, const void *bytes, size_t length, char *error,
                  size_t error_size)
{
    size_t size = strlen(path) + sizeof(".XXXXXX");
    char *beside = malloc(size);

    if (beside == NULL)
        return complain(path, error, error_size);
    (void)snprintf(beside, size, "%s.XXXXXX", path);
    int file = mkstemp(beside);
    bool ok = file >= 0;

    if (ok) {
        /* mkstemp makes it private; what is made is as public as any other file. */
        mode_t mask = umask(0);

        (void)umask(mask);
        (void)fchmod(file, 0666 & ~mask);
        ok = write_all(file, bytes, length);
        ok = close(file) == 0 && ok;
        ok = ok && rename(beside, path) == 0;
        if (!ok) {
            (void)complain(path, error, error_size);
            (void)unlink(beside);
        }
    } else {
        (void)complain(path, error, error_size);
    }
    free(beside);
    return ok;
}
