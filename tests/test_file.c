/* Files that are there whole or not at all, and which of them survive a power failure. */
#include "tests/test.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "sim/base/file.h"

/* What was asked of the system: f: a file was synchronized, d: a directory, r: it was renamed. */
static char asked[16];

/* The so manieth fsync, from 1, fails with this; 0: none does. */
static int failing;
static int failure;

int __real_fsync(int file);
int __real_rename(const char *from, const char *to);
int __wrap_fsync(int file);
int __wrap_rename(const char *from, const char *to);

static void note(char what)
{
    size_t length = strlen(asked);

    assert_true(length + 1 < sizeof(asked));
    asked[length] = what;
    asked[length + 1] = '\0';
}

int __wrap_fsync(int file)
{
    struct stat is;

    assert_int_equal(fstat(file, &is), 0);
    note(S_ISDIR(is.st_mode) ? 'd' : 'f');
    if (failing > 0 && --failing == 0) {
        errno = failure;
        return -1;
    }
    return __real_fsync(file);
}

int __wrap_rename(const char *from, const char *to)
{
    note('r');
    return __real_rename(from, to);
}

static void expect(const char *expected)
{
    assert_string_equal(asked, expected);
    asked[0] = '\0';
}

static void holds(const char *path, const char *expected)
{
    char error[256] = "";
    size_t length = 0;
    char *text = file_read(path, 1 << 20, &length, error, sizeof(error));

    assert_non_null(text);
    assert_int_equal(length, strlen(expected));
    assert_memory_equal(text, expected, length);
    free(text);
}

typedef bool replace_fn(const char *path, const void *bytes, size_t length, char *error,
                        size_t error_size);

static bool put(replace_fn *replace, const char *path, const char *text, char *error)
{
    error[0] = '\0';
    return replace(path, text, strlen(text), error, 256);
}

static void what_cost_little_is_only_renamed(void **state)
{
    char error[256];

    (void)state;
    assert_true(put(file_replace, "plain", "one", error));
    expect("r");
    holds("plain", "one");
}

static void what_cost_much_is_on_the_disk_before_its_name_is(void **state)
{
    char error[256];
    char full[4096];

    (void)state;
    assert_true(put(file_replace_durably, "dear", "one", error));
    expect("frd");
    assert_true(put(file_replace_again, "./dear", "two", error));
    expect("frd");
    holds("dear", "two");
    char *here = getcwd(NULL, 0);

    assert_non_null(here);
    (void)snprintf(full, sizeof(full), "%s/dear", here);
    free(here);
    assert_true(put(file_replace_again, full, "three", error));
    expect("frd");
    holds("dear", "three");
}

/* Nobody is told that it is on the disk when it is not. */
static void a_disk_that_fails_is_an_error(void **state)
{
    replace_fn *const durable[] = {file_replace_durably, file_replace_again};
    char error[256];

    (void)state;
    for (int i = 0; i < 2; i++) {
        assert_true(put(durable[i], "dear", "before", error));
        expect("frd");
        failing = 1;
        failure = EIO;
        assert_false(put(durable[i], "dear", "after", error));
        expect("f");
        assert_string_equal(error, "dear: cannot write: Input/output error");
        holds("dear", "before");
        assert_int_equal(access("dear.new", F_OK), -1);
        failing = 2;
        failure = ENOSPC;
        assert_false(put(durable[i], "dear", "after", error));
        expect("frd");
        assert_string_equal(error, "dear: cannot write: No space left on device");
        holds("dear", "after");
    }
}

static void a_file_system_that_cannot_say_is_none(void **state)
{
    char error[256];

    (void)state;
    for (int nth = 1; nth <= 2; nth++) {
        failing = nth;
        failure = EINVAL;
        assert_true(put(file_replace_again, "dear", "anyway", error));
        expect("frd");
        holds("dear", "anyway");
        failing = nth;
        failure = EINTR;
        assert_true(put(file_replace_again, "dear", "twice", error));
        expect(nth == 1 ? "ffrd" : "frdd");
    }
}

static void where_there_is_no_directory_nothing_is_made(void **state)
{
    replace_fn *const all[] = {file_replace, file_replace_durably, file_replace_again};
    char error[256];

    (void)state;
    for (int i = 0; i < 3; i++) {
        assert_false(put(all[i], "nowhere/file", "one", error));
        expect("");
        assert_string_equal(error, "nowhere/file: cannot write: No such file or directory");
    }
}

/* As somebody who has no right to everything: 0: it went as it should. */
static int in_a_directory_that_cannot_be_read(void)
{
    enum { NOBODY = 65534 };
    char error[256];

    asked[0] = '\0';
    if ((geteuid() == 0 && setuid(NOBODY) != 0) || open(".", O_RDONLY) >= 0)
        return 2;
    if (!file_replace_again("dear", "whole", 5, error, sizeof(error)))
        return 3;
    return strcmp(asked, "fr") == 0 ? 0 : 4;
}

static void a_directory_that_cannot_be_read_is_as_good(void **state)
{
    int status = 0;

    (void)state;
    assert_true(mkdir("closed", 0777) == 0 && chdir("closed") == 0);
    assert_int_equal(chmod(".", 0333), 0);
    pid_t child = fork();

    if (child == 0)
        _exit(in_a_directory_that_cannot_be_read());
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFEXITED(status));
    assert_int_equal(WEXITSTATUS(status), 0);
    assert_int_equal(chmod(".", 0777), 0);
    holds("dear", "whole");
    assert_true(unlink("dear") == 0 && chdir("..") == 0 && rmdir("closed") == 0);
}

/* What is left of a process that was killed while it wrote is taken over. */
static void one_that_was_left_is_taken_over(void **state)
{
    char error[256];

    (void)state;
    assert_true(put(file_replace, "dear.new", "a long text that was cut sh", error));
    expect("r");
    assert_true(put(file_replace_again, "dear", "short", error));
    expect("frd");
    holds("dear", "short");
    assert_int_equal(access("dear.new", F_OK), -1);
}

static char folder[] = "test_file_XXXXXX";

static int enter(void **state)
{
    (void)state;
    return mkdtemp(folder) == NULL || chdir(folder) != 0;
}

static int leave(void **state)
{
    (void)state;
    (void)unlink("plain");
    (void)unlink("dear");
    return chdir("..") != 0 || rmdir(folder) != 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_cost_little_is_only_renamed),
        cmocka_unit_test(what_cost_much_is_on_the_disk_before_its_name_is),
        cmocka_unit_test(a_disk_that_fails_is_an_error),
        cmocka_unit_test(a_file_system_that_cannot_say_is_none),
        cmocka_unit_test(where_there_is_no_directory_nothing_is_made),
        cmocka_unit_test(a_directory_that_cannot_be_read_is_as_good),
        cmocka_unit_test(one_that_was_left_is_taken_over),
    };

    return cmocka_run_group_tests(tests, enter, leave);
}
