/* The table of keys: everything can be reached, nothing twice, and the page says what the help
 * says. */
#include "tests/test.h"

#include <SDL.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "render/window_keys.h"

/* By the key or the character that leads to it. */
static int ways_to(enum command command)
{
    static const unsigned held[] = {0, KMOD_LSHIFT, KMOD_LCTRL};
    int ways = 0;
    char text[2] = "";

    for (size_t i = 0; i < sizeof(held) / sizeof(held[0]); i++) {
        for (int32_t key = 1; key < 128; key++)
            ways += command_of_key(key, held[i]) == command;
        for (int32_t code = 0; code < SDL_NUM_SCANCODES; code++)
            ways += command_of_key(code | SDLK_SCANCODE_MASK, held[i]) == command;
    }
    for (char c = ' '; c <= '~'; c++) {
        text[0] = c;
        ways += command_of_text(text) == command;
    }
    return ways;
}

static void every_command_has_a_key(void **state)
{
    (void)state;
    for (int command = COMMAND_NONE + 1; command <= COMMAND_TRY_LAST; command++)
        if (ways_to((enum command)command) == 0)
            fail_msg("nothing leads to command %d", command);
}

static void keys_with_alt_are_somebody_else_s(void **state)
{
    (void)state;
    assert_int_equal(command_of_key(SDLK_f, 0), COMMAND_FIT);
    assert_int_equal(command_of_key(SDLK_f, KMOD_LCTRL), COMMAND_SEARCH);
    assert_int_equal(command_of_key(SDLK_f, KMOD_LALT), COMMAND_NONE);
    assert_int_equal(command_of_key(SDLK_LEFT, KMOD_RSHIFT), COMMAND_SWITCH_BACK);
    assert_int_equal(command_of_key(SDLK_LEFT, KMOD_NUM), COMMAND_BACK);
    assert_int_equal(command_of_text("12"), COMMAND_NONE);
    assert_int_equal(command_of_text(""), COMMAND_NONE);
    assert_int_equal(command_of_text("3"), COMMAND_TRY_FIRST + 2);
}

static void every_button_says_what_it_does(void **state)
{
    struct button button;
    size_t count = 0;

    (void)state;
    for (; help_button(count, &button); count++) {
        assert_true(ways_to(button.command) > 0);
        assert_string_equal(command_hint(button.command), button.hint);
        assert_non_null(strstr(button.hint, ": "));
    }
    assert_true(count > 10);
    assert_null(command_hint(COMMAND_NONE));
}

static char *read_page(void)
{
    FILE *file = fopen(PICKGLASS_SOURCE_DIR "/docs/window.md", "rb");
    char *text = calloc(1, 65536);

    assert_non_null(file);
    assert_non_null(text);
    assert_true(fread(text, 1, 65535, file) > 0);
    (void)fclose(file);
    return text;
}

static void the_page_has_the_same_table(void **state)
{
    char *page = read_page();
    struct help_row row;
    char line[256];

    (void)state;
    for (size_t i = 0; help_row(i, &row); i++) {
        (void)snprintf(line, sizeof(line), "\n| %s | %s |\n", row.keys, row.text);
        if (strstr(page, line) == NULL)
            fail_msg("docs/window.md has no row '| %s | %s |'", row.keys, row.text);
    }
    free(page);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_command_has_a_key),
        cmocka_unit_test(keys_with_alt_are_somebody_else_s),
        cmocka_unit_test(every_button_says_what_it_does),
        cmocka_unit_test(the_page_has_the_same_table),
    };

    return cmocka_run_group_tests_name("window keys", tests, NULL, NULL);
}
