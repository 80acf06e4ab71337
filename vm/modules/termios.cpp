// The module termios: settings of terminals.
#include <termios.h>

#include <pty.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <cstring>

#include "vm/builtins/list.h"
#include "vm/builtins/type_internal.h"
#include "vm/modules/native_arguments.h"
#include "vm/modules/registry.h"

namespace krait {
namespace {

Type* termiosError = nullptr;

KRAIT_COLD Raised raiseTerminal(Thread& thread) {
  int error = errno;
  Value text = TRY(makeStrValue(thread, std::strerror(error)));
  return raiseInstance(thread, TRY(call(thread, Value::of(termiosError), Value::inlineInt(error), text)));
}
Fallible<Value> noneOrTerminal(Thread& thread, int result) {
  if (result != 0) return raiseTerminal(thread);
  return Value::none();
}

Fallible<Value> termiosTcgetattr(Thread& thread, Value fd) {
  int descriptor = TRY(descriptorArgument(thread, fd));
  struct termios mode;
  if (withoutLock(thread, [&] { return tcgetattr(descriptor, &mode); }) != 0) return raiseTerminal(thread);
  List* characters = TRY(makeListWithCapacity(thread, NCCS));
  for (unsigned i = 0; i < NCCS; i++) {
    bool isNumber = (mode.c_lflag & ICANON) == 0 && (i == VMIN || i == VTIME);
    char byte = static_cast<char>(mode.c_cc[i]);
    Value item = isNumber ? Value::inlineInt(mode.c_cc[i]) : TRY(makeBytesValue(thread, {&byte, 1}));
    TRY(listAppend(thread, characters, item));
  }
  Value items[] = {
      Value::inlineInt(mode.c_iflag), Value::inlineInt(mode.c_oflag),       Value::inlineInt(mode.c_cflag),
      Value::inlineInt(mode.c_lflag), Value::inlineInt(cfgetispeed(&mode)), Value::inlineInt(cfgetospeed(&mode)),
      Value::of(characters)};
  return Value::of(TRY(makeList(thread, items)));
}

Fallible<Value> termiosTcsetattr(Thread& thread, Value fd, Value when, Value attributes) {
  int descriptor = TRY(descriptorArgument(thread, fd)), moment = TRY(intArgument(thread, when));
  List* list = toList(attributes);
  if (list == nullptr || list->length != 7) {
    return raise(thread, exceptions.TypeError, "tcsetattr, arg 3: must be 7 element list");
  }
  struct termios mode;
  if (withoutLock(thread, [&] { return tcgetattr(descriptor, &mode); }) != 0) return raiseTerminal(thread);
  int64_t numbers[6];
  for (uint64_t i = 0; i < 6; i++) {
    if (i >= list->length) return raise(thread, exceptions.IndexError, "list index out of range");
    numbers[i] = TRY(longArgument(thread, list->storage->slots[i]));
  }
  List* characters = list->length == 7 ? toList(list->storage->slots[6]) : nullptr;
  if (characters == nullptr || characters->length != NCCS) {
    return raiseTypeError(thread, "tcsetattr: attributes[6] must be {} element list", NCCS);
  }
  mode.c_iflag = static_cast<tcflag_t>(numbers[0]);
  mode.c_oflag = static_cast<tcflag_t>(numbers[1]);
  mode.c_cflag = static_cast<tcflag_t>(numbers[2]);
  mode.c_lflag = static_cast<tcflag_t>(numbers[3]);
  for (uint64_t i = 0; i < NCCS; i++) {
    Value item = i < characters->length ? characters->storage->slots[i] : Value::none();
    if (Bytes* byte = toBytes(item); byte != nullptr && byte->length == 1) {
      mode.c_cc[i] = byte->data[0];
    } else if (isInt(item)) {
      mode.c_cc[i] = static_cast<cc_t>(TRY(longArgument(thread, item)));
    } else {
      return raise(thread, exceptions.TypeError, "tcsetattr: elements of attributes must be characters or integers");
    }
  }
  if (cfsetispeed(&mode, static_cast<speed_t>(numbers[4])) != 0) return raiseTerminal(thread);
  if (cfsetospeed(&mode, static_cast<speed_t>(numbers[5])) != 0) return raiseTerminal(thread);
  return noneOrTerminal(thread, withoutLock(thread, [&] { return tcsetattr(descriptor, moment, &mode); }));
}

template <int (*f)(int, int)>
Fallible<Value> terminalCall(Thread& thread, Value fd, Value argument) {
  int descriptor = TRY(descriptorArgument(thread, fd)), what = TRY(intArgument(thread, argument));
  return noneOrTerminal(thread, withoutLock(thread, [&] { return f(descriptor, what); }));
}
Fallible<Value> termiosTcdrain(Thread& thread, Value fd) {
  int descriptor = TRY(descriptorArgument(thread, fd));
  return noneOrTerminal(thread, withoutLock(thread, [&] { return tcdrain(descriptor); }));
}

Fallible<Value> termiosTcgetwinsize(Thread& thread, Value fd) {
  int descriptor = TRY(descriptorArgument(thread, fd));
  winsize size;
  if (withoutLock(thread, [&] { return ioctl(descriptor, TIOCGWINSZ, &size); }) != 0) return raiseTerminal(thread);
  return Value::of(TRY(makeTuple(thread, {Value::inlineInt(size.ws_row), Value::inlineInt(size.ws_col)})));
}
Fallible<Value> termiosTcsetwinsize(Thread& thread, Value fd, Value given) {
  static constexpr const char* kWrong = "tcsetwinsize, arg 2: must be a two-item sequence";
  int descriptor = TRY(descriptorArgument(thread, fd));
  if (specialMethod(given, Special::k__getitem__).isUnbound() || isKind(given, Kind::kDict)) {
    return raise(thread, exceptions.TypeError, kWrong);
  }
  Tuple* pair = TRY(tupleFromIterable(thread, given));
  if (pair->length != 2) return raise(thread, exceptions.TypeError, kWrong);
  int64_t rows = TRY(longArgument(thread, pair->items[0])), columns = TRY(longArgument(thread, pair->items[1]));
  winsize size;
  if (withoutLock(thread, [&] { return ioctl(descriptor, TIOCGWINSZ, &size); }) != 0) return raiseTerminal(thread);
  size.ws_row = static_cast<unsigned short>(rows);
  size.ws_col = static_cast<unsigned short>(columns);
  if (size.ws_row != rows || size.ws_col != columns) {
    return raise(thread, exceptions.OverflowError, "winsize value(s) out of range.");
  }
  return noneOrTerminal(thread, withoutLock(thread, [&] { return ioctl(descriptor, TIOCSWINSZ, &size); }));
}

constexpr NamedNumber kNumbers[] = {
    {"B0", B0},
    {"B1000000", B1000000},
    {"B110", B110},
    {"B115200", B115200},
    {"B1152000", B1152000},
    {"B1200", B1200},
    {"B134", B134},
    {"B150", B150},
    {"B1500000", B1500000},
    {"B1800", B1800},
    {"B19200", B19200},
    {"B200", B200},
    {"B2000000", B2000000},
    {"B230400", B230400},
    {"B2400", B2400},
    {"B2500000", B2500000},
    {"B300", B300},
    {"B3000000", B3000000},
    {"B3500000", B3500000},
    {"B38400", B38400},
    {"B4000000", B4000000},
    {"B460800", B460800},
    {"B4800", B4800},
    {"B50", B50},
    {"B500000", B500000},
    {"B57600", B57600},
    {"B576000", B576000},
    {"B600", B600},
    {"B75", B75},
    {"B921600", B921600},
    {"B9600", B9600},
    {"BRKINT", BRKINT},
    {"BS0", BS0},
    {"BS1", BS1},
    {"BSDLY", BSDLY},
    {"CBAUD", CBAUD},
    {"CBAUDEX", CBAUDEX},
    {"CDSUSP", CDSUSP},
    {"CEOF", CEOF},
    {"CEOL", CEOL},
    {"CEOT", CEOT},
    {"CERASE", CERASE},
    {"CFLUSH", CFLUSH},
    {"CIBAUD", CIBAUD},
    {"CINTR", CINTR},
    {"CKILL", CKILL},
    {"CLNEXT", CLNEXT},
    {"CLOCAL", CLOCAL},
    {"CQUIT", CQUIT},
    {"CR0", CR0},
    {"CR1", CR1},
    {"CR2", CR2},
    {"CR3", CR3},
    {"CRDLY", CRDLY},
    {"CREAD", CREAD},
    {"CRPRNT", CRPRNT},
    {"CRTSCTS", CRTSCTS},
    {"CS5", CS5},
    {"CS6", CS6},
    {"CS7", CS7},
    {"CS8", CS8},
    {"CSIZE", CSIZE},
    {"CSTART", CSTART},
    {"CSTOP", CSTOP},
    {"CSTOPB", CSTOPB},
    {"CSUSP", CSUSP},
    {"CWERASE", CWERASE},
    {"ECHO", ECHO},
    {"ECHOCTL", ECHOCTL},
    {"ECHOE", ECHOE},
    {"ECHOK", ECHOK},
    {"ECHOKE", ECHOKE},
    {"ECHONL", ECHONL},
    {"ECHOPRT", ECHOPRT},
    {"EXTA", EXTA},
    {"EXTB", EXTB},
    {"FF0", FF0},
    {"FF1", FF1},
    {"FFDLY", FFDLY},
    {"FIOASYNC", FIOASYNC},
    {"FIOCLEX", FIOCLEX},
    {"FIONBIO", FIONBIO},
    {"FIONCLEX", FIONCLEX},
    {"FIONREAD", FIONREAD},
    {"FLUSHO", FLUSHO},
    {"HUPCL", HUPCL},
    {"ICANON", ICANON},
    {"ICRNL", ICRNL},
    {"IEXTEN", IEXTEN},
    {"IGNBRK", IGNBRK},
    {"IGNCR", IGNCR},
    {"IGNPAR", IGNPAR},
    {"IMAXBEL", IMAXBEL},
    {"INLCR", INLCR},
    {"INPCK", INPCK},
    {"IOCSIZE_MASK", IOCSIZE_MASK},
    {"IOCSIZE_SHIFT", IOCSIZE_SHIFT},
    {"ISIG", ISIG},
    {"ISTRIP", ISTRIP},
    {"IUCLC", IUCLC},
    {"IXANY", IXANY},
    {"IXOFF", IXOFF},
    {"IXON", IXON},
    {"NCC", NCC},
    {"NCCS", NCCS},
    {"NL0", NL0},
    {"NL1", NL1},
    {"NLDLY", NLDLY},
    {"NOFLSH", NOFLSH},
    {"N_MOUSE", N_MOUSE},
    {"N_PPP", N_PPP},
    {"N_SLIP", N_SLIP},
    {"N_STRIP", N_STRIP},
    {"N_TTY", N_TTY},
    {"OCRNL", OCRNL},
    {"OFDEL", OFDEL},
    {"OFILL", OFILL},
    {"OLCUC", OLCUC},
    {"ONLCR", ONLCR},
    {"ONLRET", ONLRET},
    {"ONOCR", ONOCR},
    {"OPOST", OPOST},
    {"PARENB", PARENB},
    {"PARMRK", PARMRK},
    {"PARODD", PARODD},
    {"PENDIN", PENDIN},
    {"TAB0", TAB0},
    {"TAB1", TAB1},
    {"TAB2", TAB2},
    {"TAB3", TAB3},
    {"TABDLY", TABDLY},
    {"TCFLSH", TCFLSH},
    {"TCGETA", TCGETA},
    {"TCGETS", TCGETS},
    {"TCIFLUSH", TCIFLUSH},
    {"TCIOFF", TCIOFF},
    {"TCIOFLUSH", TCIOFLUSH},
    {"TCION", TCION},
    {"TCOFLUSH", TCOFLUSH},
    {"TCOOFF", TCOOFF},
    {"TCOON", TCOON},
    {"TCSADRAIN", TCSADRAIN},
    {"TCSAFLUSH", TCSAFLUSH},
    {"TCSANOW", TCSANOW},
    {"TCSBRK", TCSBRK},
    {"TCSBRKP", TCSBRKP},
    {"TCSETA", TCSETA},
    {"TCSETAF", TCSETAF},
    {"TCSETAW", TCSETAW},
    {"TCSETS", TCSETS},
    {"TCSETSF", TCSETSF},
    {"TCSETSW", TCSETSW},
    {"TCXONC", TCXONC},
    {"TIOCCONS", TIOCCONS},
    {"TIOCEXCL", TIOCEXCL},
    {"TIOCGETD", TIOCGETD},
    {"TIOCGICOUNT", TIOCGICOUNT},
    {"TIOCGLCKTRMIOS", TIOCGLCKTRMIOS},
    {"TIOCGPGRP", TIOCGPGRP},
    {"TIOCGSERIAL", TIOCGSERIAL},
    {"TIOCGSOFTCAR", TIOCGSOFTCAR},
    {"TIOCGWINSZ", TIOCGWINSZ},
    {"TIOCINQ", TIOCINQ},
    {"TIOCLINUX", TIOCLINUX},
    {"TIOCMBIC", TIOCMBIC},
    {"TIOCMBIS", TIOCMBIS},
    {"TIOCMGET", TIOCMGET},
    {"TIOCMIWAIT", TIOCMIWAIT},
    {"TIOCMSET", TIOCMSET},
    {"TIOCM_CAR", TIOCM_CAR},
    {"TIOCM_CD", TIOCM_CD},
    {"TIOCM_CTS", TIOCM_CTS},
    {"TIOCM_DSR", TIOCM_DSR},
    {"TIOCM_DTR", TIOCM_DTR},
    {"TIOCM_LE", TIOCM_LE},
    {"TIOCM_RI", TIOCM_RI},
    {"TIOCM_RNG", TIOCM_RNG},
    {"TIOCM_RTS", TIOCM_RTS},
    {"TIOCM_SR", TIOCM_SR},
    {"TIOCM_ST", TIOCM_ST},
    {"TIOCNOTTY", TIOCNOTTY},
    {"TIOCNXCL", TIOCNXCL},
    {"TIOCOUTQ", TIOCOUTQ},
    {"TIOCPKT", TIOCPKT},
    {"TIOCPKT_DATA", TIOCPKT_DATA},
    {"TIOCPKT_DOSTOP", TIOCPKT_DOSTOP},
    {"TIOCPKT_FLUSHREAD", TIOCPKT_FLUSHREAD},
    {"TIOCPKT_FLUSHWRITE", TIOCPKT_FLUSHWRITE},
    {"TIOCPKT_NOSTOP", TIOCPKT_NOSTOP},
    {"TIOCPKT_START", TIOCPKT_START},
    {"TIOCPKT_STOP", TIOCPKT_STOP},
    {"TIOCSCTTY", TIOCSCTTY},
    {"TIOCSERCONFIG", TIOCSERCONFIG},
    {"TIOCSERGETLSR", TIOCSERGETLSR},
    {"TIOCSERGETMULTI", TIOCSERGETMULTI},
    {"TIOCSERGSTRUCT", TIOCSERGSTRUCT},
    {"TIOCSERGWILD", TIOCSERGWILD},
    {"TIOCSERSETMULTI", TIOCSERSETMULTI},
    {"TIOCSERSWILD", TIOCSERSWILD},
    {"TIOCSER_TEMT", TIOCSER_TEMT},
    {"TIOCSETD", TIOCSETD},
    {"TIOCSLCKTRMIOS", TIOCSLCKTRMIOS},
    {"TIOCSPGRP", TIOCSPGRP},
    {"TIOCSSERIAL", TIOCSSERIAL},
    {"TIOCSSOFTCAR", TIOCSSOFTCAR},
    {"TIOCSTI", TIOCSTI},
    {"TIOCSWINSZ", TIOCSWINSZ},
    {"TOSTOP", TOSTOP},
    {"VDISCARD", VDISCARD},
    {"VEOF", VEOF},
    {"VEOL", VEOL},
    {"VEOL2", VEOL2},
    {"VERASE", VERASE},
    {"VINTR", VINTR},
    {"VKILL", VKILL},
    {"VLNEXT", VLNEXT},
    {"VMIN", VMIN},
    {"VQUIT", VQUIT},
    {"VREPRINT", VREPRINT},
    {"VSTART", VSTART},
    {"VSTOP", VSTOP},
    {"VSUSP", VSUSP},
    {"VSWTC", VSWTC},
    {"VSWTCH", VSWTC},
    {"VT0", VT0},
    {"VT1", VT1},
    {"VTDLY", VTDLY},
    {"VTIME", VTIME},
    {"VWERASE", VWERASE},
    {"XCASE", XCASE},
    {"XTABS", XTABS},
};

}  // namespace

Module* moduleTermios(Thread& thread) {
  termiosError = makeExceptionClass(thread, "termios", "error", exceptions.Exception);
  ModuleBuilder builder(thread, "termios", "The settings of terminals.");
  addNumbers(thread, builder, kNumbers);
  return builder.constant("error", Value::of(termiosError))
      .function("tcgetattr", termiosTcgetattr)
      .function("tcsetattr", termiosTcsetattr)
      .function("tcsendbreak", terminalCall<tcsendbreak>)
      .function("tcdrain", termiosTcdrain)
      .function("tcflush", terminalCall<tcflush>)
      .function("tcflow", terminalCall<tcflow>)
      .function("tcgetwinsize", termiosTcgetwinsize)
      .function("tcsetwinsize", termiosTcsetwinsize)
      .build();
}

}  // namespace krait
