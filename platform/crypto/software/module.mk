SRC  += $(D)/cipher.cc $(D)/digest.cc $(D)/key_container.cc $(D)/key_device.cc $(D)/pbe.cc $(D)/pem_key.cc $(D)/public_key.cc $(D)/software_engine.cc $(D)/wolf.cc
