/* The text of the scenarios, built into the program: pictures quote it without the repository. */
#ifndef SCENARIOS_SCENARIO_SOURCES_H
#define SCENARIOS_SCENARIO_SOURCES_H

/* The text of a file as __FILE__ names it, e.g. "scenarios/counter_race.c"; NULL if it is none. */
const char *scenario_source(const char *file);

#endif
