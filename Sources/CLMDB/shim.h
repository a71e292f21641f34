#pragma once
#include <lmdb.h>
// The toolchain's Glibc module lacks this header.
#include <sys/statfs.h>
