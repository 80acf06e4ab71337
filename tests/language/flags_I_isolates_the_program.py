# flags: -I -S
# -I ignores the environment and the script's folder; -S leaves out site.

import sys

print(
    sys.flags.isolated, sys.flags.ignore_environment, sys.flags.no_user_site, sys.flags.no_site, sys.flags.safe_path,
    __file__.rpartition("/")[0] in sys.path, "site" in sys.modules
)
try:
    import support
except ModuleNotFoundError as error:
    print(error)
try:
    exit
except NameError as error:
    print(error)
