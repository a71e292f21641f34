import Glibc
if CommandLine.arguments.contains("writes") { try Writes.run(); exit(0) }
try Lists.run()
