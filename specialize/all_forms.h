// Every specialised form's meaning.
#pragma once
#include "specialize/families/attribute.h"
#include "specialize/families/call.h"
#include "specialize/families/global.h"
#include "specialize/families/method.h"
#include "specialize/forms.h"
