#pragma once
#include <qrcodegen/qrcodegen.h>

/// The bytes of the largest code. Swift does not import the macro.
static const size_t dashboard_qrcode_capacity = qrcodegen_BUFFER_LEN_MAX;
