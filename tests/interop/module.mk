TEST += $(D)/tls_interop_test.cc
