/* StreamReader.readuntil: what CPython's test_streams.StreamTests asks of it, test by test; the
 * rest of StreamReader stands in test_stream_reader.c. */
#include "tests/stream_users.h"

static bool reads_until(struct sim_reader *reader, const char *separator, const char *text)
{
    struct sim_bytes bytes;

    return sim_reader_readuntil(reader, separator, &bytes) == SIM_OK && are(bytes, text);
}

static bool reads_until_any(struct sim_reader *reader, const char *const *separators, size_t count,
                            const char *text)
{
    struct sim_bytes bytes;

    return sim_reader_readuntil_any(reader, separators, count, &bytes) == SIM_OK &&
           are(bytes, text);
}

/* Whether a separator is not to be had within the limit: so many bytes belong to none. */
static bool overruns(struct sim *sim, struct sim_reader *reader, const char *const *separators,
                     size_t count, const char *words, size_t consumed)
{
    struct sim_bytes bytes;

    return sim_reader_readuntil_any(reader, separators, count, &bytes) == SIM_LIMIT_OVERRUN &&
           raised(sim, SIM_LIMIT_OVERRUN, words) && bytes.size == consumed;
}

static enum sim_status test_readuntil_separator(struct sim *sim, void *arg)
{
    struct sim_reader *reader = sim_reader_new(sim, SIM_STREAM_LIMIT);
    struct sim_bytes bytes;

    (void)arg;
    EXPECT(sim_reader_readuntil(reader, "", &bytes) == SIM_VALUE_ERROR);
    EXPECT(raised(sim, SIM_VALUE_ERROR, "Separator should be"));
    EXPECT(sim_reader_readuntil_any(reader, TEXTS(""), 1, &bytes) == SIM_VALUE_ERROR);
    EXPECT(raised(sim, SIM_VALUE_ERROR, "Separator should be"));
    EXPECT(sim_reader_readuntil_any(reader, NULL, 0, &bytes) == SIM_VALUE_ERROR);
    EXPECT(raised(sim, SIM_VALUE_ERROR, "Separator should contain"));
    return SIM_OK;
}

static enum sim_status test_readuntil_multi_chunks(struct sim *sim, void *arg)
{
    struct sim_reader *reader = sim_reader_new(sim, SIM_STREAM_LIMIT);

    (void)arg;
    for (int i = 0; i < 2; i++) {
        feed(reader, "lineAAA");
        EXPECT(reads_until(reader, "AAA", "lineAAA"));
        EXPECT(holds(reader, ""));
    }
    feed(reader, "lineAAAxxx");
    EXPECT(reads_until(reader, "AAA", "lineAAA"));
    EXPECT(holds(reader, "xxx"));
    return SIM_OK;
}

/* A separator may come in pieces, after others that look like its beginning. */
static enum sim_status test_readuntil_multi_chunks_1(struct sim *sim, void *arg)
{
    static const char *const chunks[][4] = {
        {"QWEaa", "XYaa", "a"}, {"QWEaa", "XYa", "aa"}, {"aaa"}, {"Xaaa"}, {"YYY", "a", "a", "a"},
    };
    static const char *const lines[] = {"QWEaaXYaaa", "QWEaaXYaaa", "aaa", "Xaaa", "YYYaaa"};
    struct sim_reader *reader = sim_reader_new(sim, SIM_STREAM_LIMIT);

    (void)arg;
    for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++) {
        for (int k = 0; k < 4 && chunks[i][k] != NULL; k++)
            feed(reader, chunks[i][k]);
        EXPECT(reads_until(reader, "aaa", lines[i]));
        EXPECT(holds(reader, ""));
    }
    return SIM_OK;
}

static enum sim_status test_readuntil_eof(struct sim *sim, void *arg)
{
    struct sim_reader *reader = fed(sim, SIM_STREAM_LIMIT, "some dataAA");
    struct sim_bytes bytes;

