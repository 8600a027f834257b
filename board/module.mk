MAIN += $(D)/main.cc $(D)/options.cc $(D)/router.cc
