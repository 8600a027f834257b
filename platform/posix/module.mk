SRC  += $(addprefix $(D)/,addresses.cc alg_socket.cc clock.cc datagram.cc durable.cc echo.cc fd.cc jobs.cc links.cc net.cc netlink.cc netns.cc \
        poller.cc random.cc regex.cc store.cc store_tree.cc stream.cc system.cc terminal.cc)
TEST += $(addprefix $(D)/,jobs_test.cc links_test.cc net_test.cc store_test.cc)
