try Growth.run(isLong: CommandLine.arguments.contains("--large"))
