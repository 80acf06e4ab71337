// Every base instruction's meaning.
#pragma once
#include "vm/handlers/arithmetic.h"
#include "vm/handlers/calls.h"
#include "vm/handlers/containers.h"
#include "vm/handlers/control.h"
#include "vm/handlers/names.h"
#include "vm/handlers/stack.h"
