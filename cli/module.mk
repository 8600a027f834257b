# The command language (rows, matcher, printing) and the sessions in front of it.
# SPDX-License-Identifier: GPL-3.0-or-later

# The engine: from a line to the configuration and back to text.
SRC  += $(addprefix $(D)/,bind.cc blocks.cc bodies.cc check.cc collect.cc commit.cc config_text.cc engine.cc help.cc)
SRC  += $(addprefix $(D)/,matcher.cc passwords_walk.cc ranges.cc records.cc register.cc swap.cc texts.cc value_names.cc values.cc words.cc)
TEST += $(addprefix $(D)/,collect_test.cc engine_test.cc engine_test_tables.cc swap_test.cc)

# Between a terminal and the engine.
SRC  += $(addprefix $(D)/,cells.cc error_text.cc filter.cc help_view.cc history.cc line_editor.cc line_reader.cc line_view.cc)
SRC  += $(addprefix $(D)/,login.cc modifier.cc pager.cc prompt.cc screen.cc)
SRC  += $(addprefix $(D)/,builtin.cc feed.cc session.cc session_ask.cc session_open.cc session_run.cc show_running.cc)
TEST += $(addprefix $(D)/,cells_test.cc filter_test.cc history_test.cc line_editor_test.cc modifier_test.cc pager_test.cc)
TEST += $(addprefix $(D)/,help_view_test.cc prompt_test.cc session_test_bench.cc session_test.cc session_keys_test.cc feed_test.cc)
