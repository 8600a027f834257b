#!/usr/bin/python3
# Turns the Kconfig choice of one board into config.h, config.mk and module_list.cc.
# SPDX-License-Identifier: GPL-3.0-or-later
"""usage: kconfig/generate.py BOARD OUT

The choice is board/BOARD/defconfig, or OUT/choice once `make menuconfig` has made one; all values: OUT/.config.
OUT/module_list.cc lists the objects of the modules that are switched on (kCapfServer of modules/capf-server, once its
capf_server.cc exists), so that what a module requires (`depends on` in its Kconfig) stands before it. A cycle is an error.
"""
import glob
import os
import re
import sys

import kconfiglib

PREFIX = "MODULE_"


def fail(text):
    sys.exit(f"kconfig: {text}")


def write(path, text):
    """Leaves an unchanged file alone, so that nothing is compiled again for it."""
    if os.path.exists(path) and open(path).read() == text:
        return
    with open(path + ".new", "w") as out:
        out.write(text)
    os.replace(path + ".new", path)


def load(board, out):
    os.environ["BOARD"] = board
    if not os.path.isdir(f"board/{board}"):
        fail(f"no board/{board}; there are: {', '.join(sorted(os.listdir('board')))}")
    try:
        kconf = kconfiglib.Kconfig("kconfig/Kconfig", warn_to_stderr=False)
    except kconfiglib.KconfigError as error:  # a syntax error, or modules that need each other
        fail(str(error).strip())
    kconf.warn_assign_undef = True
    choice = f"{out}/choice"
    kconf.load_config(choice if os.path.exists(choice) else f"board/{board}/defconfig")
    for warning in kconf.warnings:
        print(f"kconfig: {warning}", file=sys.stderr)
    return kconf


def modules(kconf):
    """folder -> folders it depends on, for the modules that are switched on."""
    needs, folder = {}, {}
    for d in sorted(os.path.dirname(path)[len("modules/"):] for path in glob.glob("modules/*/module.mk")):
        folder[PREFIX + d.upper().replace("-", "_")] = d
    for name, d in folder.items():
        if name not in kconf.syms or not kconf.syms[name].nodes:
            fail(f"modules/{d} has a module.mk but no Kconfig that declares {name} (kconfig/README.md shows one)")
        if kconf.syms[name].tri_value == 2:
            items = kconfiglib.expr_items(kconf.syms[name].direct_dep)
            needs[d] = sorted(folder[i.name] for i in items if getattr(i, "name", None) in folder)
    return needs


def ordered(needs):
    done, path = [], []

    def visit(name):
        if name in done:
            return
        if name in path:
            fail("modules need each other: " + " -> ".join(path[path.index(name):] + [name]))
        path.append(name)
        for other in needs.get(name, []):
            if other in needs:
                visit(other)
        path.pop()
        done.append(name)

    for name in sorted(needs):
        visit(name)
    return done


def object_name(folder):
    return "k" + "".join(word.capitalize() for word in folder.split("-"))


def config_mk(kconf, order):
    lines = ["# Made by kconfig/generate.py.", f"TARGET := {kconf.syms['TARGET'].str_value}", f"MODULES := {' '.join(order)}"]
    for sym in kconf.unique_defined_syms:
        if sym.config_string and not sym.config_string.startswith("#"):
            name, value = sym.config_string.strip().split("=", 1)
            lines.append(f"{name} := {value.strip(chr(34))}")
    return "\n".join(lines) + "\n"


def config_h(kconf):
    lines = ["// Made by kconfig/generate.py.", "#pragma once", ""]
    for sym in kconf.unique_defined_syms:
        match = re.match(r"(CONFIG_\w+)=(.*)", sym.config_string or "")
        if match:
            lines.append(f"#define {match[1]} {'1' if match[2] == 'y' else match[2]}")
    return "\n".join(lines) + "\n"


def module_list(order):
    names = [object_name(d) for d in order if os.path.exists(f"modules/{d}/{d.replace('-', '_')}.cc")]
    lines = ["// Made by kconfig/generate.py: the modules of this image, each after those it requires.",
             '#include "modules/module.h"', "", "namespace parley {"]
    lines += [f"extern const Module {name};" for name in names]
    lines += ["", f"const Module* const kModules[] = {{{''.join('&' + n + ', ' for n in names)}nullptr}};",
              f"const size_t kModuleCount = {len(names)};", "}  // namespace parley"]
    return "\n".join(lines) + "\n"


def main():
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    board, out = sys.argv[1:]
    os.makedirs(out, exist_ok=True)
    kconf = load(board, out)
    order = ordered(modules(kconf))
    kconf.write_config(f"{out}/.config", save_old=False)
    write(f"{out}/config.h", config_h(kconf))
    write(f"{out}/module_list.cc", module_list(order))
    write(f"{out}/config.mk", config_mk(kconf, order))
    os.utime(f"{out}/config.mk")


if __name__ == "__main__":
    main()
