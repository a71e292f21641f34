#pragma once
#include <lmdb.h>
// What the toolchain's Glibc module leaves out.
#include <sys/statfs.h>
