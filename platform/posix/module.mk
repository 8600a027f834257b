SRC  += $(addprefix $(D)/,clock.cc datagram.cc durable.cc fd.cc jobs.cc net.cc poller.cc random.cc regex.cc store.cc \
        store_tree.cc stream.cc terminal.cc)
TEST += $(D)/jobs_test.cc $(D)/net_test.cc $(D)/store_test.cc
