/* CI: what continuous integration reads of runs: test reports, and marks on lines of source. */
#ifndef CLI_CI_H
#define CLI_CI_H

#include <stdio.h>

#include "cli/options.h"
#include "sim/trace/trace.h"

/* What became of one run or search; everything is borrowed. */
struct ci_case {
    const char *command; /* "run", "explore", ... */
    const char *name;    /* of the scenario or test */
    /* The run that shows the findings, or that has none; NULL: there is none to show. */
    const struct trace *trace;
    const char *verdict;  /* of a search, in words; NULL: there is none */
    bool inconclusive;    /* nothing was found, and that proves nothing */
    const char *files[3]; /* that were written: pictures, the trace; NULL: none */
};

/* A test report: one suite, a test each, a failure for each that has a finding.
 *
 * As: the XML of JUnit as GitLab and Jenkins read it, with attachments as [[ATTACHMENT|file]] */
void ci_junit(const struct ci_case *cases, size_t count, FILE *out);

/* A line for each finding, which GitHub Actions shows beside the line of source.
 *
 * As: workflow commands of GitHub Actions, ::error file=...,line=... */
void ci_github(const struct ci_case *cases, size_t count, FILE *out);

/* A list of findings with their places; those without one are left out.
 *
 * As: the JSON of GitLab's Code Quality reports */
void ci_gitlab(const struct ci_case *cases, size_t count, FILE *out);

/* Write to standard output, or to the files, what --annotate, --junit and --code-quality ask for.
 * Returns false after a message on standard error. */
bool ci_write(const struct cli_options *options, const struct ci_case *cases, size_t count);

#endif
