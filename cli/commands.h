/* Commands: one function each, given the arguments after the command's name. */
#ifndef CLI_COMMANDS_H
#define CLI_COMMANDS_H

/* Each returns an exit status (enum cli_status). */
int command_list(int argc, char **argv);
int command_run(int argc, char **argv);
int command_explore(int argc, char **argv);
int command_merge(int argc, char **argv);
int command_replay(int argc, char **argv);
int command_render(int argc, char **argv);
int command_show(int argc, char **argv);
int command_explain(int argc, char **argv);
int command_diff(int argc, char **argv);
int command_annotate(int argc, char **argv);
int command_help(int argc, char **argv);

#endif
