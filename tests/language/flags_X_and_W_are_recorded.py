# flags: -X krait-test=1 -X flag -W ignore -B -b -u
# -X options land in sys._xoptions, -W in sys.warnoptions, and -B -b -u in sys.flags.

import sys

print(
    sys._xoptions.get("krait-test"), sys._xoptions.get("flag"), sys.warnoptions, sys.flags.dont_write_bytecode,
    sys.flags.bytes_warning, sys.dont_write_bytecode
)
