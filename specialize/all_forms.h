// Every specialised form's meaning.
#pragma once
#include "specialize/families/attribute.h"
#include "specialize/families/binary_op.h"
#include "specialize/families/call.h"
#include "specialize/families/compare.h"
#include "specialize/families/contains.h"
#include "specialize/families/global.h"
#include "specialize/families/iterate.h"
#include "specialize/families/method.h"
#include "specialize/families/subscript.h"
#include "specialize/families/truth.h"
#include "specialize/forms.h"