    (void)arg;
    sim_reader_feed_eof(reader);
    EXPECT(sim_reader_readuntil(reader, "AAA", &bytes) == SIM_INCOMPLETE_READ);
    EXPECT(raised(sim, SIM_INCOMPLETE_READ, "undefined expected bytes"));
    EXPECT(are(bytes, "some dataAA"));
    EXPECT(holds(reader, ""));
    return SIM_OK;
}

static enum sim_status test_readuntil_limit_found_sep(struct sim *sim, void *arg)
{
    struct sim_reader *reader = fed(sim, 3, "some dataAA");

    (void)arg;
    EXPECT(overruns(sim, reader, TEXTS("AAA"), 1, "not found", strlen("some data")));
    EXPECT(holds(reader, "some dataAA"));
    feed(reader, "A");
    EXPECT(overruns(sim, reader, TEXTS("AAA"), 1, "is found", strlen("some data")));
    EXPECT(holds(reader, "some dataAAA"));
    return SIM_OK;
}

static enum sim_status test_readuntil_multi_separator(struct sim *sim, void *arg)
{
    struct sim_reader *reader = fed(sim, SIM_STREAM_LIMIT, "line 1\nline 2\r");

    (void)arg;
    EXPECT(reads_until_any(reader, TEXTS("\r", "\n"), 2, "line 1\n"));
    EXPECT(reads_until_any(reader, TEXTS("\r", "\n"), 2, "line 2\r"));
    EXPECT(holds(reader, ""));
    /* The one that ends first counts, though it is longer and begins first. */
    feed(reader, "ABCDEFG");
    EXPECT(reads_until_any(reader, TEXTS("DEF", "BCDE"), 2, "ABCDE"));
    EXPECT(holds(reader, "FG"));
    return SIM_OK;
}

/* Of two that end together the limit is held against the shorter one, wherever it stands. */
static enum sim_status test_readuntil_multi_separator_limit(struct sim *sim, void *arg)
{
    struct sim_reader *reader = fed(sim, 3, "some dataA");

    (void)arg;
    EXPECT(overruns(sim, reader, TEXTS("A", "ome dataA"), 2, "is found", strlen("some data")));
    EXPECT(overruns(sim, reader, TEXTS("ome dataA", "A"), 2, "is found", strlen("some data")));
    EXPECT(holds(reader, "some dataA"));
    return SIM_OK;
}

/* More is there than the short separator, and less than the long one. */
static enum sim_status test_readuntil_multi_separator_negative_offset(struct sim *sim, void *arg)
{
    struct sim_reader *reader = fed(sim, SIM_STREAM_LIMIT, "data");

    (void)arg;
    feed_soon(sim, reader, TEXTS("Z"), false);
    feed_soon(sim, reader, TEXTS("Aaaa"), false);
    EXPECT(reads_until_any(reader, TEXTS("A", "long sep"), 2, "dataZA"));
    EXPECT(holds(reader, "aaa"));
    return SIM_OK;
}

/* A separator may be an array of the caller's own. */
static enum sim_status test_readuntil_bytearray(struct sim *sim, void *arg)
{
    struct sim_reader *reader = fed(sim, SIM_STREAM_LIMIT, "some data\r\n");
    char separator[] = {'\r', '\n', '\0'};

    (void)arg;
    EXPECT(reads_until(reader, separator, "some data\r\n"));
    EXPECT(holds(reader, ""));
    return SIM_OK;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        BODY(test_readuntil_separator),
        BODY(test_readuntil_multi_chunks),
        BODY(test_readuntil_multi_chunks_1),
        BODY(test_readuntil_eof),
        BODY(test_readuntil_limit_found_sep),
        BODY(test_readuntil_multi_separator),
        BODY(test_readuntil_multi_separator_limit),
        BODY(test_readuntil_multi_separator_negative_offset),
        BODY(test_readuntil_bytearray),
    };

    return cmocka_run_group_tests_name("StreamTests", tests, NULL, NULL);
}
